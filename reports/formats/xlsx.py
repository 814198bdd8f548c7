"""Here the figures behind a bulletin become a workbook: all of a period, and the data of each chart.
Words of the text and pictures stay out, and so does any counting.
It hands render the file's bytes, the same for the same figures.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from io import BytesIO

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from reports.document.model import ChartBlock, Document
from reports.figures.load import Definition, Figure, Figures
from reports.text import wording

# header, width in characters, and whether its cells are numbers
_COLUMNS = (
    ("指标", 20, False), ("分项", 12, False), ("成员", 26, False), ("数值", 12, True), ("单位", 8, False),
    ("分子", 12, True), ("分母", 12, True), ("上年同期", 12, True), ("同比", 17, True), ("上期", 12, True),
    ("环比", 17, True), ("编号", 46, False),
)  # fmt: skip
_DEFINITIONS = (("指标", 20, False), ("口径", 70, False), ("计算", 50, False))
_FONT = "宋体"
_HEADER_ROW = 3


class _Book:
    """A workbook under way; a cell's looks are made once for each kind."""

    def __init__(self, document: Document):
        self.buffer = BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, {"in_memory": True})
        self.book.set_properties({
            "title": document.title,
            "subject": document.subtitle,
            "author": document.masthead or "",
            "created": datetime.combine(document.as_of_on, time()),
        })  # fmt: skip
        self.document = document
        self.looks: dict[tuple, object] = {}

    def look(self, **properties: object):
        key = tuple(sorted(properties.items()))
        if key not in self.looks:
            base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter", "font_color": "#1B2733",
                    "bottom": 1, "bottom_color": "#C7D3DF"}  # fmt: skip
            self.looks[key] = self.book.add_format(base | properties)
        return self.looks[key]

    def sheet(self, name: str, title: str, note: str, columns: Sequence[tuple[str, float, bool]]) -> Worksheet:
        """A sheet with title, note and frozen header, ready for rows from _HEADER_ROW + 1; columns as _COLUMNS."""
        sheet, mark = self.book.add_worksheet(name), self.document.watermark
        self.text(sheet, 0, 0, title, bold=True, font_size=14, bottom=0)
        self.text(sheet, 1, 0, note if not mark or mark in note else f"{note}　{mark}", font_color="#4A5763", bottom=0)
        for column, (words, width, is_number) in enumerate(columns):
            sheet.set_column(column, column, width)
            side = "right" if is_number else "left"
            looks = {"bold": True, "bg_color": "#E6EEF6", "bottom_color": "#1B2733", "align": side, "text_wrap": True}
            self.text(sheet, _HEADER_ROW, column, words, **looks)
        sheet.freeze_panes(_HEADER_ROW + 1, 1)
        sheet.repeat_rows(_HEADER_ROW)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C— &P —")
        if mark:
            sheet.set_header(f"&C&16{mark}")
        return sheet

    def text(self, sheet: Worksheet, row: int, column: int, words: str, **looks: object) -> None:
        # write_string makes it text; typed anew, such a cell would still become a formula
        guarded = {"quote_prefix": True} if words[:1] in ("=", "+", "-", "@") else {}
        sheet.write_string(row, column, words, self.look(**looks, **guarded))

    def number(self, sheet: Worksheet, row: int, column: int, amount: float | None, form: str) -> None:
        if amount is None or pd.isna(amount):
            self.text(sheet, row, column, wording.NO_VALUE, align="right")
        else:
            sheet.write_number(row, column, amount, self.look(num_format=form))

    def finished(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()


def workbook(document: Document, figures: Figures) -> bytes:
    """Sheet 指标: every figures row of the period, exact; 口径: what each counts; then a sheet a chart, named 图N."""
    book = _Book(document)
    _figures(book, figures)
    _definitions(book, figures)
    for block in document.blocks:
        if isinstance(block, ChartBlock):
            _chart(book, block)
    return book.finished()


def _figures(book: _Book, figures: Figures) -> None:
    note = f"{book.document.subtitle}　率和占比为未取整的数，按显示格式取整；“/”表示没有可比数"
    sheet = book.sheet("指标", book.document.title, note, _COLUMNS)
    at = _HEADER_ROW
    # the mart's rows: what a chart counts by itself, such as days, stands on its own sheet
    kept = set(zip(figures.table["figure"], figures.table["dimension"], strict=True))
    for key, definition in figures.definitions.items():
        dimensions = sorted(name for figure, name in kept if figure == key)
        for dimension in sorted(dimensions, key=lambda name: name != "total"):
            for row in figures.by(key, dimension):
                at += 1
                _figure(book, sheet, at, definition, row, figures)
    sheet.autofilter(_HEADER_ROW, 0, at, len(_COLUMNS) - 1)


def _definitions(book: _Book, figures: Figures) -> None:
    sheet = book.sheet("口径", "指标口径", book.document.subtitle, _DEFINITIONS)
    for at, definition in enumerate(figures.definitions.values(), start=_HEADER_ROW + 1):
        over = f"{definition.numerator_words} ÷ {definition.denominator_words}" if definition.denominator_words else ""
        for column, text in enumerate((definition.name, definition.basis, over)):
            book.text(sheet, at, column, text or "", text_wrap=True, valign="top")


def _figure(book: _Book, sheet: Worksheet, at: int, definition: Definition, row: Figure, figures: Figures) -> None:
    words = {
        0: definition.name,
        1: figures.dimension_name(row.dimension),
        2: figures.label(row.dimension, row.member),
        4: "%" if definition.is_fraction else definition.unit,
        11: row.id,
    }
    for column, text in words.items():
        book.text(sheet, at, column, text or "", indent=int(column > 0))
    for column, amount in ((3, row.value), (7, row.year_ago_value), (9, row.previous_value)):
        book.number(sheet, at, column, amount, _form(definition, amount))
    # a count is its own numerator
    for column, amount in ((5, row.numerator if row.denominator is not None else None), (6, row.denominator)):
        book.number(sheet, at, column, amount, _plain_form(amount))
    for column, base in ((8, row.year_ago_value), (10, row.previous_value)):
        moved = wording.change(row.value, base, definition.style, definition.unit)
        amount = None if moved is None else wording.change_amount(row.value, base, definition.style)
        book.number(sheet, at, column, None if amount is None else amount * (100 if definition.is_fraction else 1),
                    _change_form(moved, definition))  # fmt: skip


def _form(definition: Definition, amount: float | None) -> str:
    """The number format that shows an amount as the bulletin's tables print it."""
    if definition.style in ("share", "rate"):
        return f"0{_zeros(wording.printed(amount, definition.style, definition.decimals))}%"
    return f"0{_zeros(wording.days(1, definition.decimals))}" if definition.style == "days" else "#,##0"


def _change_form(moved: tuple[str, str] | None, definition: Definition) -> str:
    if moved is None:
        return "General"
    size = moved[1] or "0%"
    unit = "%" if size.endswith("%") else f'"{size.lstrip("0123456789.")}"'
    shown = f"0{_zeros(size)}{unit}"
    return f'"增加"{shown};"减少"{shown};"持平"'


def _plain_form(amount: float | None) -> str:
    return "#,##0" if amount is None or float(amount).is_integer() else "#,##0.00"


def _zeros(printed: str) -> str:
    digits = "".join(c for c in printed.partition(".")[2] if c.isdigit())
    return "." + "0" * len(digits) if digits else ""


def _chart(book: _Book, block: ChartBlock) -> None:
    chart = block.chart
    table = chart.table
    numeric = [pd.api.types.is_numeric_dtype(table[name].dropna().infer_objects()) for name in table]
    columns = [(name, _width([name, *map(str, table[name])]), n) for name, n in zip(table, numeric, strict=True)]
    note = f"{chart.subtitle}　{chart.source_line}"
    sheet = book.sheet(f"图{chart.number}", chart.headline, note, columns)
    for column, (name, _, is_number) in enumerate(columns):
        values = table[name]
        # numbers of one unit have one format, those of many each its own
        forms = [_plain_form(None if pd.isna(value) else value) for value in values] if is_number else []
        if is_number and values.dtype != object:
            forms = [_shared_form(values)] * len(values)
        for place, value in enumerate(values, start=_HEADER_ROW + 1):
            if is_number:
                book.number(
                    sheet, place, column, None if pd.isna(value) else float(value), forms[place - _HEADER_ROW - 1]
                )
            else:
                book.text(sheet, place, column, wording.NO_VALUE if pd.isna(value) else str(value))


def _shared_form(values: pd.Series) -> str:
    if pd.api.types.is_integer_dtype(values.dtype):
        return "#,##0"
    places = max((len(f"{value:.10g}".partition(".")[2]) for value in values.dropna()), default=0)
    return "0." + "0" * places if places else "0"


def _width(texts: Iterable[str]) -> float:
    return min(max(sum(2 if ord(c) > 0x2E80 else 1 for c in text) for text in texts) + 3, 60)
