"""The tables `changes.<dataset>`: rows of `raw` that became current, or stopped being current, since models were built.

dbt's delta reads them to find the keys and days that it must count again. This module alone writes them: removing files
and settling versions call it, and whoever has built the models calls `clear_changes`. A row has the columns of
`raw.<dataset>`, and `_state` is 'came' or 'went'.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from ingest.mapping.load import load_contracts
from ingest.rows.raw_tables import list_raw_columns
from ingest.sql import create_table


def create_changes(connection: DuckDBPyConnection) -> None:
    """Create `changes.<dataset>` for every contract, or add the columns that it lacks."""
    connection.execute("create schema if not exists changes")
    for contract in load_contracts().values():
        columns = list_raw_columns(contract)
        columns["_state"] = ("varchar", "变动 · came: became current; went: stopped being current")
        comment = f"{contract.title}变动 · rows that became current or stopped being so since the models were built"
        create_table(connection, f"changes.{contract.dataset}", comment, columns)


def record_removed(connection: DuckDBPyConnection, dataset: str, removed: str) -> None:
    """Record the current rows of `raw.<dataset>` that satisfy the SQL condition `removed`, before they are deleted."""
    connection.execute(f"""
        insert into changes.{dataset} by name
        select * replace ('went' as _state) from raw.{dataset} where {removed} and _state = 'loaded'
    """)


def select_removed_keys(dataset: str) -> str:
    """SQL for the `_key_hash` of each row that stopped being current: another version of its key may be current now."""
    return f"select _key_hash from changes.{dataset} where _state = 'went'"


def record_versions(connection: DuckDBPyConnection, dataset: str, versions: str) -> None:
    """Record the rows of the relation `versions` that became current or stopped being so.

    `versions` has one row for each row of `raw.<dataset>` whose state changes: row_id, file_id, was, state.
    """
    # The condition on _file_id lets DuckDB skip the row groups of all other files.
    connection.execute(f"""
        insert into changes.{dataset} by name
        select rows.* replace (case versions.state when 'loaded' then 'came' else 'went' end as _state)
        from raw.{dataset} as rows inner join {versions} as versions on rows.rowid = versions.row_id
        where 'loaded' in (versions.state, versions.was) and rows._file_id in (select file_id from {versions})
    """)
    _net_out(connection, dataset)


def _net_out(connection: DuckDBPyConnection, dataset: str) -> None:
    """Delete entries that cancel: a row that went and came again with the same content is no change.

    A file that is delivered again with more rows removes and adds all of its earlier rows.
    """
    connection.execute(f"""
        delete from changes.{dataset} where _row_hash in (
            select _row_hash from changes.{dataset} group by 1
            having count(*) filter (_state = 'came') = count(*) filter (_state = 'went')
        )
    """)


def discard_changes(connection: DuckDBPyConnection, dataset: str) -> None:
    """Stop recording changes of `dataset` for this build, because most of its rows are new.

    Recording them would cost more than building all models again, so this also drops `quality.built`: without it the
    models know that they must be built in full.
    """
    connection.execute(f"delete from changes.{dataset}; drop table if exists quality.built")


def clear_changes(connection: DuckDBPyConnection) -> None:
    """Empty all tables of changes that exist; call it once the models hold what they record."""
    tables = "select table_name from duckdb_tables() where schema_name = 'changes' order by 1"
    for (dataset,) in connection.execute(tables).fetchall():
        connection.execute(f"delete from changes.{dataset}")
