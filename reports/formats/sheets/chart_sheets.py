"""The sheet of a chart: its data, with a row of totals, and beside them a chart that Excel itself draws of them.

It takes a finished chart of reports/charts and the figures, and adds one sheet to a `Book`. The drawn picture of the
bulletin is not in it: people redraw, filter and copy this one. Totals are rows of marts.figures; only the parts of a
column that all have the same denominator, so that they are shares of one whole, are added up.
"""

import unicodedata

import pandas as pd

from reports.charts.drawing.sheet import Chart
from reports.figures.model import Figure, Figures
from reports.formats.sheets.book import HEADER_ROW, INK, LINE, TOTAL, Book, Column, width_of
from reports.formats.sheets.number_formats import plain_format, shared_format
from reports.text.filling import Mark

_COLOURS = ("#12599C", "#8496A8")  # those of the bulletin: the main one, and that of what is compared
_COMPARABLE = ("value", "year_ago_value", "previous_value", "numerator")
# px of a bar with its gap: of many, a bar is as high as the row of its number, so that the chart ends with the table
_ROW_HEIGHT, _LOW_ROW_HEIGHT, _MANY = 26, 20, 20
_ONE_PAGE = 1400  # px of a chart that can be read when the sheet is printed on one page


def add_chart(book: Book, chart: Chart, figures: Figures) -> None:
    """A sheet named after the chart's number: data, totals where there are any, and a native chart."""
    table = chart.table
    columns = [Column(title, width_of([title, *map(str, table[title])]), _is_numeric(table[title])) for title in table]
    note = book.words("xlsx.notes", first=chart.subtitle, second=chart.source_line)
    sheet = book.add_sheet(book.words("xlsx.chart", number=chart.number), chart.headline, note, columns)
    name, totals = _find_totals(chart, figures)
    bottom = HEADER_ROW + 1 + len(table)
    for place, (column, total) in enumerate(zip(columns, totals, strict=True)):
        values = table[column.title]
        one_format = shared_format(book.words, values) if column.is_number and values.dtype != object else None
        for line, value in enumerate(values, start=HEADER_ROW + 1):
            amount = None if pd.isna(value) else value
            if column.is_number:
                # numbers of one unit share a format; in a column of many units each number has its own
                number = None if amount is None else float(amount)
                book.write_number(sheet, line, place, number, one_format or plain_format(book.words, amount))
            else:
                book.write_text(sheet, line, place, "" if amount is None else str(amount))
        if name:
            if column.is_number:
                book.write_number(sheet, bottom, place, total, one_format or plain_format(book.words, total), **TOTAL)
            else:
                book.write_text(sheet, bottom, place, "" if place else name, **TOTAL)
    sheet.autofilter(HEADER_ROW, 0, bottom - 1, len(columns) - 1)
    _draw(book, sheet, chart, columns, {span.period for span in figures.history if not span.is_complete})


def _find_totals(chart: Chart, figures: Figures) -> tuple[str, list[float | None]]:
    """The name of the row of totals, '' where there is none, and for each column the whole, in its unit, or None."""
    totals, name = [], ""
    for place, title in enumerate(chart.table):
        marks = [row[place] for row in chart.marks]
        rows = _find_rows(marks, figures)
        whole, is_sum = _find_whole(rows, marks[0].part, figures) if rows else (None, False)
        totals.append(whole * 100 if whole is not None and _unit(title) == "%" else whole)
        if whole is not None:
            name = figures.label("total", "total") if is_sum else name or figures.city_word
    return name, totals


def _find_rows(marks: list[Mark | None], figures: Figures) -> list[Figure]:
    """The rows of a column that shows one part of one figure by one dimension; [] for any other column."""
    ids = [mark.figure_id.split("/", 3) for mark in marks if mark]
    if len(ids) < max(2, len(marks)) or len({(key, dimension) for _, key, dimension, _ in ids}) > 1:
        return []
    rows = [figures.get(key, dimension, member, period) for period, key, dimension, member in ids]
    return rows if all(rows) and len({mark.part for mark in marks}) == 1 else []


def _find_whole(rows: list[Figure], part: str, figures: Figures) -> tuple[float | None, bool]:
    """The whole that `part` of the rows divides, and whether it is the rows' sum."""
    denominator = rows[0].denominator
    if rows[0].dimension != "total" and denominator and {row.denominator for row in rows} == {denominator}:
        is_whole = sum(row.numerator or 0 for row in rows) == denominator and part in ("numerator", "value")
        return (sum(_part(row, part) or 0 for row in rows), True) if is_whole else (None, False)
    total = figures.get(rows[0].figure)
    return (_part(total, part) if total else None, False)


def _part(row: Figure, part: str) -> float | None:
    if part == "yoy":
        return row.value / row.year_ago_value - 1 if row.value is not None and row.year_ago_value else None
    return getattr(row, part, None)


def _draw(book: Book, sheet: object, chart: Chart, columns: list[Column], running: set[str]) -> None:
    """Bars for members, columns for periods, of the first number and of those in the same unit to compare it with.

    Where each column is a period of its own, the first row, that of the whole, is drawn over the periods, and one that
    is `running` is hollow.
    """
    drawn = _choose_series(chart, columns)
    if not drawn or chart.table.empty:
        return
    first, last = HEADER_ROW + 1, HEADER_ROW + len(chart.table)
    periods = [_list_periods(chart, place) for place, column in enumerate(columns) if column.is_number]
    is_history = all(len(each) == 1 for each in periods) and len(set().union(*periods)) > 1
    is_of_time = is_history or len(_list_periods(chart, drawn[0])) > 1
    if is_history:
        ends = [place for place, column in enumerate(columns) if column.is_number]
        across = (HEADER_ROW, ends[0], HEADER_ROW, ends[-1]), (first, ends[0], first, ends[-1])
        series = [((first, 0), *across)]
        hollow = {"fill": {"none": True}, "border": {"color": _COLOURS[0], "dash_type": "dash"}}
        points = [hollow if each & running else None for each in periods]
    else:
        series = [((HEADER_ROW, place), (first, 0, last, 0), (first, place, last, place)) for place in drawn]
        points = []
    native = book.book.add_chart({"type": "column" if is_of_time else "bar"})
    font = {"name": book.words("xlsx.font"), "size": 10, "color": INK}
    for (name, categories, values), colour in zip(series, _COLOURS, strict=False):
        native.add_series(
            {
                "name": [sheet.name, *name],
                "categories": [sheet.name, *categories],
                "values": [sheet.name, *values],
                "fill": {"color": colour},
                "points": points,
                "gap": 60,
                "data_labels": {"value": len(chart.table) <= 40, "font": font},
            }
        )
    native.set_title({"name": chart.headline, "name_font": font | {"size": 13, "bold": True}, "overlay": False})
    members = {
        "num_font": font,
        "line": {"color": LINE},
        "reverse": not is_of_time,
        "major_gridlines": {"visible": False},
    }
    amounts = {"visible": False, "major_gridlines": {"visible": False}}  # each bar says its number
    native.set_x_axis(members if is_of_time else amounts)
    native.set_y_axis(amounts if is_of_time else members)
    native.set_legend({"position": "bottom", "font": font} if len(series) > 1 or is_history else {"none": True})
    bars = len(drawn) * len(chart.table)
    height = 380 if is_of_time else max(240, 110 + (_ROW_HEIGHT if bars <= _MANY else _LOW_ROW_HEIGHT) * bars)
    native.set_size({"width": 640, "height": height})
    if height <= _ONE_PAGE:
        sheet.fit_to_pages(1, 1)  # no page cuts the chart
    # read aloud in place of the drawing
    sheet.insert_chart(HEADER_ROW, len(columns) + 1, native, {"description": chart.alt})


def _list_periods(chart: Chart, place: int) -> set[str]:
    """The periods whose figures a column shows."""
    return {mark.figure_id.split("/")[0] for row in chart.marks if (mark := row[place])}


def _choose_series(chart: Chart, columns: list[Column]) -> list[int]:
    units = {place: _unit(column.title) for place, column in enumerate(columns) if column.is_number}
    places = [place for place in units if {row[place].part for row in chart.marks if row[place]} & {*_COMPARABLE}]
    return [place for place in places if units[place] == units[places[0]]][: len(_COLOURS)]


def _unit(title: str) -> str:
    """What stands in brackets, of full or half width, at the end of a heading."""
    return unicodedata.normalize("NFKC", title).rpartition("(")[2].removesuffix(")")


def _is_numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values.dropna().infer_objects())
