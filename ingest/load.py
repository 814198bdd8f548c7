"""Conformed rows into `raw`, and which version of a row stands.

Rows are never judged here. It hands on `raw.<dataset>`, where `_state` says of each row whether it is loaded,
superseded or a duplicate.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from ingest.conform import Batch, sql_type
from ingest.contract import Contract, load_contracts
from ingest.ledger import create_table
from ingest.quarantine import record_expression
from ingest.sql import literal

_BOOKKEEPING = {
    "_file_id": ("integer", "文件序号 · file in quality.files"),
    "_record": ("bigint", "记录序号 · ordinal of the record in its file"),
    "_exported_on": ("date", "导出日期 · last day that the file covers"),
    "_row_hash": ("ubigint", "行指纹 · hash of the row's values"),
    "_state": ("varchar", "状态 · loaded (the version that stands), superseded or duplicate"),
    "_derived": ("varchar", "推导列 · columns that the mapping derived"),
}


def create(connection: DuckDBPyConnection) -> None:
    """Make `raw.<dataset>` for every contract that has none yet."""
    for contract in load_contracts().values():
        columns = {
            name: (sql_type(column), f"{column.header} · {name.replace('_', ' ')}")
            for name, column in contract.stored.items()
        }
        about = f"{contract.title} · {contract.grain}"
        create_table(connection, f"raw.{contract.dataset}", about, columns | _BOOKKEEPING)


def remove(connection: DuckDBPyConnection, paths: list[str]) -> None:
    """Take the rows of the files at `paths` out of `raw` and quarantine; `settle` settles their keys anew.

    Their entries stay as replaced until `ledger.forget_read_again`.
    """
    connection.execute(
        "create or replace temp table leaving as select file_id, dataset from quality.files "
        "where verdict = 'loaded' and path in (select unnest($1))",
        [paths],
    )
    for (dataset,) in connection.execute("select distinct dataset from leaving order by dataset").fetchall():
        among = f"_file_id in (select file_id from leaving where dataset = '{dataset}')"
        connection.execute(f"""
            insert into touched
            select distinct '{dataset}', {_key_hash(load_contracts()[dataset])} from raw.{dataset} where {among};
            delete from raw.{dataset} where {among};
        """)
    connection.execute("""
        delete from quality.quarantine where file_id in (select file_id from leaving);
        update quality.files set verdict = 'replaced', rows_loaded = 0, rows_superseded = 0, rows_duplicate = 0,
            rows_read = 0, rows_quarantined = 0, reason = 'a newer file lies at the same path'
        where file_id in (select file_id from leaving);
    """)


def load(connection: DuckDBPyConnection, batch: Batch, taken: list[str]) -> None:
    """Append the conforming rows of the files whose decoded paths are in `taken`."""
    stored = ", ".join(batch.contract.stored)
    dates = {str(f.path): f.claim.covers_until for f in batch.files}
    whens = " ".join(f"when {literal(path)} then date '{day}'" for path, day in dates.items() if day)
    exported = f"case _path {whens} end" if whens else "null::date"
    connection.execute(f"""
        insert into raw.{batch.contract.dataset}
        select {stored}, placed.file_id, {record_expression()}, {exported}, hash({stored}), 'loaded', _derived
        from (select *, rowid as row_id from conformed where _broken is null) as conformed
        inner join placed using (_path)
        where {" or ".join(f"_path = {literal(path)}" for path in taken)}
    """)


def settle(connection: DuckDBPyConnection, contract: Contract, new_from: int) -> None:
    """Decide which version of each key stands, for keys in files from `new_from` on and keys in `touched`.

    The newest stands, by the contract's `version_by`, then export date, then content: never by order of arrival.
    """
    table, key = f"raw.{contract.dataset}", _key_hash(contract)
    is_first = connection.execute(f"select count(*) = 0 from {table} where _file_id < {new_from}").fetchone()[0]
    among = (
        ""
        if is_first
        else f"""
        where {key} in (
            select {key} from {table} where _file_id >= {new_from}
            union all select key_hash from touched where dataset = '{contract.dataset}')"""
    )
    version = f"{contract.version_by} desc nulls last, " if contract.version_by else ""
    partition = ", ".join(contract.key) or "_row_hash, twin"
    connection.execute(f"""
        create or replace temp table contested as
        select {key} as key_hash from {table} {among}
        group by 1 having count(*) > 1 or bool_or(_state <> 'loaded');

        create or replace temp table versions as
        select row_id,
            case when row_number() over newest = 1 then 'loaded'
                when _row_hash = first_value(_row_hash) over newest then 'duplicate'
                else 'superseded' end as state
        from (
            select rows.rowid as row_id, rows.*, files.path,
                row_number() over (partition by _file_id, _row_hash order by _record) as twin
            from {table} as rows inner join quality.files as files on rows._file_id = files.file_id
            where {key} in (select key_hash from contested)
        )
        window newest as (
            partition by {partition}
            order by {version}_exported_on desc nulls last, _row_hash desc, path, _record
        );

        update {table} as rows set _state = versions.state from versions
        where rows.rowid = versions.row_id and rows._state <> versions.state;
    """)


def _key_hash(contract: Contract) -> str:
    return f"hash({', '.join(contract.key)})" if contract.key else "_row_hash"
