"""Here is the sheet a chart is drawn on: title above, source below, words at exact places, marks to scale.
What a particular chart shows stays out, and so do the words of its headline.
It hands the chart modules `Sheet` and its scales, and everyone else the finished `Chart`.
"""

from dataclasses import dataclass, field
from functools import cache

import altair as alt
import pandas as pd

from reports.charts import theme
from reports.charts.values import Marks

MARGIN = 8
WIDE_FROM = 480


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished chart: `svg` holds title and source; `table` has counts unrounded and rates in %, NA for none."""

    number: int
    key: str
    headline: str
    subtitle: str
    alt: str
    source_line: str
    svg: str
    table: pd.DataFrame
    figure_ids: list[str]
    unit_note: str
    marks: Marks  # what each cell of `table` prints: figures row, part and exact amount


@dataclass
class Sheet:
    """A canvas of fixed width that grows downwards; coordinates are px from its top left corner."""

    key: str
    width: int
    top: float = 0
    height: float = 0
    words: list[dict] = field(default_factory=list)
    layers: list[dict] = field(default_factory=list)
    rows: dict[str, list[dict]] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        return self.width >= WIDE_FROM

    @property
    def right(self) -> float:
        return self.width - MARGIN

    def write(
        self, x: float, y: float, text: str, size: float = 13, colour: str = theme.INK,
        bold: bool = False, align: str = "left", edge: str | None = None,
    ) -> None:  # fmt: skip
        """Puts one line of text at its baseline; `edge` is a colour that keeps it apart from lines it crosses."""
        weight = "bold" if bold else "normal"
        if align == "right" and text.endswith("）"):
            # the right half of a closing full-width bracket is empty
            x += size * 0.45
        self.words.append(
            {"x": round(x, 1), "y": round(y, 1), "text": text, "size": size, "colour": colour,
             "weight": weight, "align": align, "edge": edge}
        )  # fmt: skip

    def head(self, headline: str, subtitle: str) -> None:
        """Headline and subtitle, wrapped to the width; `top` is then where the drawing may begin."""
        room = self.right - MARGIN
        y = -2.0
        for line in theme.wrap(headline, room, 18, bold=True):
            y += 25
            self.write(MARGIN, y, line, size=18, bold=True)
        y += 4
        for line in theme.wrap(subtitle, room, 13):
            y += 19
            self.write(MARGIN, y, line, colour=theme.INK2)
        self.top = y + 12

    def foot(self, y: float, *sentences: str) -> None:
        """The source and what else must be said, below `y`; closes the sheet."""
        for sentence in sentences:
            for line in theme.wrap(sentence, self.right - MARGIN, 11.5):
                y += 17
                self.write(MARGIN, y, line, size=11.5, colour=theme.INK2)
        self.height = round(y + 11)

    def draw(self, layer: alt.Chart | dict, rows: list[dict]) -> None:
        """Lays a mark with its rows over what is there; no rows, no mark."""
        if rows:
            name = f"layer{len(self.layers)}"
            layer = layer if isinstance(layer, dict) else _spec(layer)
            self.layers.append({"data": {"name": name}, **layer})
            self.rows[name] = rows

    def bars(self, rows: list[dict], along: alt.X, thickness: float, colour: str | None = None) -> None:
        """Level bars; each row has `value`, `at` (px of its middle) and, where no one colour is given, `colour`."""
        paint = alt.ColorValue(colour) if colour else alt.Color("colour:N", scale=None)
        bar = alt.Chart().mark_bar(orient="horizontal", size=thickness)
        self.draw(bar.encode(x=along, y=at_y("at"), color=paint), rows)

    def lines(self, rows: list[dict], width: float, colour: str, dash: tuple[int, ...] = ()) -> None:
        """Straight lines from (x, y) to (x2, y2), in px."""
        self.draw(_line(width, colour, dash), rows)

    def svg(self, alternative: str) -> str:
        """The finished picture; words lie over marks."""
        self.draw(_words(), self.words)
        # put together by hand: alt.layer would copy every object three times over
        spec = {"layer": self.layers, "width": self.width, "height": self.height, "datasets": self.rows}
        return theme.to_svg(spec, f"{self.key}-{self.width}", alternative)


def at_x(name: str) -> alt.X:
    """A field that holds px from the left."""
    return alt.X(f"{name}:Q", scale=None, axis=None)


def at_y(name: str) -> alt.Y:
    """A field that holds px from the top."""
    return alt.Y(f"{name}:Q", scale=None, axis=None)


def scaled(channel: type[alt.X] | type[alt.Y], largest: float, start: float, end: float) -> alt.X | alt.Y:
    """The field `value` from zero at `start` px to `largest` at `end` px."""
    scale = alt.Scale(domain=[0, largest or 1], range=[start, end], nice=False)
    return channel("value:Q", scale=scale, axis=None, stack=None)


def _spec(layer: alt.Chart) -> dict:
    said = layer.to_dict(validate=False)
    return {part: said[part] for part in ("mark", "encoding")}


# Building altair objects is what drawing costs: marks that come back are built once, their rows put in by name.
@cache
def _words() -> dict:
    mark = alt.Chart().mark_text(
        align=alt.expr("datum.align"), fontWeight=alt.expr("datum.weight"), strokeWidth=alt.expr("datum.edge ? 4 : 0")
    )
    encoded = mark.encode(
        x=at_x("x"),
        y=at_y("y"),
        text=alt.Text("text:N"),
        size=alt.Size("size:Q", scale=None),
        fill=alt.Fill("colour:N", scale=None),
        stroke=alt.Stroke("edge:N", scale=None),
    )
    return _spec(encoded)


@cache
def _line(width: float, colour: str, dash: tuple[int, ...]) -> dict:
    mark = alt.Chart().mark_rule(strokeWidth=width, color=colour, strokeDash=list(dash) or alt.Undefined)
    return _spec(mark.encode(x=at_x("x"), y=at_y("y"), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")))
