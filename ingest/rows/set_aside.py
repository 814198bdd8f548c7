"""Which records of a batch were not appended, and why: found by reading those alone once more.

What follows from it for a file is not decided here. It hands on the temporary tables `malformed`, `aside` and `placed`,
and right ordinals in `raw`.
"""

from __future__ import annotations

import csv
import mmap

from duckdb import DuckDBPyConnection

from ingest.rows.conform import Batch, read, typed
from ingest.rows.load import insertion
from ingest.rows.rules import broken, shown
from ingest.rows.totals import REPEATED_HEADER, TOTAL_ROW, total_line
from ingest.sql import lookup

_NONE_MALFORMED = "create or replace temp table malformed (file_index bigint, record bigint, error_type varchar)"
_NONE_ASIDE = """
    create or replace temp table aside (file_index bigint, _row bigint, _broken varchar[], _source_row varchar[])
"""


def set_aside(connection: DuckDBPyConnection, batch: Batch) -> None:
    """Find what of a batch `load.append` did not take; what it only suspected is appended after all.

    Creates `malformed` (file_index, record, error_type): records of which DuckDB could not tell the cells apart;
    `aside` (file_index, _row, _broken, _source_row): records that break rules; and `placed`, a row a file (file_id,
    file_index, rows, broken, totals, first_row: rows of the batch before it, gaps: rows before each malformed record).
    """
    _find_malformed(connection, batch)
    ours = f"raw.{batch.contract.dataset} where _file_id between {batch.ids[0]} and {batch.ids[-1]}"
    found = connection.execute(f"""
        select file_index, count(*)
        from (select _file_id - {batch.first_id} as file_index from {ours} union all select file_index from malformed)
        group by 1
    """).fetchall()
    if dict(found) != {index: file.records for index, file in enumerate(batch.files) if file.records}:
        _read_again(connection, batch, ours)
        _find_malformed(connection, batch)
    else:
        connection.execute(_NONE_ASIDE)
    connection.execute(f"""
        create or replace temp table placed as
        with good as (select _file_id as file_id, count(*) as rows from {ours} group by _file_id),
        bad as (
            select file_index, count(*) as broken,
                count(*) filter (_broken[1] in (':{TOTAL_ROW}', ':{REPEATED_HEADER}')) as totals
            from aside group by file_index
        ),
        rejected as (
            select file_index, list(record - place order by record) as gaps
            from (select *, row_number() over (partition by file_index order by record) - 1 as place from malformed)
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
    _mend_ordinals(connection, batch)


def _find_malformed(connection: DuckDBPyConnection, batch: Batch) -> None:
    was_read = "select 1 from duckdb_tables() where table_name = 'reject_errors'"
    if not connection.execute(was_read).fetchone():
        # where the planner sees that no row can conform, the first reading is left out
        connection.execute(_NONE_MALFORMED)
        return
    indexes = lookup("file_path", {str(f.path): index for index, f in enumerate(batch.files)})
    connection.execute(f"""
        create or replace temp table malformed as
        select cast({indexes} as bigint) as file_index, errors.line - 1 as record,
            case when bool_or({total_line("errors.csv_line", batch.export)})
                then 'TOTAL ROW' else min(errors.error_type::varchar) end as error_type
        from reject_errors as errors inner join reject_scans as scans using (scan_id, file_id)
        group by all
    """)
    _skip_blanks(connection, batch)


def _read_again(connection: DuckDBPyConnection, batch: Batch, ours: str) -> None:
    """Create `aside` by a second look at the rows that were not appended; `ours`: the batch's part of `raw`.

    Apart, because in the pass over all rows the planner would work out for each what only broken ones need.
    """
    stored = batch.contract.stored
    # a bit a row, because a join would keep the whole file in memory; what DuckDB finds beyond the
    # records that were counted gets the file refused
    total = max(sum(file.records for file in batch.files), 1)
    row = f"_record + ({batch.starts})[_file_id - {batch.first_id} + 1]"
    bits = f"select bitstring_agg(cast({row} as integer), 1, {total}) from {ours} and {row} <= {total}"
    connection.execute(f"set variable present = ({bits})")
    is_present = "get_bit(getvariable('present'), cast(_row - 1 as integer)) = 1"
    missing = f"case when _row <= {total} then not coalesce({is_present}, false) else false end"
    read(connection, f"""
        create or replace temp table suspected as
        select {", ".join(f"v_{name} as {name}" for name in stored)}, file_index, _row, _derived,
            {broken(batch)} as _broken, [{", ".join(shown(name, batch) for name in stored)}]::varchar[] as _source_row
        from ({typed(batch, missing)})
    """)  # fmt: skip
    acquitted = f"select {', '.join(stored)}, file_index, _row, _derived from suspected where _broken is null"
    connection.execute(insertion(batch, acquitted))
    connection.execute("""
        create or replace temp table aside as
        select file_index, _row, _broken, _source_row from suspected where _broken is not null;
        drop table suspected;
    """)


def _mend_ordinals(connection: DuckDBPyConnection, batch: Batch) -> None:
    """Ordinals in `raw`, where records that can't be told apart lie before some."""
    shifted = "(placed.gaps is not null or placed.first_row <> placed.expected)"
    if connection.execute(f"select 1 from placed where {shifted} limit 1").fetchone():
        connection.execute(f"""
            update raw.{batch.contract.dataset} as rows set _record = {record("rows._record + placed.expected")}
            from placed where rows._file_id = placed.file_id and {shifted}
        """)


def _skip_blanks(connection: DuckDBPyConnection, batch: Batch) -> None:
    """DuckDB counts empty lines when it says where a malformed record stands: they are no records."""
    for (index,) in connection.execute("select distinct file_index from malformed").fetchall():
        path = batch.files[index].path
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data.find(b"\n\n") < 0 and data.find(b"\n\r\n") < 0:
                continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, delimiter=batch.export.delimiter)
            blanks = [place for place, row in enumerate(rows) if not row]
        connection.execute(
            "update malformed set record = record - len(list_filter($2::bigint[], lambda place: place < record)) "
            "where file_index = $1",
            [index, blanks],
        )


def record(row: str) -> str:
    """SQL for a record's ordinal in its file, by its place among the rows of the batch: malformed ones count too."""
    place = f"({row} - placed.first_row)"
    before = f"len(list_filter(placed.gaps, lambda gap: gap <= {place}))"
    return f"{place} + case when placed.gaps is null then 0 else {before} end"
