"""Runs the SQL statement that reads a batch, and collects the records that DuckDB could not split into cells.

`read_batch` takes a statement built on `conform.select_typed` and leaves the malformed records in the temporary table
`malformed` (file_index, record, error_type). `malformed` belongs to the batch that was read last. Rules of columns are
checked elsewhere.
"""

from __future__ import annotations

import csv
import mmap
import re

from duckdb import ConversionException, DuckDBPyConnection, InvalidInputException

from ingest.errors import Refused
from ingest.rows.batch import Batch
from ingest.rows.totals import is_total_line
from ingest.sql import map_values

_REJECTS = ("reject_errors", "reject_scans")


def read_batch(connection: DuckDBPyConnection, batch: Batch, statement: str) -> str:
    """Execute `statement`, which reads the files of `batch`; return the name of the table of malformed records.

    Its columns are file_index (from 0), record (ordinal in the file, from 1) and error_type (DuckDB's, or 'TOTAL ROW').
    Raises Refused if DuckDB can't read a file as CSV at all.
    """
    for table in _REJECTS:
        connection.execute(f"drop table if exists {table}")
    # row_number() in the statement already forces one thread and file order. With preserve_insertion_order or more
    # threads DuckDB would materialise every row a second time.
    connection.execute("set preserve_insertion_order = false; set threads = 1")
    try:
        connection.execute(statement)
    except (InvalidInputException, ConversionException) as error:
        # DuckDB's message quotes the record, which may hold personal data.
        place = re.search(r"[Ll]ine:? (\d+)", str(error))
        raise Refused(f"can't be read as CSV{f' at line {place[1]}' if place else ''}; export it again") from None
    finally:
        connection.execute("reset preserve_insertion_order; reset threads")
    _collect_malformed(connection, batch)
    return "malformed"


def _collect_malformed(connection: DuckDBPyConnection, batch: Batch) -> None:
    connection.execute("create or replace temp table malformed (file_index bigint, record bigint, error_type varchar)")
    exists = "select 1 from duckdb_tables() where table_name = 'reject_errors'"
    if not connection.execute(exists).fetchone():
        # If DuckDB can prove that no row passes, it never scans the file, and reject_errors does not exist.
        return
    indexes = map_values("file_path", {str(file.path): index for index, file in enumerate(batch.files)})
    connection.execute(f"""
        insert into malformed
        select cast({indexes} as bigint) as file_index, errors.line - 1 as record,
            case when bool_or({is_total_line("errors.csv_line", batch.export)})
                then 'TOTAL ROW' else min(errors.error_type::varchar) end as error_type
        from reject_errors as errors inner join reject_scans as scans using (scan_id, file_id)
        group by all
    """)
    _subtract_blank_lines(connection, batch)


def _subtract_blank_lines(connection: DuckDBPyConnection, batch: Batch) -> None:
    """DuckDB counts blank lines in the place of a malformed record, although they are no records."""
    for (index,) in connection.execute("select distinct file_index from malformed").fetchall():
        path = batch.files[index].path
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if content.find(b"\n\n") < 0 and content.find(b"\n\r\n") < 0:
                continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, delimiter=batch.export.delimiter)
            blanks = [place for place, row in enumerate(rows) if not row]
        connection.execute(
            "update malformed set record = record - len(list_filter($2::bigint[], lambda place: place < record)) "
            "where file_index = $1",
            [index, blanks],
        )
