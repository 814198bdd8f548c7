"""Conforming rows into `raw`, and those of replaced files out of it.

Rows are never judged or compared here. It hands on `raw.<dataset>` with every row that conforms, and the tables that
settling fills.
"""

from __future__ import annotations

from collections.abc import Iterable

from duckdb import DuckDBPyConnection

from ingest.ledger.files import create_table
from ingest.mapping.contract import Contract, load_contracts
from ingest.rows.conform import Batch, read, sql_type, typed
from ingest.rows.rules import suspects
from ingest.sql import literal

_BOOKKEEPING = {
    "_file_id": ("integer", "文件序号 · file in quality.files"),
    "_record": ("bigint", "记录序号 · ordinal of the record in its file"),
    "_exported_on": ("date", "导出日期 · last day that the file covers"),
    "_row_hash": ("ubigint", "行指纹 · hash of the row's values"),
    "_state": ("varchar", "状态 · loaded (the version that stands), superseded or duplicate"),
    "_derived": ("varchar", "推导列 · columns that the mapping derived"),
    "_key_hash": ("uinteger", "编号指纹 · hash of the row's number, by which it is found without reading all numbers"),
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
        standing = {"_state": ("varchar", "变动 · came: stands now and did not; went: stood and does not")}
        about = f"{contract.title}变动 · rows that came to stand or ceased to since the models were built"
        create_table(connection, f"changes.{contract.dataset}", about, columns | _BOOKKEEPING | standing)


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
            insert into touched select '{dataset}', _key_hash, null from raw.{dataset} where {among};
            insert into changes.{dataset} select * replace ('went' as _state) from raw.{dataset}
                where {among} and _state = 'loaded';
            delete from raw.{dataset} where {among};
        """)
    connection.execute("""
        delete from quality.quarantine where file_id in (select file_id from leaving);
        update quality.files set verdict = 'replaced', rows_loaded = 0, rows_superseded = 0, rows_duplicate = 0,
            rows_read = 0, rows_quarantined = 0, reason = 'a newer file lies at the same path'
        where file_id in (select file_id from leaving);
    """)


def append(connection: DuckDBPyConnection, batch: Batch) -> None:
    """Append the batch's rows that conform beyond any suspicion, `_record` being each one's ordinal in its file.

    That ordinal holds where no record of the batch is malformed; `aside.set_aside` mends the others. Raises
    Refused when DuckDB can't read a file as CSV at all.
    """
    values = ", ".join(f"v_{name} as {name}" for name in batch.contract.stored)
    conforms = f"not coalesce({suspects(batch)}, false)"
    rows = f"select {values}, file_index, _row, _derived from ({typed(batch)}) where {conforms}"
    read(connection, insertion(batch, rows))


def take_back(connection: DuckDBPyConnection, batch: Batch, refused: list[int]) -> None:
    """Delete the rows of files that were refused after they had been read; `refused`: their ids."""
    if refused:
        among = ", ".join(map(str, refused))
        connection.execute(f"delete from raw.{batch.contract.dataset} where _file_id in ({among})")


def insertion(batch: Batch, rows: str) -> str:
    """SQL that appends `rows` (stored columns, file_index, _row, _derived) to `raw`."""
    stored = ", ".join(batch.contract.stored)
    days = [literal(str(f.claim.covers_until)) if f.claim.covers_until else "null" for f in batch.files]
    return f"""
        insert into raw.{batch.contract.dataset}
        select {stored}, {batch.first_id} + file_index, _row - {_of_file(map(str, batch.starts))},
            cast({_of_file(days)} as date), hash({stored}), 'loaded', _derived, {_key_hash(batch.contract, stored)}
        from ({rows})
    """


def _of_file(values: Iterable[str]) -> str:
    """SQL for the value of a row's file; a constant where there is but one, as in the largest files."""
    first, *others = values
    return f"[{', '.join([first, *others])}][file_index + 1]" if others else first


def _key_hash(contract: Contract, stored: str) -> str:
    """A 32-bit hash of the number in the key; dbt/macros/engine.sql has the same. Equal keys have equal hashes."""
    numbers = [name for name in contract.key if contract.columns[name].type == "text" and name != "source_system"]
    # md5, because DuckDB's own hash may change with its version
    return f"(md5_number({numbers[-1]}) & 4294967295)::uinteger" if numbers else f"(hash({stored}) >> 32)::uinteger"
