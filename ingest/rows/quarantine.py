"""Judges each file of a batch by its records that don't conform, and writes those records to the quarantine.

It takes the tables of `set_aside.py` and returns a `Judgement` a file: loaded with so many records quarantined, or
refused whole. `RULES` holds the words in which each rule is explained to the office that exports. The rules themselves
are in `rules.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from ingest.mapping.contract import Contract
from ingest.masks import kind_of
from ingest.rows.batch import Batch
from ingest.rows.set_aside import SetAside, compute_record
from ingest.rows.totals import TOTAL_ROW
from ingest.sql import map_values, quote_literal

MALFORMED_RULES = {
    "MISSING COLUMNS": "too_few_cells",
    "TOO MANY COLUMNS": "too_many_cells",
    "UNQUOTED VALUE": "quote_left_open",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
    # The file is UTF-8 by now: the reader lost its place after a quote and began within a character.
    "INVALID ENCODING": "quote_left_open",
    "TOTAL ROW": TOTAL_ROW,
}
# rule -> what is wrong and what to do, in the words of the offices that export
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
    "not_an_identifier": ("编号里没有数字，或像姓名、电话、地址", "核对是否串列；编号里不要写个人信息"),
    "not_derived": ("缺少这一项，也推导不出来", "补上这一列，或告知如何得出"),
    "total_row": ("合计行，不是记录", "无须处理"),
    "repeated_header": ("重复的表头，不是记录", "无须处理"),
    "too_few_cells": ("单元格少于表头", "核对该行是否被截断或换行"),
    "too_many_cells": ("单元格多于表头", "核对内容里的分隔符是否加了引号"),
    "quote_left_open": ("引号没有配对", "补齐引号后重新导出"),
    "line_too_long": ("一条记录过长", "核对是否缺引号，把后面的行并了进来"),
}


# rule -> what the mapping can do about it, for whoever keeps the mapping
REMEDIES = {
    "unknown_code": "give each its code under `codes` of the mapping",
    "not_a_boolean": "say under `codes` of the mapping which means true and which false",
    "not_a_timestamp": "if these are dates, give their form under `date_formats`, as in %d/%m/%Y; "
    "if they mean no value, list them under `null_words`",
    "not_a_integer": "if these mean no value, list them under `null_words`; else export digits only",
}
REMEDIES |= {"not_a_date": REMEDIES["not_a_timestamp"], "not_a_number": REMEDIES["not_a_integer"]}
_LEAST_BAD = 3
_SHOWN = 3


@dataclass(frozen=True)
class Judgement:
    """`quarantined`: records that are not loaded; `refusal`: why the whole file is refused, None if it is not."""

    quarantined: int
    refusal: str | None


def judge_files(connection: DuckDBPyConnection, batch: Batch, set_aside: SetAside) -> list[Judgement]:
    """A judgement on each file of the batch, in order."""
    counts = connection.execute(f"select rows, broken, totals from {set_aside.files} order by file_index").fetchall()
    malformed: dict[int, list[tuple[int, bool]]] = {}
    for index, record, is_total in connection.execute(
        f"select file_index, record, error_type = 'TOTAL ROW' from {set_aside.malformed} order by file_index, record"
    ).fetchall():
        malformed.setdefault(index, []).append((record, is_total))
    return [
        _judge_file(connection, batch, set_aside, index, _Counts(*counts[index], malformed.get(index, [])))
        for index in range(len(batch.files))
    ]


@dataclass(frozen=True)
class _Counts:
    """Of a file: rows that could be split, rows that break rules, totals among these, (record, is_total) malformed."""

    rows: int
    broken: int
    totals: int
    malformed: list[tuple[int, bool]]


def _judge_file(
    connection: DuckDBPyConnection, batch: Batch, set_aside: SetAside, index: int, counts: _Counts
) -> Judgement:
    file, contract, malformed = batch.files[index], batch.contract, counts.malformed
    quarantined = counts.broken + len(malformed)
    # A total row is no fault of the file.
    bad = quarantined - counts.totals - sum(is_total for _, is_total in malformed)
    if counts.rows + len(malformed) != file.records:
        reason = (
            f"holds {file.records} records but only {counts.rows + len(malformed)} can be told apart; "
            "a quote is probably left open: export it again"
        )
        return Judgement(file.records, reason)
    if malformed and not file.ends_in_newline and malformed[-1] == (file.records, False):
        return Judgement(file.records, f"is cut off in record {file.records}; fetch or export it again")
    share = batch.export.max_bad_share
    most = contract.max_bad_share if share is None else share
    # A bad row or two of a short file tell nothing about the file.
    if bad >= _LEAST_BAD and bad / file.records > most:
        reason = (
            f"{bad} of {file.records} records don't conform, more than the {most * 100:g}% "
            f"that {contract.dataset} tolerates: {_list_commonest(connection, batch, set_aside, index)}"
        )
        return Judgement(file.records, reason)
    return Judgement(quarantined, None)


def quarantine_records(connection: DuckDBPyConnection, batch: Batch, set_aside: SetAside, run_id: str) -> None:
    """Append the batch's records that were set aside to `quality.quarantine`, one row a rule that a record breaks."""
    names = "[" + ", ".join(quote_literal(name) for name in batch.contract.stored) + "]"
    own = {name: batch.layout.header[place] for name, place in batch.layout.positions.items()}
    headers = map_values("column_name", {n: own.get(n, c.header) for n, c in batch.contract.columns.items()})
    path = map_values("file_index", {index: file.claim.name for index, file in enumerate(batch.files)})
    connection.execute(
        f"""
        insert into quality.quarantine
        select file_id, {path}, record, column_name, {headers}, rule, {_show("cell", batch)}, $run_id
        from (
            select *, cells[list_position({names}, column_name)] as cell
            from (
                select file_id, file_index, {compute_record("_row", "files")} as record,
                    split_part(breach, ':', 1) as column_name, split_part(breach, ':', 2) as rule, _source_row as cells
                from (select file_index, _row, _source_row, unnest(_broken) as breach from {set_aside.broken})
                inner join {set_aside.files} as files using (file_index)
            )
        )
        union all
        select file_id, {path}, record, '', '', {map_values("error_type", MALFORMED_RULES)}, null, $run_id
        from {set_aside.malformed} inner join {set_aside.files} as files using (file_index)
        order by 1, 3, 4
        """,
        {"run_id": run_id},
    )


def _list_commonest(connection: DuckDBPyConnection, batch: Batch, set_aside: SetAside, index: int) -> str:
    """The three commonest rules that the file's records break: count, up to three of the values, and what to do."""
    stored = [*batch.contract.stored]
    counts = connection.execute(
        f"""
        select breach, count(*) as broken,
            list_slice(list_sort(list(distinct seen) filter (cell is not null)), 1, {_SHOWN}) as cells
        from (
            select breach, cell, {_show("cell", batch)} as seen
            from (
                select breach, split_part(breach, ':', 1) as column_name,
                    cells[list_position($stored, split_part(breach, ':', 1))] as cell
                from (
                    select unnest(_broken) as breach, _source_row as cells
                    from {set_aside.broken} where file_index = $index
                )
            )
            union all
            select ':' || {map_values("error_type", MALFORMED_RULES)}, null, null
            from {set_aside.malformed} where file_index = $index
        )
        group by breach order by broken desc, breach limit 3
        """,
        {"index": index, "stored": stored},
    ).fetchall()
    return "; ".join(_describe_breach(batch.contract, *breach.split(":"), *rest) for breach, *rest in counts)


def _show(cell: str, batch: Batch) -> str:
    """SQL: the cell of `column_name` as far as `masks.py` lets it be shown."""
    kinds = map_values("column_name", {name: kind_of(column.type) for name, column in batch.contract.columns.items()})
    return f"shown({cell}, {kinds}, count(*) over (partition by column_name, {cell}))"


def _describe_breach(contract: Contract, name: str, rule: str, count: int, cells: list[str] | None) -> str:
    header = f"{contract.columns[name].header} " if name else ""
    remedy = REMEDIES.get(rule)
    if not remedy or not cells:
        return f"{header}{rule} × {count}"
    return f"{header}{rule} × {count} ({'、'.join(cells)}: {remedy})"
