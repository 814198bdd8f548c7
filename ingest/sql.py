"""SQL text and tables that every room needs: quoted literals, `case` expressions, tables with comments.

Nothing here knows a dataset or a rule. The functions return SQL text, except `create_table`, which creates or widens
a table.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

Columns = dict[str, tuple[str, str]]
"""Column name -> (SQL type, comment)."""


def quote_literal(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def map_values(expression: str, mapping: dict[str, str] | dict[str, int] | dict[int, str]) -> str:
    """SQL for the value that `mapping` gives to `expression`; null for what it doesn't list."""
    if not mapping:
        return "null"
    whens = " ".join(f"when {_write(key)} then {_write(value)}" for key, value in mapping.items())
    return f"case {expression} {whens} end"


def create_table(connection: DuckDBPyConnection, table: str, comment: str, columns: Columns) -> None:
    """Create `table` (schema.name) with comments, or add the columns that an older release's table lacks."""
    schema, name = table.split(".")
    query = "select column_name from duckdb_columns() where schema_name = $1 and table_name = $2"
    existing = {row[0] for row in connection.execute(query, [schema, name]).fetchall()}
    if not existing:
        connection.execute(f"create table {table} ({', '.join(f'{n} {kind}' for n, (kind, _) in columns.items())})")
        connection.execute(f"comment on table {table} is {quote_literal(comment)}")
    for column, (kind, about) in columns.items():
        if column in existing:
            continue
        if existing:
            connection.execute(f"alter table {table} add column {column} {kind}")
        connection.execute(f"comment on column {table}.{column} is {quote_literal(about)}")


def _write(value: str | int) -> str:
    return quote_literal(value) if isinstance(value, str) else str(value)
