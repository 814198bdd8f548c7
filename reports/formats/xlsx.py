"""Turns the figures behind a bulletin into a workbook: all of a period, their definitions, the data of each chart.

Takes the document model and the figures and returns the file's bytes, the same for the same figures. The text and the
pictures of the bulletin are not in it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from io import BytesIO
from typing import NamedTuple

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.document.model import ChartBlock, Document
from reports.figures.model import Definition, Figure, Figures
from reports.formats.spreadsheet import disarm
from reports.words import wording
from reports.words.catalogue import Words


class Column(NamedTuple):
    """A column of a sheet: its title, its width in characters, and whether its cells are numbers."""

    title: str
    width: float
    is_number: bool = False


# titles are keys of words
_FIGURE_COLUMNS = (
    Column("table.figure", 20),
    Column("table.dimension", 12),
    Column("table.member", 26),
    Column("part.value", 12, True),
    Column("table.unit", 8),
    Column("part.numerator", 12, True),
    Column("part.denominator", 12, True),
    Column("part.year_ago_value", 12, True),
    Column("part.yoy", 17, True),
    Column("part.previous_value", 12, True),
    Column("part.mom", 17, True),
    Column("xlsx.id", 46),
)
_DEFINITION_COLUMNS = (Column("table.figure", 20), Column("table.basis", 70), Column("table.formula", 50))
_BASE_STYLE = {
    "font_size": 11,
    "valign": "vcenter",
    "font_color": "#1B2733",
    "bottom": 1,
    "bottom_color": "#C7D3DF",
}
_HEADER_STYLE = {"bold": True, "bg_color": "#E6EEF6", "bottom_color": "#1B2733", "text_wrap": True}
_HEADER_ROW = 3


class _Book:
    """A workbook under way: it makes each cell style once and gives each sheet the same head."""

    def __init__(self, document: Document):
        self.buffer = BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, {"in_memory": True})
        self.book.set_properties(
            {
                "title": document.title,
                "subject": document.subtitle,
                "author": document.masthead or "",
                "created": datetime.combine(document.as_of_on, time()),
            }
        )
        self.document, self.words = document, document.words
        self.styles: dict[tuple, Format] = {}

    def style(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format({"font_name": self.words("xlsx.font")} | _BASE_STYLE | properties)
        return self.styles[key]

    def add_sheet(self, name: str, title: str, note: str, columns: Sequence[Column]) -> Worksheet:
        """A sheet with title, note and frozen header; its rows begin below _HEADER_ROW."""
        sheet, watermark = self.book.add_worksheet(name), self.document.watermark
        self.write_text(sheet, 0, 0, title, bold=True, font_size=14, bottom=0)
        if watermark and watermark not in note:
            note = self.words("xlsx.notes", first=note, second=watermark)
        self.write_text(sheet, 1, 0, note, font_color="#4A5763", bottom=0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            side = "right" if column.is_number else "left"
            self.write_text(sheet, _HEADER_ROW, place, column.title, **_HEADER_STYLE, align=side)
        sheet.freeze_panes(_HEADER_ROW + 1, 1)
        sheet.repeat_rows(_HEADER_ROW)
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C— &P —")
        if watermark:
            sheet.set_header(f"&C&16{watermark}")
        return sheet

    def write_text(self, sheet: Worksheet, row: int, column: int, words: str, **properties: object) -> None:
        # write_string writes text; without the prefix, a cell that is edited would still become a formula
        quoted = {"quote_prefix": True} if disarm(words) != words else {}
        sheet.write_string(row, column, words, self.style(**properties, **quoted))

    def write_number(self, sheet: Worksheet, row: int, column: int, amount: float | None, number_format: str) -> None:
        if amount is None or pd.isna(amount):
            self.write_text(sheet, row, column, wording.NO_VALUE, align="right")
        else:
            sheet.write_number(row, column, amount, self.style(num_format=number_format))

    def close(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()


def workbook(document: Document, figures: Figures) -> bytes:
    """Every figures row of the period, exact, on sheet 指标; what each counts, on 口径; then a sheet a chart, 图N."""
    book = _Book(document)
    _add_figures(book, figures)
    _add_definitions(book, figures)
    for block in document.blocks:
        if isinstance(block, ChartBlock):
            _add_chart(book, block)
    return book.close()


def _add_figures(book: _Book, figures: Figures) -> None:
    words = book.words
    note = words("xlsx.notes", first=book.document.subtitle, second=words("xlsx.exact"))
    columns = [column._replace(title=words(column.title)) for column in _FIGURE_COLUMNS]
    sheet = book.add_sheet(words("xlsx.figures"), book.document.title, note, columns)
    line = _HEADER_ROW
    # only rows of the mart: what a chart alone prints, such as days, is on the sheet of the chart
    of_the_mart = set(zip(figures.table["figure"], figures.table["dimension"], strict=True))
    for key, definition in figures.definitions.items():
        dimensions = sorted(dimension for figure, dimension in of_the_mart if figure == key)
        for dimension in sorted(dimensions, key=lambda name: name != "total"):
            for row in figures.by(key, dimension):
                line += 1
                _write_figure(book, sheet, line, definition, row, figures)
    sheet.autofilter(_HEADER_ROW, 0, line, len(_FIGURE_COLUMNS) - 1)


def _add_definitions(book: _Book, figures: Figures) -> None:
    words = book.words
    columns = [column._replace(title=words(column.title)) for column in _DEFINITION_COLUMNS]
    sheet = book.add_sheet(words("xlsx.definitions"), words("xlsx.of_figures"), book.document.subtitle, columns)
    present = [definition for key, definition in figures.definitions.items() if figures.dimensions(key)]
    for line, definition in enumerate(present, start=_HEADER_ROW + 1):
        formula = ""
        if definition.denominator_words:
            formula = f"{definition.numerator_words} ÷ {definition.denominator_words}"
        for column, text in enumerate((definition.name, definition.basis, formula)):
            book.write_text(sheet, line, column, text or "", text_wrap=True, valign="top")


def _write_figure(
    book: _Book, sheet: Worksheet, line: int, definition: Definition, row: Figure, figures: Figures
) -> None:
    words = {
        0: definition.name,
        1: figures.dimension_name(row.dimension),
        2: figures.label(row.dimension, row.member),
        4: "%" if definition.is_fraction else definition.unit,
        11: row.id,
    }
    for column, text in words.items():
        book.write_text(sheet, line, column, text or "", indent=int(column > 0))
    for column, amount in ((3, row.value), (7, row.year_ago_value), (9, row.previous_value)):
        book.write_number(sheet, line, column, amount, _value_format(definition, amount))
    # a count is its own numerator, so its cell stays empty
    for column, amount in ((5, row.numerator if row.denominator is not None else None), (6, row.denominator)):
        book.write_number(sheet, line, column, amount, _plain_format(amount))
    for column, base in ((8, row.year_ago_value), (10, row.previous_value)):
        change = figures.words.change(row.value, base, definition.style, definition.unit)
        amount = None
        if change is not None:
            amount = wording.change_amount(row.value, base, definition.style) * (100 if definition.is_fraction else 1)
        book.write_number(sheet, line, column, amount, _change_format(figures.words, change))


def _value_format(definition: Definition, amount: float | None) -> str:
    """The number format that shows an amount as the bulletin's tables print it."""
    if definition.style in ("share", "rate"):
        return f"0{_decimals(wording.percent(amount, definition.decimals))}%"
    return f"0{_decimals(wording.days(1, definition.decimals))}" if definition.style == "days" else "#,##0"


def _change_format(words: Words, change: tuple[str, str] | None) -> str:
    """The number format that shows a change as the text words it, e.g. 增加12.3%."""
    if change is None:
        return "General"
    size = change[1] or "0%"
    unit = "%" if size.endswith("%") else f'"{size.lstrip("0123456789.")}"'
    number = f"0{_decimals(size)}{unit}"
    return f'"{words("change.up")}"{number};"{words("change.down")}"{number};"{words("change.none")}"'


def _plain_format(amount: float | None) -> str:
    return "#,##0" if amount is None or float(amount).is_integer() else "#,##0.00"


def _decimals(printed: str) -> str:
    """The part of a number format that gives as many decimals as `printed` has: '.00' for '12.34%'."""
    digits = "".join(c for c in printed.partition(".")[2] if c.isdigit())
    return "." + "0" * len(digits) if digits else ""


def _add_chart(book: _Book, block: ChartBlock) -> None:
    chart, table = block.chart, block.chart.table
    columns = [Column(title, _width([title, *map(str, table[title])]), _is_numeric(table[title])) for title in table]
    note = book.words("xlsx.notes", first=chart.subtitle, second=chart.source_line)
    sheet = book.add_sheet(book.words("xlsx.chart", number=chart.number), chart.headline, note, columns)
    for place, column in enumerate(columns):
        values = table[column.title]
        shared_format = _shared_format(values) if column.is_number and values.dtype != object else None
        for line, value in enumerate(values, start=_HEADER_ROW + 1):
            amount = None if pd.isna(value) else value
            if column.is_number:
                # numbers of one unit share a format; in a column of many units each number has its own
                number_format = shared_format or _plain_format(amount)
                book.write_number(sheet, line, place, None if amount is None else float(amount), number_format)
            else:
                book.write_text(sheet, line, place, wording.NO_VALUE if amount is None else str(amount))


def _is_numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values.dropna().infer_objects())


def _shared_format(values: pd.Series) -> str:
    if pd.api.types.is_integer_dtype(values.dtype):
        return "#,##0"
    places = max((len(f"{value:.10g}".partition(".")[2]) for value in values.dropna()), default=0)
    return "0." + "0" * places if places else "0"


def _width(texts: Iterable[str]) -> float:
    """The width of a column in characters, a hanzi counted as two; at most 60."""
    return min(max(sum(2 if ord(c) > 0x2E80 else 1 for c in text) for text in texts) + 3, 60)
