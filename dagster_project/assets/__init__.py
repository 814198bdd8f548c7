"""Assets by stage, in the order of the data: exports, ingest, models, bulletin.

Each file wires one stage; checks of the gate stand in `dagster_project/checks.py`. Together they are the
lineage graph.
"""
