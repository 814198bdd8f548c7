"""The gate: what must be true of files, facts and figures before they are published, apart from dbt's tests.

`ingest_checks.py` asks the ledger, `plausibility.py` the marts; `judge.py` is the process in which great-expectations
judges. No Dagster in here: `dagster_project/checks.py` turns the results into asset checks.
"""
