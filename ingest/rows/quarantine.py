"""Records that don't conform: judged per file, kept with their reason, and counted.

How a row conforms is not known here. It hands on a `Judgement` a file: taken with so many records set aside, or
refused whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest.rows.conform import Batch
from ingest.rows.set_aside import record
from ingest.rows.totals import TOTAL_ROW
from ingest.sql import literal, lookup

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


def judge(connection: DuckDBPyConnection, batch: Batch) -> list[Judgement]:
    """The verdict on each file of the batch."""
    counts = connection.execute("select rows, broken, totals from placed order by file_index").fetchall()
    malformed: dict[int, list[tuple[int, bool]]] = {}
    for index, *found in connection.execute(
        "select file_index, record, error_type = 'TOTAL ROW' from malformed order by file_index, record"
    ).fetchall():
        malformed.setdefault(index, []).append(tuple(found))
    return [
        _judgement(connection, batch, index, *counts[index], malformed.get(index, []))
        for index in range(len(batch.files))
    ]


def _judgement(
    connection: DuckDBPyConnection, batch: Batch, index: int, rows: int, broken: int, totals: int,
    malformed: list[tuple[int, bool]],
) -> Judgement:  # fmt: skip
    decoded = batch.files[index]
    set_aside = broken + len(malformed)
    bad = set_aside - totals - sum(is_total for _, is_total in malformed)  # a total row is no fault of the file
    if rows + len(malformed) != decoded.records:
        return Judgement(decoded.records, (
            f"holds {decoded.records} records but only {rows + len(malformed)} can be told apart; "
            "a quote is probably left open: export it again"))  # fmt: skip
    if malformed and not decoded.ends_in_newline and malformed[-1] == (decoded.records, False):
        return Judgement(decoded.records, f"is cut off in record {decoded.records}; fetch or export it again")
    if decoded.records and bad / decoded.records > batch.contract.max_bad_share:
        return Judgement(decoded.records, (
            f"{bad} of {decoded.records} records don't conform, more than the {batch.contract.max_bad_share:.0%} "
            f"that {batch.contract.dataset} tolerates: {_reasons(connection, batch, index)}"))  # fmt: skip
    return Judgement(set_aside, None)


def keep(connection: DuckDBPyConnection, batch: Batch, run_id: str) -> None:
    """Append the batch's offending values to `quality.quarantine`."""
    stored = list(batch.contract.stored)
    names = "[" + ", ".join(literal(name) for name in stored) + "]"
    own = {name: batch.layout.header[place] for name, place in batch.layout.positions.items()}
    headers = lookup("column_name", {n: own.get(n, c.header) for n, c in batch.contract.columns.items()})
    path = lookup("file_index", {index: file.claim.name for index, file in enumerate(batch.files)})
    connection.execute(
        f"""
        insert into quality.quarantine
        select file_id, {path}, record, column_name, {headers}, rule,
            shown(cells[list_position({names}, column_name)]), $run_id
        from (
            select file_id, file_index, {record("_row")} as record, split_part(breach, ':', 1) as column_name,
                split_part(breach, ':', 2) as rule, _source_row as cells
            from (select file_index, _row, _source_row, unnest(_broken) as breach from aside)
            inner join placed using (file_index)
        )
        union all
        select file_id, {path}, record, '', '', {lookup("error_type", _MALFORMED)}, null, $run_id
        from malformed inner join placed using (file_index)
        order by 1, 3, 4
        """,
        {"run_id": run_id},
    )


def _reasons(connection: DuckDBPyConnection, batch: Batch, index: int) -> str:
    """The commonest rules that the file's records break, with counts."""
    found = connection.execute(
        """
        select broken, count(*) from (
            select unnest(_broken) as broken from aside where file_index = $1
            union all select error_type from malformed where file_index = $1)
        group by broken order by 2 desc, 1 limit 3
        """,
        [index],
    ).fetchall()
    columns = batch.contract.columns
    said = {f"{name}:": f"{column.header} " for name, column in columns.items()}
    return "; ".join(
        f"{_MALFORMED.get(broken, said.get(broken.split(':')[0] + ':', '') + broken.split(':')[-1])} × {count}"
        for broken, count in found
    )
