"""The warehouse's files and their states: lock, candidate, dbt's part, publication, findings.

No Dagster in here. Every module takes paths or a DuckDB connection, so each step can be called and tested without a
run. In order: `lock`, `candidate`, `fingerprint`, `build_plan`, `dbt_project`, `may_publish`, `due_bulletins`,
`published_file`, `replacement`, `moves`, `publication`.
"""
