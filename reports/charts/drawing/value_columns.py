"""Columns of numbers at the right edge of a chart, each as wide as its widest number.

Takes the header and the printed cells; returns the place of each column and the room that they leave at their left.
Altair has no columns of numbers, so this module computes their places from measured widths. ranking.py and county.py
draw what is left of them.
"""

from dataclasses import dataclass

import altair as alt

from reports.charts.drawing import theme
from reports.charts.drawing.sheet import Sheet, text_mark
from reports.charts.drawing.typeface import measure

HEADER_SIZE = 12
_SWATCH = 15  # px, a square of colour before a title and the room after it


@dataclass(frozen=True)
class ValueColumns:
    """Right-aligned columns: `edges` are their right edges in px, `left` is where the room before them ends."""

    header: tuple[str, ...]
    cells: list[tuple[str, ...]]  # one tuple a row
    edges: tuple[float, ...]
    left: float

    def title_start(self, column: int) -> float:
        """Where a column's title begins, in px."""
        return self.edges[column] - measure(self.header[column], HEADER_SIZE)

    def draw_header(self, sheet: Sheet, y: float, swatches: tuple[str, ...] = ()) -> None:
        """Writes the titles at the baseline `y`, with a square of colour before the first ones."""
        for column, colour in enumerate(swatches):
            x = self.title_start(column) - _SWATCH
            sheet.draw_lines([{"x": x, "x2": x + 10, "y": y - 4.5, "y2": y - 4.5}], 10, colour)
        for title, edge in zip(self.header, self.edges, strict=True):
            sheet.write(edge, y, title, HEADER_SIZE, theme.INK2, align="right")

    def draw_cells(self, sheet: Sheet, y: alt.Y) -> None:
        """Writes the cells; `y` is the band of the field `place`, which counts the rows from 0."""
        for column, edge in enumerate(self.edges):
            colour = theme.INK2 if column else theme.INK
            mark = text_mark(_size(column), colour, bold=not column, align="right", dy=5)
            rows = [{"place": place, "text": cells[column]} for place, cells in enumerate(self.cells)]
            sheet.draw(mark.encode(x=alt.XValue(edge), y=y, text=alt.Text("text:N")), rows)


def place_columns(
    sheet: Sheet, header: tuple[str, ...], cells: list[tuple[str, ...]], swatches: int = 0
) -> ValueColumns:
    """Places the columns from the sheet's right edge leftwards; the first `swatches` titles leave room for a square."""
    gap = 26 if sheet.is_wide else 10
    edges, edge = [], sheet.right
    for column in reversed(range(len(header))):
        edges.insert(0, edge)
        widest = max(measure(row[column], _size(column), column == 0) for row in cells)
        title = measure(header[column], HEADER_SIZE) + (_SWATCH if column < swatches else 0)
        edge -= max(widest, title) + gap
    return ValueColumns(header, cells, tuple(edges), edge)


def _size(column: int) -> float:
    return 13 if column else 14
