"""From a folder of exports to typed, trusted rows in DuckDB.

One module holds one verb; `run` takes them in order: claim, pick, decode, compare, conform, load, quarantine, settle.
Nothing here knows Dagster, dbt or a bulletin. It hands on the schemas `raw`, `quality` and `reference` of a
DuckDB file.
"""
