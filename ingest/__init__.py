"""From a folder of exports to typed, trusted rows in DuckDB.

One module holds one verb, and a run takes them in order: claim, decode, compare, conform, quarantine, load, ledger.
Nothing here knows Dagster, dbt or a bulletin. It hands on the schemas `raw`, `quality` and `reference` of a
DuckDB file.
"""
