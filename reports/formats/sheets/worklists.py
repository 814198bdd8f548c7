"""Writes the worklists: for each unit its cases that are overdue or due soon, and for the bureau how many each has.

Takes a connection to the warehouse and a folder, and writes each list as a workbook to be printed, filled in and signed
off, and as CSV; the same bytes for the same warehouse. Which cases belong on a list is decided by marts.worklist; it
holds no personal data. How a workbook looks belongs to book.py.
"""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import duckdb
from xlsxwriter.worksheet import Worksheet

from reports.figures.load import is_synthetic
from reports.formats.sheets.book import HEADER_ROW, INK, Book, Column
from reports.formats.sheets.number_formats import whole_format
from reports.formats.spreadsheet import disarm, name_file
from reports.words.catalogue import Words, load_words

# key of the header's words -> width in characters; the last two are filled in by hand
_COLUMNS = {
    "place": 6,
    "case_no": 21,
    "item": 32,
    "window": 18,
    "accepted": 11,
    "due": 11,
    "working_days_over": 8,
    "progress": 24,
    "settled": 8,
}
_SUMMARY = {"place": 6, "unit": 30, "cases": 12, "overdue": 12, "counted": 16, "soon": 16, "longest": 14}
_NUMBERS = {"place", "working_days_over", "cases", "overdue", "counted", "soon", "longest"}
_ROW_HEIGHT, _LINE_HEIGHT = 30, 15  # points; a row has room for a handwritten line


class Case(NamedTuple):
    """A row of marts.worklist, as far as lists print it; `due_by` is a moment, where the time of day counts."""

    unit: str
    case_no: str
    item: str
    window: str
    accepted: date
    due: date
    due_by: datetime | None
    is_overdue: bool
    is_counted: bool
    working_days_over: int


class Counts(NamedTuple):
    """How many cases a list holds; `counted` are those overdue cases that the bulletin's figure counts, too."""

    cases: int
    overdue: int
    counted: int
    soon: int
    longest: int


def as_of(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The day of the worklists as 2022-07-15: the last day that all datasets cover; None without data."""
    return connection.execute("select cast(max(as_of_on) as varchar) from marts.dim_periods").fetchone()[0]


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Writes <unit>.xlsx and <unit>.csv for each unit with such cases, the earliest due day first, and the summary.

    Returns the number of cases by unit; without any, the folder stays empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (language,) = connection.execute("select coalesce(language, 'zh') from reference.jurisdiction").fetchone()
    words, day = load_words(language), as_of(connection)
    mark = words("synthetic") if is_synthetic(connection) else None
    taken: set[str] = set()
    summary_name = name_file(words("worklist.summary"), taken)
    counts: dict[str, Counts] = {}
    for unit, group in groupby(_read_cases(connection), key=lambda case: case.unit):
        cases = list(group)
        counts[unit] = _count(cases)
        name = name_file(unit, taken)
        _write_csv(folder / f"{name}.csv", words, _COLUMNS, _list_rows(cases), mark)
        (folder / f"{name}.xlsx").write_bytes(_make_list(words, unit, date.fromisoformat(day), cases, mark))
    if counts:
        most_overdue_first = sorted(counts.items(), key=lambda item: (-item[1].overdue, -item[1].cases, item[0]))
        rows = [(place, unit, *row) for place, (unit, row) in enumerate(most_overdue_first, start=1)]
        _write_csv(folder / f"{summary_name}.csv", words, _SUMMARY, rows, mark)
        explanation = _explain(connection, words, day, counts)
        made = _make_summary(words, date.fromisoformat(day), rows, explanation, mark)
        (folder / f"{summary_name}.xlsx").write_bytes(made)
    return {unit: row.cases for unit, row in counts.items()}


def _read_cases(connection: duckdb.DuckDBPyConnection) -> list[Case]:
    rows = connection.execute(
        """
        select unit_name, case_no, item_name, coalesce(window_name, org_name), accepted_on, due_on, due_by_at,
            is_overdue, is_overdue_counted, working_days_over
        from marts.worklist
        order by unit_name, due_on, due_by_at, accepted_on, case_key
        """
    ).fetchall()
    return [Case(*row) for row in rows]


def _count(cases: Sequence[Case]) -> Counts:
    overdue = [case for case in cases if case.is_overdue]
    return Counts(
        cases=len(cases),
        overdue=len(overdue),
        counted=sum(case.is_counted for case in overdue),
        soon=len(cases) - len(overdue),
        longest=max((case.working_days_over for case in overdue), default=0),
    )


def _list_rows(cases: Sequence[Case]) -> list[tuple]:
    """A list's cells; a case that is not overdue has no working days past its due day."""
    return [
        (
            place,
            case.case_no,
            case.item,
            case.window,
            case.accepted,
            case.due_by or case.due,
            case.working_days_over if case.is_overdue else None,
            "",
            "",
        )
        for place, case in enumerate(cases, start=1)
    ]


def _write_csv(path: Path, words: Words, columns: dict[str, int], rows: list[tuple], mark: str | None) -> None:
    """The rows under their header; an empty last column headed by the mark says that a program made the cases up."""
    marked, blank = ([mark], [""]) if mark else ([], [])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*(words(f"worklist.{key}") for key in columns), *marked])
        writer.writerows([*(disarm(_write_out(cell)) for cell in row), *blank] for row in rows)


def _write_out(cell: object) -> object:
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell


def _make_list(words: Words, unit: str, day: date, cases: list[Case], mark: str | None) -> bytes:
    counts = _count(cases)
    note = words("worklist.note", day=words.day(day), n=counts.cases, **counts._asdict())
    book, sheet = _open_form(words, words("worklist.title", unit=unit), note, day, _COLUMNS, mark)
    for line, row in enumerate(_list_rows(cases), start=HEADER_ROW + 1):
        lines = [-(-_measure(str(cell)) // width) for cell, width in zip(row, _COLUMNS.values(), strict=True)]
        sheet.set_row(line, max(_ROW_HEIGHT, _LINE_HEIGHT * max(lines)))
        _write_row(book, sheet, line, _COLUMNS, row)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(cases), len(_COLUMNS) - 1)
    return book.close()


def _make_summary(words: Words, day: date, rows: list[tuple], explanation: list[str], mark: str | None) -> bytes:
    title, note = words("worklist.summary"), words("worklist.as_of", day=words.day(day))
    book, sheet = _open_form(words, title, note, day, _SUMMARY, mark)
    sheet.set_portrait()
    for line, row in enumerate(rows, start=HEADER_ROW + 1):
        sheet.set_row(line, _ROW_HEIGHT)
        _write_row(book, sheet, line, _SUMMARY, row)
    bottom = HEADER_ROW + 1 + len(rows)
    sheet.set_row(bottom, _ROW_HEIGHT)
    book.write_text(sheet, bottom, 0, "")
    book.write_text(sheet, bottom, 1, words("worklist.total"), bold=True, indent=1)
    for place in range(2, len(_SUMMARY)):
        column = [row[place] for row in rows]
        is_longest = place == len(_SUMMARY) - 1
        whole = max(column) if is_longest else sum(column)
        book.write_total(sheet, bottom, place, whole, "MAX" if is_longest else "SUM")
    for line, sentence in enumerate(explanation, start=bottom + 2):
        book.write_across(sheet, line, len(_SUMMARY), sentence)
    return book.close()


def _open_form(
    words: Words, title: str, note: str, day: date, columns: dict[str, int], mark: str | None
) -> tuple[Book, Worksheet]:
    """A book with one sheet to be printed and filled in: every cell has a border."""
    book = Book(words, title, day, mark, cell={"border": 1, "border_color": INK, "text_wrap": True})
    heads = [Column(words(f"worklist.{key}"), width, key in _NUMBERS) for key, width in columns.items()]
    sheet = book.add_sheet(words("worklist.name"), title, note, heads, is_form=True)
    sheet.set_footer(f"&C{words('worklist.page')}")
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    return book, sheet


def _write_row(book: Book, sheet: Worksheet, line: int, columns: dict[str, int], row: tuple) -> None:
    for place, (key, cell) in enumerate(zip(columns, row, strict=True)):
        if key in _NUMBERS:
            book.write_number(sheet, line, place, cell, whole_format(book.words), align="center")
        elif isinstance(cell, date):
            book.write_date(sheet, line, place, cell)
        else:
            book.write_text(sheet, line, place, cell, indent=1)


def _explain(connection: duckdb.DuckDBPyConnection, words: Words, day: str, counts: dict[str, Counts]) -> list[str]:
    """Why the lists hold more cases than the bulletin says are overdue: whom it counts, and on which day."""
    total = Counts(*(sum(column) for column in zip(*counts.values(), strict=True)))
    printed = connection.execute(
        """
        select distinct value from marts.figures inner join marts.dim_periods as periods using (period)
        where figure = 'overdue_open' and dimension = 'total' and periods.as_of_on = cast($1 as date)
        """,
        [day],
    ).fetchall()
    sentences = [words("worklist.holds", n=total.cases, **total._asdict())]
    if printed:
        others = total.overdue - total.counted
        sentences.append(words("worklist.bulletin", n=int(printed[0][0]), others=others, soon=total.soon))
    return [*sentences, words("worklist.later", day=words.day(date.fromisoformat(day)))]


def _measure(text: str) -> int:
    """The width of a text in characters, a hanzi counted as two."""
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)
