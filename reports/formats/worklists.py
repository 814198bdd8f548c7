"""Writes the worklists: for each unit the cases that are overdue or due soon, as a workbook and as CSV.

Takes a connection to the warehouse and a folder; the files are the same bytes for the same warehouse. Which cases
belong on a list is decided by marts.worklist; it holds no personal data.
"""

import csv
from datetime import datetime, time
from io import BytesIO
from itertools import groupby
from pathlib import Path

import duckdb
import xlsxwriter

from reports.formats.spreadsheet import disarm, name_file
from reports.words.catalogue import Words, load_words

# key of the header's words: (SQL expression, width in characters)
_COLUMNS = {
    "case_no": ("case_no", 24),
    "item": ("item_name", 32),
    "org": ("org_name", 22),
    "window": ("coalesce(window_name, '')", 14),
    "accepted_on": ("cast(accepted_on as varchar)", 12),
    "due_on": ("coalesce(strftime(due_by_at, '%Y-%m-%d %H:%M'), cast(due_on as varchar))", 16),
    "state": ("case when is_overdue then 'overdue' when working_days_left = 0 then 'today' else 'soon' end", 10),
    "days_over": ("days_over", 10),
    "days_left": ("working_days_left", 12),
    "source": ("coalesce(sources.name, source_system)", 24),
}
_STATE = list(_COLUMNS).index("state")


def as_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The day of the worklists as 2022-07-15: the last day that all datasets cover; None without data."""
    return connection.execute("select cast(max(as_of_on) as varchar) from marts.dim_periods").fetchone()[0]


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Writes <unit>.xlsx and <unit>.csv for each unit with such cases, the earliest due day first.

    Returns the number of cases by unit.
    """
    day = as_of(connection)
    (language,) = connection.execute("select coalesce(language, 'zh') from reference.jurisdiction").fetchone()
    words = load_words(language)
    columns = ", ".join(expression for expression, _ in _COLUMNS.values())
    rows = connection.execute(
        f"""
        select unit_name, {columns} from marts.worklist
        left join reference.sources as sources on source_system = sources.source
        order by unit_name, due_on, due_by_at, accepted_on, case_key
        """
    ).fetchall()
    folder.mkdir(parents=True, exist_ok=True)
    counts, taken = {}, set()
    for unit, group in groupby(rows, key=lambda row: row[0]):
        cases = [_word_state(words, row[1:]) for row in group]
        name = name_file(unit, taken)
        title = words("worklist.title", unit=unit, day=day, n=len(cases))
        _write_csv(folder / f"{name}.csv", words, cases)
        _write_workbook(folder / f"{name}.xlsx", words, title, cases, day)
        counts[unit] = len(cases)
    return counts


def _word_state(words: Words, cells: tuple) -> tuple:
    return (*cells[:_STATE], words(f"worklist.{cells[_STATE]}"), *cells[_STATE + 1 :])


def _write_csv(path: Path, words: Words, rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([words(f"worklist.{key}") for key in _COLUMNS])
        writer.writerows([disarm(cell) for cell in row] for row in rows)


def _write_workbook(path: Path, words: Words, title: str, rows: list[tuple], day: str) -> None:
    # packed in memory: on a full disk the packer would print a traceback of its own
    packed = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(packed, options) as book:
        book.set_properties({"title": title, "created": datetime.combine(datetime.fromisoformat(day), time())})
        heading = book.add_format({"bold": True, "font_size": 14})
        header = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EDF3", "text_wrap": True})
        sheet = book.add_worksheet(words("worklist.name"))
        sheet.write_string(0, 0, title, heading)
        for place, (key, (_, width)) in enumerate(_COLUMNS.items()):
            sheet.set_column(place, place, width)
            sheet.write_string(1, place, words(f"worklist.{key}"), header)
        for line, row in enumerate(rows, start=2):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, cell) if isinstance(cell, str) else sheet.write(line, place, cell)
        sheet.freeze_panes(2, 1)
        sheet.autofilter(1, 0, len(rows) + 1, len(_COLUMNS) - 1)
        sheet.repeat_rows(1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    path.write_bytes(packed.getvalue())
