"""The checks that decide, beside dbt's tests, whether a candidate is good enough to publish.

`ingest_checks.py` checks the ledger with SQL, `plausibility.py` checks facts and figures, and `expectations_worker.py`
is the process in which great-expectations evaluates them. These modules hold no Dagster: `dagster_project/checks.py`
turns their results into asset checks. `warehouse/may_publish.py` reads all results and decides about publication.
"""
