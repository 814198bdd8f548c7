"""Records that don't conform: judged per file, kept with their reason, and counted.

How a row conforms is not known here. It hands on a `Judgement` a file: taken with so many records set aside, or
refused whole.
"""

from __future__ import annotations

import csv
import mmap
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

# rule -> what is wrong and what to do, in the words of those who export
RULES = {
    "required": ("必填项为空", "补填后重新导出"),
    "unknown_code": ("代码或选项不在对照表内", "改为规定的选项；若是新选项，请告知以便增补对照表"),
    "not_a_timestamp": ("不是日期时间", "按“2022-03-01 09:00:00”的格式填写"),
    "not_a_date": ("不是日期", "按“2022-03-01”的格式填写"),
    "not_a_integer": ("不是整数", "只填阿拉伯数字，不带单位"),
    "not_a_number": ("不是数字", "只填阿拉伯数字，不带单位"),
    "not_a_boolean": ("不是“是”或“否”", "填“是”或“否”"),
    "implausible_date": ("日期早于1990年或晚于2099年", "核对年份"),
    "too_long": ("超过规定长度", "核对是否串列、是否缺引号"),
    "damaged_by_spreadsheet": ("长数字被电子表格改成科学计数，末位已丢失", "从原系统重新导出，勿用表格软件另存"),
    "personal": ("含身份证号或手机号", "删去个人信息后重新导出"),
    "not_derived": ("缺少这一项，也推导不出来", "补上这一列，或告知如何得出"),
    "total_row": ("合计行，不是记录", "无须处理"),
    "repeated_header": ("重复的表头，不是记录", "无须处理"),
    "too_few_cells": ("单元格少于表头", "核对该行是否被截断或换行"),
    "too_many_cells": ("单元格多于表头", "核对内容里的分隔符是否加了引号"),
    "quote_left_open": ("引号没有配对", "补齐引号后重新导出"),
    "line_too_long": ("一条记录过长", "核对是否缺引号，把后面的行并了进来"),
}  # fmt: skip


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
    _skip_blanks(connection, batch)
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


def _skip_blanks(connection: DuckDBPyConnection, batch: Batch) -> None:
    """DuckDB counts empty lines when it says where a malformed record stands: they are no records."""
    for (path,) in connection.execute("select distinct _path from malformed").fetchall():
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data.find(b"\n\n") < 0 and data.find(b"\n\r\n") < 0:
                continue
        with open(path, encoding="utf-8", newline="") as file:
            rows = csv.reader(file, delimiter=batch.export.delimiter)
            blanks = [place for place, row in enumerate(rows) if not row]
        connection.execute(
            "update malformed set record = record - len(list_filter($2::bigint[], lambda place: place < record)) "
            "where _path = $1",
            [path, blanks],
        )


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
    own = {name: batch.layout.header[place] for name, place in batch.layout.positions.items()}
    headers = _lookup("column_name", {n: own.get(n, c.header) for n, c in batch.contract.columns.items()})
    name_of = _lookup("_path", paths)
    connection.execute(
        f"""
        insert into quality.quarantine
        select file_id, {name_of}, record, column_name, {headers}, rule,
            shown(cells[list_position({names}, column_name)]), $run_id
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
