"""A workbook under way: sheets with one head and page setup, cells in a few shared styles, no time of writing.

It takes the words of a language, a title, the as-of day (the only date in the file) and the mark of synthetic data. It
returns the file's bytes. A word is never a formula, and a missing number is an empty cell, so that columns of numbers
can be added up. What the sheets hold belongs to workbook.py and worklists.py.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.formats.sheets.number_formats import whole_format
from reports.formats.spreadsheet import disarm
from reports.words.catalogue import Words

HEADER_ROW = 3
INK, INK2, LINE, HEAD = "#1B2733", "#4A5763", "#C7D3DF", "#E6EEF6"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31  # Excel's limit


class Column(NamedTuple):
    """A column of a sheet: its title, its width in characters, and whether its cells are numbers."""

    title: str
    width: float
    is_number: bool = False


def count_characters(text: str) -> int:
    """The width of a text in characters, a hanzi counted as two."""
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def width_of(texts: Iterable[str], least: float = 0) -> float:
    """The width of a column that shows the texts whole, in characters; at most 60."""
    return min(max(max(map(count_characters, texts), default=0) + 3, least), 60)


@dataclass
class Book:
    """`cell` is the style that every cell of the book has; `mark` stands on each sheet and each printed page."""

    words: Words
    title: str
    day: date
    mark: str | None
    subject: str = ""
    author: str = ""
    cell: dict[str, object] = field(default_factory=lambda: {"bottom": 1, "bottom_color": LINE})

    def __post_init__(self) -> None:
        # packed in memory: on a full disk the packer would print a traceback of its own
        self.buffer = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        created = datetime.combine(self.day, time())
        about = {"title": self.title, "subject": self.subject, "author": self.author, "created": created}
        self.book.set_properties(about)
        self.styles: dict[tuple, Format] = {}

    def style(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.styles:
            base = {"font_name": self.words("xlsx.font"), "font_size": 11, "valign": "vcenter", "font_color": INK}
            self.styles[key] = self.book.add_format(base | self.cell | properties)
        return self.styles[key]

    def add_sheet(
        self, name: str, title: str, note: str, columns: Sequence[Column], is_form: bool = False
    ) -> Worksheet:
        """A sheet with title, note and frozen header; its rows begin below HEADER_ROW.

        On a form, which is printed, title and note stand across the table, and each heading above its column's middle.
        """
        sheet = self.book.add_worksheet(_NOT_IN_NAMES.sub("_", name)[:_LONGEST_NAME])
        if self.mark and self.mark not in note:
            note = self.words("xlsx.notes", first=note, second=self.mark)
        if is_form:
            self.write_across(
                sheet, 0, len(columns), title, height=32, bold=True, font_size=18, font_color=INK, align="center"
            )
            self.write_across(sheet, 1, len(columns), note)
            sheet.set_row(2, 6)
        else:
            bare = {"border": 0, "bottom": 0}
            self.write_text(sheet, 0, 0, title, bold=True, font_size=14, **bare)
            self.write_text(sheet, 1, 0, note, font_color=INK2, **bare)
        head = {"bold": True, "bg_color": HEAD, "bottom_color": INK, "text_wrap": True}
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            side = "center" if is_form else "right" if column.is_number else "left"
            self.write_text(sheet, HEADER_ROW, place, column.title, **head, align=side)
        sheet.set_row(HEADER_ROW, 34)  # room for two lines
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.repeat_rows(HEADER_ROW)
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C— &P —")
        if self.mark:
            sheet.set_header(f"&C&16{self.mark}")
        return sheet

    def write_text(self, sheet: Worksheet, row: int, column: int, words: str, **properties: object) -> None:
        # write_string writes text; without the prefix, a cell that is edited would still become a formula
        quoted = {"quote_prefix": True} if disarm(words) != words else {}
        sheet.write_string(row, column, words, self.style(**properties, **quoted))

    def write_number(
        self, sheet: Worksheet, row: int, column: int, amount: float | None, number_format: str, **properties: object
    ) -> None:
        """The number, or an empty cell where there is none: words in a column of numbers would break its sums."""
        style = self.style(num_format=number_format, **{"align": "right"} | properties)
        if amount is None or amount != amount:  # NaN
            sheet.write_blank(row, column, None, style)
        else:
            sheet.write_number(row, column, amount, style)

    def write_date(self, sheet: Worksheet, row: int, column: int, day: date) -> None:
        """A date, or a moment with hours and minutes, that can be sorted and filtered as one."""
        shown = "yyyy-mm-dd hh:mm" if isinstance(day, datetime) and day.time() != time() else "yyyy-mm-dd"
        sheet.write_datetime(row, column, day, self.style(num_format=shown, align="center"))

    def write_total(self, sheet: Worksheet, row: int, column: int, amount: float, function: str) -> None:
        """The sum or other function of the rows between head and `row`: a formula that holds `amount` already."""
        cells = f"{_name(HEADER_ROW + 1, column)}:{_name(row - 1, column)}"
        style = self.style(num_format=whole_format(self.words), align="center", bold=True)
        sheet.write_formula(row, column, f"={function}({cells})", style, amount)

    def write_across(
        self, sheet: Worksheet, row: int, columns: int, words: str, height: float = 34, **properties: object
    ) -> None:
        """Words over the width of the table, broken into lines."""
        style = self.style(**{"border": 0, "bottom": 0, "text_wrap": True, "font_color": INK2} | properties)
        sheet.merge_range(row, 0, row, columns - 1, "", style)
        sheet.write_string(row, 0, words, style)
        sheet.set_row(row, height)

    def close(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()


TOTAL = {"bold": True, "top": 1, "top_color": INK, "bg_color": "#F3F6FA"}
_name = xlsxwriter.utility.xl_rowcol_to_cell
