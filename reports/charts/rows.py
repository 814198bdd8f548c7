"""Here is the chart form of a ranking: a named row each, a level bar, and columns of numbers at the right.
Which figures fill it stays out.
It hands the chart modules `draw`, which finds room for one row or thirty, for short names and long.
"""

from dataclasses import dataclass

import altair as alt

from reports.charts import theme
from reports.charts.sheet import MARGIN, Sheet, scaled

_LABEL, _HEADER, _FIRST = 13, 12, 14


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `value` is the bar's length (None: no bar), `ghost` what lies behind it, `cells` the columns."""

    label: str
    value: float | None
    cells: tuple[str, ...]
    colour: str = theme.MAIN
    ghost: float | None = None


def draw(
    sheet: Sheet, rows: list[Row], header: tuple[str, ...], mean: tuple[float, str] | None = None,
    keys: tuple[str, ...] = (), has_total: bool = False,
) -> float:  # fmt: skip
    """Draws the rows below the sheet's top; returns the lower edge.

    `mean` (value, words) is a dashed line; `keys` are the colours that the first columns stand for; a total is the
    last row, below a line.
    """
    gap = 26 if sheet.is_wide else 10
    edges, edge = [], sheet.right
    for column in reversed(range(len(header))):
        edges.insert(0, edge)
        widest = max(theme.measure(row.cells[column], _size(column), column == 0) for row in rows)
        key = 15 if column < len(keys) else 0
        edge -= max(widest, theme.measure(header[column], _HEADER) + key) + gap
    label_width = max(theme.measure(row.label, _LABEL) for row in rows)
    # long names stand above their bars, so that the bars keep their room
    is_stacked = label_width > sheet.width * (0.3 if sheet.is_wide else 0.24)
    start = MARGIN if is_stacked else MARGIN + label_width + 7
    thickness, pitch = (13, 42) if is_stacked else (19, 30) if len(rows) <= 12 else (15, 24)
    along = scaled(alt.X, _largest(rows, mean), start, edge)
    head = _header(sheet, header, edges, mean, (start, edge), _largest(rows, mean))
    for colour, title, right in zip(keys, header, edges, strict=False):
        x = right - theme.measure(title, _HEADER) - 15
        sheet.lines([{"x": x, "x2": x + 10, "y": head - 4.5, "y2": head - 4.5}], 10, colour)
    first = head + (42 if is_stacked else 8 + pitch / 2)
    middles = [first + place * pitch for place in range(len(rows))]
    top, bottom = middles[0] - pitch / 2, middles[-1] + pitch / 2
    for row, middle in zip(rows, middles, strict=True):
        if is_stacked:
            sheet.write(MARGIN, middle - thickness / 2 - 6, row.label, size=_LABEL)
        else:
            sheet.write(start - 7, middle + 4.5, row.label, size=_LABEL, align="right")
        for column, (cell, right) in enumerate(zip(row.cells, edges, strict=True)):
            colour = theme.INK if column == 0 else theme.INK2
            sheet.write(right, middle + 5, cell, _size(column), colour, bold=column == 0, align="right")
    ghosts = [{"value": r.ghost, "at": y} for r, y in zip(rows, middles, strict=True) if r.ghost]
    sheet.bars(ghosts, along, thickness, theme.GHOST)
    bars = [
        {"value": row.value, "at": middle, "colour": row.colour}
        for row, middle in zip(rows, middles, strict=True) if row.value
    ]  # fmt: skip
    sheet.bars(bars, along, round(thickness * 0.58) if ghosts else thickness)
    if has_total:
        bottom -= pitch + (8 if is_stacked else 0)  # clear of the name above the last bar
        sheet.lines([{"x": MARGIN, "x2": sheet.right, "y": bottom, "y2": bottom}], 1, theme.INK2)
    if not is_stacked:
        sheet.lines([{"x": start, "x2": start, "y": top, "y2": bottom}], 1, theme.INK2)
    if mean:
        half = thickness / 2 + 2
        spans = [(m - half, m + half) for m in middles] if is_stacked else [(top, bottom)]
        _dashes(sheet, start + mean[0] / (_largest(rows, mean) or 1) * (edge - start), spans)
    return middles[-1] + thickness / 2 + 8


def _header(
    sheet: Sheet, header: tuple[str, ...], edges: list[float], mean: tuple[float, str] | None,
    span: tuple[float, float], largest: float,
) -> float:  # fmt: skip
    y = sheet.top + 14
    if mean:
        x = span[0] + mean[0] / (largest or 1) * (span[1] - span[0])
        width = theme.measure(mean[1], _HEADER)
        room = edges[0] - theme.measure(header[0], _HEADER) - 8
        if x + 5 + width <= room:
            sheet.write(x + 5, y, mean[1], _HEADER, theme.INK2)
        elif x - 5 - width >= MARGIN:
            sheet.write(x - 5, y, mean[1], _HEADER, theme.INK2, align="right")
        else:
            sheet.write(min(x, sheet.right - width), y, mean[1], _HEADER, theme.INK2)
            y += 18
    for title, right in zip(header, edges, strict=True):
        sheet.write(right, y, title, _HEADER, theme.INK2, align="right")
    return y


def _dashes(sheet: Sheet, x: float, spans: list[tuple[float, float]]) -> None:
    rows = [{"x": x, "x2": x, "y": upper, "y2": lower} for upper, lower in spans]
    # a white edge keeps the line apart from the bars it crosses
    sheet.lines(rows, 2.6, theme.PAPER)
    sheet.lines(rows, 1.3, theme.INK, (4, 3))


def _largest(rows: list[Row], mean: tuple[float, str] | None) -> float:
    values = [value for row in rows for value in (row.value, row.ghost) if value is not None]
    return max([*values, mean[0] if mean else 0], default=0)


def _size(column: int) -> float:
    return _FIRST if column == 0 else 13
