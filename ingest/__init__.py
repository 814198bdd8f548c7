"""From a folder of exports to typed, trusted rows in DuckDB.

`run.py` calls the rooms in order: `mapping` says what an export holds, `landing` picks the files, `reading` decodes
them, `rows` loads and judges their records, `ledger` remembers the files. `drafting` and `sample` help before a first
run. Nothing here knows Dagster, dbt or a bulletin. The result is the schemas `raw`, `changes`, `quality` and
`reference` of a DuckDB file.
"""
