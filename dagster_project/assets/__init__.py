"""Assets by stage, in the order of the data: exports, ingest, models, worklists, publication, bulletin.

Each file wires one stage; what a step does lies in `ingest`, `dbt`, `reports` and `warehouse/`. Checks of the gate are
in `dagster_project/checks.py`.
"""
