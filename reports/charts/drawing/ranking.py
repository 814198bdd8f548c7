"""The chart form of a ranking: a named row each with a level bar, and columns of numbers at the right.

Takes rows with their printed cells and draws them on a sheet; there is room for one row or thirty, for short names and
long. Which figures fill the rows is written in the chart modules.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import altair as alt

from reports.charts.drawing import theme
from reports.charts.drawing.sheet import MARGIN, Sheet, amount, band, bracket_shift, pixel, text_mark
from reports.charts.drawing.typeface import measure
from reports.charts.drawing.value_columns import HEADER_SIZE, ValueColumns, place_columns

_LABEL_SIZE = 13
# px of rows that paper shows in one drawing, and into how many they are divided otherwise: two drawings fill a page
_WHOLE_ON_PAPER, _PART_ON_PAPER = 360, 290


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `value` is the bar's length (None: no bar), `ghost` what lies behind it, `cells` the columns."""

    label: str
    value: float | None
    cells: tuple[str, ...]
    colour: str = theme.MAIN
    ghost: float | None = None


@dataclass(frozen=True)
class _Layout:
    """Where the rows lie, in px; names that are too long stand above their bars, so that the bars keep their room."""

    is_stacked: bool
    start: float  # of the bars
    end: float
    thickness: float
    pitch: float
    largest: float  # the value that reaches `end`

    def x(self, name: str) -> alt.X:
        return amount(alt.X, name, self.largest, self.start, self.end)


def draw(
    sheet: Sheet,
    rows: list[Row],
    header: tuple[str, ...],
    mean: tuple[float, str] | None = None,
    swatches: tuple[str, ...] = (),
    has_total: bool = False,
) -> float:
    """Draws the rows below the sheet's top and returns their lower edge.

    Where they are too many for one drawing on paper, the sheet also gets further ones that hold some of them each.
    `mean` (value, words) is a dashed line; `swatches` are the colours that the first columns stand for; a total is the
    last row, below a line.
    """
    columns = place_columns(sheet, header, [row.cells for row in rows], len(swatches))
    layout = _lay_out(sheet, rows, columns, mean)
    if sheet.is_wide and len(rows) * layout.pitch > _WHOLE_ON_PAPER:
        parts = -(-len(rows) // int(_PART_ON_PAPER / layout.pitch))
        ends = [round(len(rows) * part / parts) for part in range(parts + 1)]
        for start, end in pairwise(ends):
            further = sheet.begin_further()
            part_of_columns = replace(columns, cells=columns.cells[start:end])
            ends_with_total = has_total and end == len(rows)
            further.height = _draw_rows(
                further, rows[start:end], part_of_columns, layout, mean, swatches, ends_with_total
            )
    return _draw_rows(sheet, rows, columns, layout, mean, swatches, has_total)


def _draw_rows(
    sheet: Sheet,
    rows: list[Row],
    columns: ValueColumns,
    layout: _Layout,
    mean: tuple[float, str] | None,
    swatches: tuple[str, ...],
    has_total: bool,
) -> float:
    """Draws the header and the rows below the sheet's top; the lower edge."""
    header_y = _draw_header(sheet, columns, layout, mean, swatches)
    top = header_y + (42 - layout.pitch / 2 if layout.is_stacked else 8)
    bottom = top + layout.pitch * len(rows)
    y = band(alt.Y, "place", list(range(len(rows))), top, bottom)
    _draw_bars(sheet, rows, layout, y)
    _draw_labels(sheet, rows, layout, y)
    columns.draw_cells(sheet, y)
    if has_total:
        bottom -= layout.pitch
        above = bottom - (8 if layout.is_stacked else 0)  # the line must not touch the total's name
        sheet.draw_lines([{"x": MARGIN, "x2": sheet.right, "y": above, "y2": above}], 1, theme.INK2)
    if not layout.is_stacked:
        sheet.draw_lines([{"x": layout.start, "x2": layout.start, "y": top, "y2": bottom}], 1, theme.INK2)
    if mean:
        _draw_mean(sheet, mean[0], layout, top, bottom)
    return top + layout.pitch * (len(rows) - 0.5) + layout.thickness / 2 + 8


def _lay_out(sheet: Sheet, rows: list[Row], columns: ValueColumns, mean: tuple[float, str] | None) -> _Layout:
    label_width = max(measure(row.label, _LABEL_SIZE) for row in rows)
    is_stacked = label_width > sheet.width * (0.3 if sheet.is_wide else 0.24)
    is_short = len(rows) <= 12
    thickness, pitch = (13, 42 if is_short else 34) if is_stacked else (19, 30) if is_short else (15, 24)
    values = [value for row in rows for value in (row.value, row.ghost) if value is not None]
    largest = max([*values, mean[0] if mean else 0], default=0)
    start = MARGIN if is_stacked else MARGIN + label_width + 7
    return _Layout(is_stacked, start, columns.left, thickness, pitch, largest or 1)


def _draw_header(
    sheet: Sheet, columns: ValueColumns, layout: _Layout, mean: tuple[float, str] | None, swatches: tuple[str, ...]
) -> float:
    y = sheet.top + 14
    if mean:
        value, words = mean
        x = layout.start + value / layout.largest * (layout.end - layout.start)
        width = measure(words, HEADER_SIZE)
        if x + 5 + width <= columns.title_start(0) - 8:
            sheet.write(x + 5, y, words, HEADER_SIZE, theme.INK2)
        elif x - 5 - width >= MARGIN:
            sheet.write(x - 5, y, words, HEADER_SIZE, theme.INK2, align="right")
        else:
            sheet.write(min(x, sheet.right - width), y, words, HEADER_SIZE, theme.INK2)
            y += 18
    columns.draw_header(sheet, y, swatches)
    return y


def _draw_bars(sheet: Sheet, rows: list[Row], layout: _Layout, y: alt.Y) -> None:
    has_ghosts = any(row.ghost for row in rows)
    ghosts = [{"place": place, "value": row.ghost} for place, row in enumerate(rows) if row.ghost]
    ghost = alt.Chart().mark_bar(orient="horizontal", size=layout.thickness, color=theme.GHOST)
    sheet.draw(ghost.encode(x=layout.x("value"), y=y), ghosts)
    thickness = round(layout.thickness * 0.58) if has_ghosts else layout.thickness
    bars = [{"place": place, "value": row.value, "colour": row.colour} for place, row in enumerate(rows) if row.value]
    bar = alt.Chart().mark_bar(orient="horizontal", size=thickness)
    sheet.draw(bar.encode(x=layout.x("value"), y=y, color=alt.Color("colour:N", scale=None)), bars)


def _draw_labels(sheet: Sheet, rows: list[Row], layout: _Layout, y: alt.Y) -> None:
    labels = [
        {"place": place, "text": row.label, "shift": bracket_shift(row.label, _LABEL_SIZE) - 7}
        for place, row in enumerate(rows)
    ]
    if layout.is_stacked:
        mark = text_mark(_LABEL_SIZE, align="left", dy=-layout.thickness / 2 - 6)
    else:
        mark = text_mark(_LABEL_SIZE, align="right", dx=alt.expr("datum.shift"), dy=4.5)
    sheet.draw(mark.encode(x=alt.XValue(layout.start), y=y, text=alt.Text("text:N")), labels)


def _draw_mean(sheet: Sheet, value: float, layout: _Layout, top: float, bottom: float) -> None:
    spans = [(top, bottom)]
    if layout.is_stacked:
        # the line crosses each bar and leaves out the names between them
        half = layout.thickness / 2 + 2
        middles = [top + layout.pitch * (place + 0.5) for place in range(round((bottom - top) / layout.pitch))]
        spans = [(middle - half, middle + half) for middle in middles]
    rows = [{"value": value, "y": upper, "y2": lower} for upper, lower in spans]
    # the white edge keeps the line apart from the bars that it crosses
    for width, colour, dash in ((2.6, theme.PAPER, alt.Undefined), (1.3, theme.INK, [4, 3])):
        mark = alt.Chart().mark_rule(strokeWidth=width, color=colour, strokeDash=dash)
        sheet.draw(mark.encode(x=layout.x("value"), y=pixel(alt.Y, "y"), y2=alt.Y2("y2:Q")), rows)
