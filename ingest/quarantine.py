"""Records that don't conform: judged per file, kept with their reason, and counted.

How a row conforms is not known here. It hands on a `Judgement` a file: taken with so many records set aside, or
refused whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest.conform import Batch
from ingest.decode import Decoded
from ingest.sql import literal
from ingest.totals import REPEATED_HEADER, TOTAL_ROW, total_line

_MALFORMED = {"MISSING COLUMNS": "too_few_cells", "TOO MANY COLUMNS": "too_many_cells",
              "UNQUOTED VALUE": "quote_left_open", "LINE SIZE OVER MAXIMUM": "line_too_long",
              # decoding has made it UTF-8: the reader has lost its place after a quote within a character
              "INVALID ENCODING": "quote_left_open",
              "TOTAL ROW": TOTAL_ROW}  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """`quarantined`: records set aside; `refusal`: why the whole file is refused, None when it is taken."""

    quarantined: int
    refusal: str | None


def place_records(connection: DuckDBPyConnection, batch: Batch) -> None:
    """Create `placed`, a row a file (_path, file_id, first_row, rows, broken, totals, gaps), and `malformed`."""
    connection.execute(f"""
        create or replace temp table malformed as
        select scans.file_path as _path, errors.line - 1 as record,
            case when bool_or({total_line("errors.csv_line", batch.export)})
                then 'TOTAL ROW' else min(errors.error_type::varchar) end as error_type
        from reject_errors as errors inner join reject_scans as scans using (scan_id, file_id)
        group by all
    """)
    files = ", ".join(f"({literal(str(f.path))}, {i})" for f, i in zip(batch.files, batch.file_ids, strict=True))
    connection.execute(f"""
        create or replace temp table placed as
        select files._path, files.file_id,
            (select min(rowid) from conformed where conformed._path = files._path) as first_row,
            (select count(*) from conformed where conformed._path = files._path) as rows,
            (select count(*) from conformed where conformed._path = files._path and _broken is not null) as broken,
            (select count(*) from conformed where conformed._path = files._path
                and (_broken = [{literal(f":{TOTAL_ROW}")}] or _broken = [{literal(f":{REPEATED_HEADER}")}])) as totals,
            (select list(record - place order by record) from (
                select record, row_number() over (order by record) - 1 as place
                from malformed where malformed._path = files._path)) as gaps
        from (values {files}) as files (_path, file_id)
    """)


def judge(connection: DuckDBPyConnection, batch: Batch, decoded: Decoded) -> Judgement:
    """The verdict on one file of the conformed batch."""
    rows, broken, totals = connection.execute(
        "select rows, broken, totals from placed where _path = $1", [str(decoded.path)]
    ).fetchone()
    malformed = connection.execute(
        "select record, error_type = 'TOTAL ROW' from malformed where _path = $1 order by record", [str(decoded.path)]
    ).fetchall()
    set_aside = broken + len(malformed)
    bad = set_aside - totals - sum(is_total for _, is_total in malformed)  # a total row is no fault of the file
    if rows + len(malformed) != decoded.records:
        return Judgement(decoded.records, (
            f"holds {decoded.records} records but only {rows + len(malformed)} can be told apart; "
            "a quote is probably left open: export it again"))  # fmt: skip
    if malformed and not decoded.ends_in_newline and malformed[-1] == (decoded.records, False):
        return Judgement(decoded.records, f"is cut off in record {decoded.records}; fetch or export it again")
    if decoded.records and bad / decoded.records > batch.contract.max_bad_share:
        reasons = _reasons(connection, batch, decoded)
        return Judgement(decoded.records, (
            f"{bad} of {decoded.records} records don't conform, more than the {batch.contract.max_bad_share:.0%} "
            f"that {batch.contract.dataset} tolerates: {reasons}"))  # fmt: skip
    return Judgement(set_aside, None)


def keep(connection: DuckDBPyConnection, batch: Batch, paths: dict[str, str], run_id: str) -> None:
    """Append the batch's offending values to `quality.quarantine`; paths: decoded path -> name in the landing zone."""
    stored = list(batch.contract.stored)
    names = "[" + ", ".join(literal(name) for name in stored) + "]"
    headers = _lookup("column_name", {n: c.header for n, c in batch.contract.columns.items()})
    name_of = _lookup("_path", paths)
    connection.execute(
        f"""
        insert into quality.quarantine
        select file_id, {name_of}, record, column_name, {headers}, rule,
            cells[list_position({names}, column_name)], $run_id
        from (
            select placed.file_id, conformed._path, {record_expression()} as record,
                split_part(conformed.broken, ':', 1) as column_name,
                split_part(conformed.broken, ':', 2) as rule, _source_row as cells
            from (select rowid as row_id, _path, _source_row, unnest(_broken) as broken from conformed
                where _broken is not null) as conformed
            inner join placed using (_path)
        )
        union all
        select file_id, {name_of}, record, '', '', {_lookup("error_type", _MALFORMED)}, null, $run_id
        from malformed inner join placed using (_path)
        order by 1, 3, 4
        """,
        {"run_id": run_id},
    )


def record_expression() -> str:
    """SQL for a record's ordinal in its file: rows before it that could not be read at all are counted."""
    place = "row_id - placed.first_row + 1"
    return f"{place} + coalesce(len(list_filter(placed.gaps, lambda gap: gap <= {place})), 0)"


def _reasons(connection: DuckDBPyConnection, batch: Batch, decoded: Decoded) -> str:
    """The commonest rules that the file's records break, with counts."""
    found = connection.execute(
        """
        select broken, count(*) from (
            select unnest(_broken) as broken from conformed where _path = $1
            union all select error_type from malformed where _path = $1)
        group by broken order by 2 desc, 1 limit 3
        """,
        [str(decoded.path)],
    ).fetchall()
    columns = batch.contract.columns
    said = {f"{name}:": f"{column.header} " for name, column in columns.items()}
    return "; ".join(
        f"{_MALFORMED.get(broken, said.get(broken.split(':')[0] + ':', '') + broken.split(':')[-1])} × {count}"
        for broken, count in found
    )


def _lookup(name: str, mapping: dict[str, str]) -> str:
    whens = " ".join(f"when {literal(key)} then {literal(value)}" for key, value in mapping.items())
    return f"case {name} {whens} else {name} end"
