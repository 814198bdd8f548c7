"""Conformed rows into `raw`, and which version of a row stands.

Rows are never judged here. It hands on `raw.<dataset>`, where `_state` says of each row whether it is loaded,
superseded or a duplicate, and `changes.<dataset>`, the rows that came to stand or ceased to since models were built.
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
    "_key_hash": ("uinteger", "编号指纹 · hash of the row's number, by which it is found without reading all numbers"),
}
# so many new rows may be compared one by one with those that stand, even where few stand yet
_BULK = 10_000


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


def load(connection: DuckDBPyConnection, batch: Batch, taken: list[str]) -> None:
    """Append the conforming rows of the files whose decoded paths are in `taken`."""
    stored = ", ".join(batch.contract.stored)
    dates = {str(f.path): f.claim.covers_until for f in batch.files}
    whens = " ".join(f"when {literal(path)} then date '{day}'" for path, day in dates.items() if day)
    exported = f"case _path {whens} end" if whens else "null::date"
    connection.execute(f"""
        insert into raw.{batch.contract.dataset}
        select {stored}, placed.file_id, {record_expression()}, {exported}, hash({stored}), 'loaded', _derived,
            {_key_hash(batch.contract, stored)}
        from (select * from conformed where _broken is null) as conformed
        inner join placed using (_path)
        where {" or ".join(f"_path = {literal(path)}" for path in taken)}
    """)


def settle(connection: DuckDBPyConnection, contract: Contract, new_from: int) -> None:
    """Decide which version of each key stands, for keys in files from `new_from` on and keys in `touched`.

    The newest stands, by the contract's `version_by`, then export date, then content: never by order of arrival.
    What thereby comes to stand or ceases to is added to `changes.<dataset>`; where much more is new than was
    there, the models' memory of what they were built from goes instead, so that they are built whole.
    """
    dataset, table = contract.dataset, f"raw.{contract.dataset}"
    new, old = connection.execute(
        f"select count(*) filter (_file_id >= {new_from}), count(*) filter (_file_id < {new_from}) from {table}"
    ).fetchone()
    is_bulk = new > max(old, _BULK)
    among = (
        f"select _key_hash from {table} group by 1 having count(*) > 1 or bool_or(_state <> 'loaded')"
        if is_bulk
        else f"""select _key_hash from {table} where _file_id >= {new_from}
            union select key_hash from touched where dataset = '{dataset}'"""
    )
    # a day's rows lie in few files, found by two narrow columns: all others are passed over whole
    in_files = "true" if is_bulk else f"_file_id in (select _file_id from {table} where _key_hash in ({among}))"
    version = f"{contract.version_by} desc nulls last, " if contract.version_by else ""
    partition = ", ".join(contract.key) or "_row_hash, twin"
    connection.execute(f"""
        create or replace temp table versions as
        select row_id, file_id, was,
            case when row_number() over newest = 1 then 'loaded'
                when _row_hash = first_value(_row_hash) over newest then 'duplicate'
                else 'superseded' end as state
        from (
            select rows.rowid as row_id, rows.*, files.file_id, files.path,
                case when _file_id < {new_from} then _state else 'new' end as was,
                row_number() over (partition by _file_id, _row_hash order by _record) as twin
            from {table} as rows inner join quality.files as files on rows._file_id = files.file_id
            where {in_files} and _key_hash in ({among})
        )
        window newest as (
            partition by {partition}
            order by {version}_exported_on desc nulls last, _row_hash desc, path, _record
        );
        delete from versions where state = was;
        insert into touched select distinct '{dataset}', null, file_id from versions;
    """)
    if is_bulk:
        connection.execute(f"""
            drop table if exists quality.built;
            delete from changes.{dataset};
            insert into touched select '{dataset}', null, file_id from quality.files where dataset = '{dataset}';
        """)
    else:
        # what stood and what stands cancel out where their content is the same, as in a file that only grew
        connection.execute(f"""
            insert into changes.{dataset}
            select rows.* replace (case state when 'loaded' then 'came' else 'went' end as _state)
            from {table} as rows inner join versions on rows.rowid = versions.row_id
            where 'loaded' in (state, was) and rows._file_id in (select file_id from versions);

            delete from changes.{dataset} where _row_hash in (
                select _row_hash from changes.{dataset} group by 1
                having count(*) filter (_state = 'came') = count(*) filter (_state = 'went')
            );
        """)
    connection.execute(f"""
        update {table} as rows set _state = versions.state from versions
        where rows.rowid = versions.row_id and rows._state <> versions.state
            and rows._file_id in (select file_id from versions)
    """)


def _key_hash(contract: Contract, stored: str) -> str:
    """A 32-bit hash of the number in the key; dbt/macros/engine.sql has the same. Equal keys have equal hashes."""
    numbers = [name for name in contract.key if contract.columns[name].type == "text" and name != "source_system"]
    # md5, because DuckDB's own hash may change with its version
    return f"(md5_number({numbers[-1]}) & 4294967295)::uinteger" if numbers else f"(hash({stored}) >> 32)::uinteger"
