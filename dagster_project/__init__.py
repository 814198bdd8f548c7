"""Wiring only: Dagster's nouns around steps that work without it.

One file a noun; `definitions.py` assembles them and `cli.py` speaks with a person. What a step does stands in
`ingest`, `dbt` and `reports`.
"""
