"""The checks that decide, beside dbt's tests, whether a candidate is good enough to publish.

`ingest_checks.py` checks the ledger with SQL. The suites of `suites/`, read by `suite.py`, say what facts and figures
must look like; `plausibility.py` computes and words them, `expectations_worker.py` is the process in which
great-expectations judges, and `record.py` keeps findings in the warehouse. These modules hold no Dagster:
`dagster_project/checks.py` turns their results into asset checks. `warehouse/may_publish.py` reads all results and
decides about publication.
"""
