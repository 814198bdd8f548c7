"""Loads the conforming rows of a batch into `raw.<dataset>`, and deletes rows of files that were replaced or refused.

`load_rows` loads in one pass every row that is beyond suspicion; `set_aside.py` looks at the others. Which version of a
key is current is decided in `settle.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from duckdb import DuckDBPyConnection

from ingest.landing.claim import FileKey
from ingest.rows.batch import Batch
from ingest.rows.changes import record_removed
from ingest.rows.conform import select_typed
from ingest.rows.raw_tables import hash_key
from ingest.rows.read import read_batch
from ingest.rows.rules import is_suspect
from ingest.sql import quote_literal


def load_rows(connection: DuckDBPyConnection, batch: Batch) -> str:
    """Load the batch's rows that surely conform; return the name of the table of malformed records (see `read_batch`).

    `_record` becomes each row's ordinal in its file. That holds only if no record of the batch is malformed;
    `set_aside_rows` corrects it otherwise. Raises Refused if DuckDB can't read a file as CSV at all.
    """
    values = ", ".join(f"v_{name} as {name}" for name in batch.contract.stored)
    conforms = f"not coalesce({is_suspect(batch)}, false)"
    rows = f"select {values}, file_index, _row, _derived from ({select_typed(batch)}) where {conforms}"
    return read_batch(connection, batch, insert_rows(batch, rows))


def insert_rows(batch: Batch, rows: str) -> str:
    """SQL that appends the query `rows` (stored columns, file_index, _row, _derived) to `raw.<dataset>`."""
    stored = ", ".join(batch.contract.stored)
    days = [quote_literal(str(f.claim.covers_until)) if f.claim.covers_until else "null" for f in batch.files]
    return f"""
        insert into raw.{batch.contract.dataset} by name
        select {stored}, {batch.first_id} + file_index as _file_id,
            _row - {_select_of_file(map(str, batch.starts))} as _record,
            cast({_select_of_file(days)} as date) as _exported_on,
            hash({stored}) as _row_hash, 'loaded' as _state, _derived,
            {hash_key(batch.contract, stored)} as _key_hash
        from ({rows})
    """


def delete_refused(connection: DuckDBPyConnection, batch: Batch, file_ids: list[int]) -> None:
    """Delete the rows of files of this batch that were refused after their rows had been loaded."""
    if file_ids:
        among = ", ".join(map(str, file_ids))
        connection.execute(f"delete from raw.{batch.contract.dataset} where _file_id in ({among})")


def remove_files(connection: DuckDBPyConnection, keys: list[FileKey]) -> set[str]:
    """Delete the rows of the loaded files `keys` from `raw` and quarantine; return the datasets that lost rows.

    The lost rows are recorded as changes, so that `settle_versions` finds the keys that need another current version.
    The files' ledger entries stay with the verdict 'replaced'.
    """
    files = connection.execute(
        "select dataset, list(file_id) from quality.files where verdict = 'loaded' "
        "and (path, dataset) in (select unnest($1::varchar[]), unnest($2::varchar[])) group by 1 order by 1",
        [[path for path, _ in keys], [dataset for _, dataset in keys]],
    ).fetchall()
    for dataset, file_ids in files:
        removed = f"_file_id in ({', '.join(map(str, file_ids))})"
        record_removed(connection, dataset, removed)
        connection.execute(f"delete from raw.{dataset} where {removed}")
        connection.execute(f"""
            delete from quality.quarantine where file_id in ({", ".join(map(str, file_ids))});
            update quality.files set verdict = 'replaced', rows_loaded = 0, rows_superseded = 0, rows_duplicate = 0,
                rows_read = 0, rows_quarantined = 0, reason = 'a newer file lies at the same path'
            where file_id in ({", ".join(map(str, file_ids))});
        """)
    return {dataset for dataset, _ in files}


def _select_of_file(values: Iterable[str]) -> str:
    """SQL for the value of a row's file; a constant if there is but one file, as with the largest files."""
    first, *others = values
    return f"[{', '.join([first, *others])}][file_index + 1]" if others else first
