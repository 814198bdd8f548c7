"""What Spark built, in the candidate: small tables are copied, tables that grow with the cases stay in the lake.

It takes nodes of dbt's manifest and the folder of a build. Incremental models grow with the cases: the candidate gets
views that read their Parquet, so a warehouse names the build that belongs to it, and the rename that publishes the one
publishes the other. All other tables are copied. dbt's own views are left to dbt, which builds them in DuckDB.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from ingest.sql import quote_literal


def take_back(connection: duckdb.DuckDBPyConnection, models: Iterable[Any], build: Path) -> None:
    """Make the relations of `models` (nodes of dbt's manifest) in the candidate, with their comments."""
    for node in models:
        kind = {"table": "table", "incremental": "view"}.get(node.config.materialized)
        if kind is None or node.schema == "delta":
            continue
        relation = f"{node.schema}.{node.alias}"
        connection.execute(f"create schema if not exists {node.schema}")
        _drop(connection, node.schema, node.alias)
        rows = f"read_parquet({quote_literal(str(build / f'{node.schema}.db' / node.alias / '*.parquet'))})"
        order = " order by all" if kind == "table" else ""  # Spark's order changes from build to build
        selected = _select(connection, node, rows)
        connection.execute(f"create {kind} {relation} as select {selected} from {rows}{order}")
        connection.execute(f"comment on {kind} {relation} is {quote_literal(node.description)}")
        for column in node.columns.values():
            if column.description:
                comment = quote_literal(column.description)
                connection.execute(f"comment on column {relation}.{column.name} is {comment}")


def _drop(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> None:
    query = "select table_type from information_schema.tables where table_schema = $1 and table_name = $2"
    for (kind,) in connection.execute(query, [schema, name]).fetchall():
        connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {schema}.{name}")


def _select(connection: duckdb.DuckDBPyConnection, node: Any, rows: str) -> str:
    """The columns of `rows`, with the types of the model's contract."""
    names = [column[0] for column in connection.execute(f"select * from {rows} limit 0").description]
    types = {column.name: column.data_type for column in node.columns.values() if column.data_type}
    return ", ".join(f"cast({name} as {types[name]}) as {name}" if name in types else name for name in names)
