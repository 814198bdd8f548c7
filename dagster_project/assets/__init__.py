"""Dagster's assets by stage, in the order of the data: exports, ingest, models, worklists, publication, bulletin.

Each file calls one stage and reports its result to Dagster. The steps themselves are in `ingest`, `dbt`, `reports` and
`warehouse/`, the checks of the gate in `dagster_project/checks.py`.
"""
