"""Finds the records of a batch that `load_rows` did not load, and why; loads those that were only suspect.

It reads a batch a second time if records are missing, and only then, so that a batch without faults costs one pass. It
returns the names of three temporary tables; `quarantine.py` judges the files by them.
"""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest.rows.batch import Batch
from ingest.rows.conform import select_typed
from ingest.rows.load import insert_rows
from ingest.rows.read import read_batch
from ingest.rows.rules import list_breaches, show_cell
from ingest.rows.totals import REPEATED_HEADER, TOTAL_ROW


@dataclass(frozen=True)
class SetAside:
    """The records of a batch that were not loaded: names of temporary tables, valid until the next batch is read.

    `malformed` (file_index, record, error_type): records that DuckDB could not split into cells.
    `broken` (file_index, _row, _broken, _source_row): records that break rules; `_row` counts over the whole batch.
    `files`, one row a file (file_id, file_index, expected, rows, broken, totals, first_row, gaps): `rows` that DuckDB
    could split, `expected` records and `first_row` rows of the files before it, `gaps`: rows before each malformed one.
    """

    malformed: str
    broken: str = "broken"
    files: str = "file_counts"


def set_aside_rows(connection: DuckDBPyConnection, batch: Batch, malformed: str) -> SetAside:
    """Find what `load_rows` left out, load what was only suspect, and correct the ordinals in `raw`.

    `malformed`: the table that `load_rows` returned.
    """
    ids = f"_file_id between {batch.ids[0]} and {batch.ids[-1]}"
    loaded = f"raw.{batch.contract.dataset} where {ids}"
    counts = connection.execute(f"""
        select file_index, count(*) from (
            select _file_id - {batch.first_id} as file_index from {loaded} union all select file_index from {malformed}
        ) group by 1
    """).fetchall()
    if dict(counts) != {index: file.records for index, file in enumerate(batch.files) if file.records}:
        malformed = _read_again(connection, batch, loaded)
    else:
        connection.execute(
            "create or replace temp table broken "
            "(file_index bigint, _row bigint, _broken varchar[], _source_row varchar[])"
        )
    _count_files(connection, batch, malformed, loaded)
    _correct_ordinals(connection, batch)
    return SetAside(malformed)


def compute_record(row: str, files: str) -> str:
    """SQL for a record's ordinal in its file, from its `row` in the batch; malformed records count too."""
    place = f"({row} - {files}.first_row)"
    before = f"len(list_filter({files}.gaps, lambda gap: gap <= {place}))"
    return f"{place} + case when {files}.gaps is null then 0 else {before} end"


def _read_again(connection: DuckDBPyConnection, batch: Batch, loaded: str) -> str:
    """Create `broken` from the rows that are not `loaded`; return the table of malformed records.

    The breaches are computed here because DuckDB would compute them for every row in the pass over all rows.
    """
    stored = batch.contract.stored
    # A bitmap of the rows that are loaded: a join would keep the whole file in memory. If DuckDB reads more rows than
    # were counted, they have no bit, and the file is refused later.
    total = max(sum(file.records for file in batch.files), 1)
    row = f"_record + ({batch.starts})[_file_id - {batch.first_id} + 1]"
    bits = f"select bitstring_agg(cast({row} as integer), 1, {total}) from {loaded} and {row} <= {total}"
    connection.execute(f"set variable loaded_rows = ({bits})")
    is_loaded = "get_bit(getvariable('loaded_rows'), cast(_row - 1 as integer)) = 1"
    is_missing = f"case when _row <= {total} then not coalesce({is_loaded}, false) else false end"
    values = ", ".join(f"v_{name} as {name}" for name in stored)
    cells = ", ".join(show_cell(name, batch) for name in stored)
    statement = f"""
        create or replace temp table missing as
        select {values}, file_index, _row, _derived, {list_breaches(batch)} as _broken,
            [{cells}]::varchar[] as _source_row
        from ({select_typed(batch, is_missing)})
    """
    malformed = read_batch(connection, batch, statement)
    sound = f"select {', '.join(stored)}, file_index, _row, _derived from missing where _broken is null"
    connection.execute(insert_rows(batch, sound))
    connection.execute("""
        create or replace temp table broken as
        select file_index, _row, _broken, _source_row from missing where _broken is not null;
        drop table missing;
        reset variable loaded_rows;
    """)
    return malformed


def _count_files(connection: DuckDBPyConnection, batch: Batch, malformed: str, loaded: str) -> None:
    """Create `file_counts`, see `SetAside.files`."""
    connection.execute(f"""
        create or replace temp table file_counts as
        with good as (select _file_id as file_id, count(*) as rows from {loaded} group by _file_id),
        bad as (
            select file_index, count(*) as broken,
                count(*) filter (_broken[1] in (':{TOTAL_ROW}', ':{REPEATED_HEADER}')) as totals
            from broken group by file_index
        ),
        rejected as (
            select file_index, list(record - place order by record) as gaps
            from (select *, row_number() over (partition by file_index order by record) - 1 as place from {malformed})
            group by file_index
        ),
        files as (
            select file_index, {batch.first_id} + file_index as file_id, ({batch.starts})[file_index + 1] as expected
            from range({len(batch.files)}) as files (file_index)
        )
        select *, sum(rows) over (order by file_index) - rows as first_row
        from (
            select files.*, gaps, coalesce(broken, 0) as broken, coalesce(totals, 0) as totals,
                coalesce(good.rows, 0) + coalesce(broken, 0) as rows
            from files left join good using (file_id) left join bad using (file_index)
                left join rejected using (file_index)
        )
    """)


def _correct_ordinals(connection: DuckDBPyConnection, batch: Batch) -> None:
    """Correct `_record` in `raw` in files with malformed records, and in files after those."""
    is_shifted = "(file_counts.gaps is not null or file_counts.first_row <> file_counts.expected)"
    if connection.execute(f"select 1 from file_counts where {is_shifted} limit 1").fetchone():
        record = compute_record("rows._record + file_counts.expected", "file_counts")
        connection.execute(f"""
            update raw.{batch.contract.dataset} as rows set _record = {record}
            from file_counts where rows._file_id = file_counts.file_id and {is_shifted}
        """)
