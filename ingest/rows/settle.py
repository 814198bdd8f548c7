"""Decides which version of a row is current: one row a key is 'loaded', the others are 'superseded' or 'duplicate'.

It takes the rows of one dataset in `raw` and writes their `_state`. It records in `changes` the rows that became
current and those that stopped being current. It reads no file and judges no row.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from ingest.mapping.contract import Contract
from ingest.rows.changes import discard_changes, record_versions, select_removed_keys

# Up to this many new rows are settled key by key, even if the table holds fewer rows.
_BULK = 10_000


def settle_versions(connection: DuckDBPyConnection, contract: Contract, new_from: int) -> list[int]:
    """Settle the keys that occur in files from id `new_from` on, and those whose current row was removed.

    The newest version is current: by the contract's `version_by`, then by export date, then by content, never by order
    of arrival. If more rows are new than were there, no changes are recorded and the models are built in full. Returns
    the ids of the files whose counts may have changed.
    """
    dataset, table = contract.dataset, f"raw.{contract.dataset}"
    new, old = connection.execute(
        f"select count(*) filter (_file_id >= {new_from}), count(*) filter (_file_id < {new_from}) from {table}"
    ).fetchone()
    is_bulk = new > max(old, _BULK)
    _rank_versions(connection, contract, new_from, is_bulk)
    if is_bulk:
        discard_changes(connection, dataset)
    else:
        record_versions(connection, dataset, "versions")
    connection.execute(f"""
        update {table} as rows set _state = versions.state from versions
        where rows.rowid = versions.row_id and rows._state <> versions.state
            and rows._file_id in (select file_id from versions)
    """)
    # In bulk `versions` lacks new rows that are the only ones of their key, so count every file.
    all_files = f"select file_id from quality.files where dataset = '{dataset}'"
    files = connection.execute(all_files if is_bulk else "select distinct file_id from versions").fetchall()
    connection.execute("drop table versions")
    return [file_id for (file_id,) in files]


def _rank_versions(connection: DuckDBPyConnection, contract: Contract, new_from: int, is_bulk: bool) -> None:
    """Create `versions` (row_id, file_id, was, state): the rows whose state differs from what it `was` ('new' if none).

    In bulk every key with more than one row, or with a state of old, is ranked.
    """
    dataset, table = contract.dataset, f"raw.{contract.dataset}"
    if is_bulk:
        keys = f"select _key_hash from {table} group by 1 having count(*) > 1 or bool_or(_state <> 'loaded')"
        in_files = "true"
    else:
        keys = f"select _key_hash from {table} where _file_id >= {new_from} union {select_removed_keys(dataset)}"
        # The keys of a day are in few files. Finding these by two narrow columns lets DuckDB skip all other files.
        in_files = f"_file_id in (select _file_id from {table} where _key_hash in ({keys}))"
    version = f"{contract.version_by} desc nulls last, " if contract.version_by else ""
    # Rows without a key are told apart by content and by their ordinal among equal rows of their file.
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
            where {in_files} and _key_hash in ({keys})
        )
        window newest as (
            partition by {partition}
            order by {version}_exported_on desc nulls last, _row_hash desc, path, _record
        );
        delete from versions where state = was;
    """)
