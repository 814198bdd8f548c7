"""Which version of a row stands: one row a key is loaded, the others are superseded or duplicates.

No row is read from a file or judged here. It hands on the states in `raw.<dataset>`, and in `changes.<dataset>` the
rows that came to stand or ceased to since models were built.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from ingest.mapping.contract import Contract

# so many new rows may be compared one by one with those that stand, even where few stand yet
_BULK = 10_000


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
