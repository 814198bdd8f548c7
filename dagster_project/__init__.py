"""The wiring: Dagster's assets, checks, jobs and resources around steps that work without it.

Each file is one of Dagster's nouns; `definitions.py` assembles them. `warehouse/` and `gate/` hold no Dagster, and
`cli/` is the command `tongbao`. What a step does belongs in `ingest`, `dbt` and `reports`.
"""
