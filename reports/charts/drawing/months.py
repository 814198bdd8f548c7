"""The chart form of months: a column of room for each month, a value scale above a base line, rows of numbers below.

Takes month names and a sheet; returns Altair scales for the marks that a chart puts into the columns. Monthly volumes
fill them with bars, certificates with a line. Where a month has too little room, these charts use ranking.py instead.
"""

from dataclasses import dataclass

import altair as alt

from reports.charts.drawing import theme
from reports.charts.drawing.sheet import MARGIN, Sheet, amount, band, text_mark
from reports.charts.drawing.typeface import measure


@dataclass(frozen=True)
class Months:
    """The months of a chart: `top` and `bottom` of the value scale in px, `largest` the value that reaches `top`."""

    sheet: Sheet
    names: list[str]
    largest: float
    top: float = 0
    bottom: float = 0
    titles: tuple[str, ...] = ()  # of the rows below the base line

    @property
    def start(self) -> float:
        """The left end of the base line; the titles of the rows stand before it."""
        widest = max((measure(title, 13) for title in self.titles), default=0)
        return MARGIN + max(26, widest) + (13 if self.sheet.is_wide else 5)

    @property
    def step(self) -> float:
        """The room of one month, in px."""
        return (self.sheet.right - self.start) / len(self.names)

    def x(self) -> alt.X:
        """The scale of the field `month`."""
        return band(alt.X, "month", self.names, self.start, self.sheet.right)

    def y(self, name: str) -> alt.Y:
        """The value scale, for a field of amounts."""
        return amount(alt.Y, name, self.largest, self.bottom, self.top)

    def height_of(self, value: float) -> float:
        """How high a value stands above the base line, in px."""
        return value / (self.largest or 1) * (self.bottom - self.top)

    def draw_base(self) -> None:
        """Draws the base line with the names of the months below it."""
        line = {"x": self.start, "x2": self.sheet.right, "y": self.bottom, "y2": self.bottom}
        self.sheet.draw_lines([line], 1, theme.INK2)
        self.draw_row("", self.names, 19, size=14 if self.sheet.is_wide else 13)

    def draw_row(self, title: str, cells: list[str], below: float, size: float = 13, colour: str = theme.INK) -> None:
        """Writes a cell under each month, `below` px under the base line, and the row's title before them."""
        y = self.bottom + below
        rows = [{"month": month, "text": cell} for month, cell in zip(self.names, cells, strict=True)]
        mark = text_mark(size, colour, align="center")
        self.sheet.draw(mark.encode(x=self.x(), y=alt.YValue(y), text=alt.Text("text:N")), rows)
        if title:
            self.sheet.write(MARGIN, y, title, 13, theme.INK2)

    def draw_texts(self, name: str, rows: list[dict], mark: alt.Chart) -> None:
        """Writes each row's `text` at its `month` and at its amount in the field `name`."""
        self.sheet.draw(mark.encode(x=self.x(), y=self.y(name), text=alt.Text("text:N")), rows)
