"""Writes the worklists: for each unit the cases that are overdue or due soon, as a workbook and as CSV.

Takes a connection to the warehouse and a folder; the files are the same bytes for the same warehouse. Which cases
belong on a list is decided by marts.worklist; it holds no personal data.
"""

import csv
import re
from datetime import datetime, time
from itertools import groupby
from pathlib import Path

import duckdb
import xlsxwriter

# header: (SQL expression, width in characters)
_COLUMNS = {
    "办件编号": ("case_no", 24),
    "事项名称": ("item_name", 32),
    "单位": ("org_name", 22),
    "窗口": ("coalesce(window_name, '')", 14),
    "受理日期": ("cast(accepted_on as varchar)", 12),
    "应办结日": ("coalesce(strftime(due_by_at, '%Y-%m-%d %H:%M'), cast(due_on as varchar))", 16),
    "状态": ("case when is_overdue then '已超期' when working_days_left = 0 then '今日到期' else '即将到期' end", 10),
    "超期天数": ("days_over", 10),
    "剩余工作日": ("working_days_left", 12),
    "数据来源": ("coalesce(sources.name, source_system)", 24),
}
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def as_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The day of the worklists as 2022-07-15: the last day that all datasets cover; None without data."""
    return connection.execute("select cast(max(as_of_on) as varchar) from marts.dim_periods").fetchone()[0]


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Writes <unit>.xlsx and <unit>.csv for each unit with such cases, the earliest due day first.

    Returns the number of cases by unit.
    """
    day = as_of(connection)
    columns = ", ".join(expression for expression, _ in _COLUMNS.values())
    rows = connection.execute(
        f"""
        select unit_name, {columns} from marts.worklist
        left join reference.sources as sources on source_system = sources.source
        order by unit_name, due_on, due_by_at, accepted_on, case_key
        """
    ).fetchall()
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for unit, group in groupby(rows, key=lambda row: row[0]):
        cases = [row[1:] for row in group]
        name = re.sub(r'[\\/:*?"<>|\s]+', "_", unit)
        while (folder / f"{name}.csv").exists():  # the names of two units may differ only in such characters
            name += "_"
        _write_csv(folder / f"{name}.csv", cases)
        _write_workbook(folder / f"{name}.xlsx", f"{unit}督办清单（截至{day}，共{len(cases)}件）", cases, day)
        counts[unit] = len(cases)
    return counts


def _write_csv(path: Path, rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        writer.writerows([_disarm(cell) for cell in row] for row in rows)


def _disarm(cell: object) -> object:
    """The cell, with an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _write_workbook(path: Path, title: str, rows: list[tuple], day: str) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "created": datetime.combine(datetime.fromisoformat(day), time())})
        heading = book.add_format({"bold": True, "font_size": 14})
        header = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EDF3", "text_wrap": True})
        sheet = book.add_worksheet("督办清单")
        sheet.write_string(0, 0, title, heading)
        for place, (name, (_, width)) in enumerate(_COLUMNS.items()):
            sheet.set_column(place, place, width)
            sheet.write_string(1, place, name, header)
        for line, row in enumerate(rows, start=2):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, cell) if isinstance(cell, str) else sheet.write(line, place, cell)
        sheet.freeze_panes(2, 1)
        sheet.autofilter(1, 0, len(rows) + 1, len(_COLUMNS) - 1)
        sheet.repeat_rows(1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
