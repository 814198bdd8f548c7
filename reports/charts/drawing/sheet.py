"""The sheet that a chart is drawn on: headline above, source below, marks and words between them.

A chart module puts layers of Altair marks and single words on a `Sheet` and gets the finished `Chart` from it.
Coordinates are px from the top left corner. Words are placed by their measured width, because Vega neither breaks a
headline into lines nor makes room for columns of numbers. Altair's own titles and axes are not used: Vega writes axis
labels before and titles after all marks, and a screen reader would then read the PDF in that order.
"""

from dataclasses import dataclass, field, replace
from functools import cache

import altair as alt
import pandas as pd

from reports.charts.drawing import theme
from reports.charts.drawing.data_table import Marks
from reports.charts.drawing.typeface import measure, wrap
from reports.figures.model import ChartTitle, Figures
from reports.words.catalogue import Words

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
    marks: Marks  # for each cell of `table` the figures row, the part of it and the exact amount
    sheets: tuple[str, ...] = ()  # the SVGs of a drawing too tall for half a page of paper; else none


@dataclass
class Sheet:
    """A canvas of fixed width that grows downwards; what is drawn later lies over what is drawn earlier."""

    key: str
    number: int
    width: int
    figures: Figures
    headline: str = ""
    subtitle: str = ""
    top: float = 0
    height: float = 0
    layers: list[dict] = field(default_factory=list)
    datasets: dict[str, list[dict]] = field(default_factory=dict)
    pending_words: list[dict] = field(default_factory=list)
    further: list["Sheet"] = field(default_factory=list)  # what paper shows in place of a drawing too tall for it

    @property
    def words(self) -> Words:
        """The language of the chart."""
        return self.figures.words

    @property
    def is_wide(self) -> bool:
        return self.width >= WIDE_FROM

    @property
    def right(self) -> float:
        return self.width - MARGIN

    def write_head(self, headline: str, subtitle: str) -> None:
        """Writes headline and numbered subtitle, wrapped to the width; `top` is then where the drawing may begin.

        Where the office's text gives the chart a title or a subtitle, the sheet shows those instead.
        """
        title = self.figures.chart_titles.get(self.key, ChartTitle())
        self.headline, self.subtitle = title.headline or headline, title.subtitle or subtitle
        self.subtitle = self.words("chart.subtitle", number=self.number, subtitle=self.subtitle)
        room = self.right - MARGIN
        y = -2.0
        for line in wrap(self.headline, room, 18, bold=True):
            y += 25
            self.write(MARGIN, y, line, size=18, bold=True)
        y += 4
        for line in wrap(self.subtitle, room, 13):
            y += 19
            self.write(MARGIN, y, line, colour=theme.INK2)
        self.top = y + 12

    def begin_further(self) -> "Sheet":
        """A sheet with this one's head as written so far, for a part of the drawing on paper."""
        further = replace(self, layers=[], datasets={}, pending_words=[*self.pending_words], further=[])
        self.further.append(further)
        return further

    def write_foot(self, y: float, *notes: str) -> None:
        """Writes the notes and the source below `y`, or below each part on paper; the sheet ends there."""
        for sheet in self.further:
            sheet.write_foot(sheet.height, *notes)
        for sentence in (*notes, self.figures.source_line):
            for line in wrap(sentence, self.right - MARGIN, 11.5):
                y += 17
                self.write(MARGIN, y, line, size=11.5, colour=theme.INK2)
        self.height = round(y + 11)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 13,
        colour: str = theme.INK,
        bold: bool = False,
        align: str = "left",
    ) -> None:
        """Writes one line of text at its baseline."""
        if align == "right":
            x += bracket_shift(text, size)
        word = {"x": round(x, 1), "y": round(y, 1), "text": text, "size": size, "colour": colour}
        self.pending_words.append(word | {"weight": "bold" if bold else "normal", "align": align})

    def draw(self, layer: alt.Chart, rows: list[dict]) -> None:
        """Lays a mark, with one instance a row, over what is there; without rows nothing is drawn."""
        self._draw_pending_words()
        if rows:
            self._add_layer(_mark_and_encoding(layer), rows)

    def draw_lines(self, rows: list[dict], width: float, colour: str, dash: tuple[int, ...] = ()) -> None:
        """Draws straight lines from (x, y) to (x2, y2), in px."""
        self._draw_pending_words()
        if rows:
            self._add_layer(_line(width, colour, dash), rows)

    def draw_legend(
        self, x: float, y: float, entries: list[tuple[str, str]], gap: float, size: float, colour: str = theme.INK2
    ) -> None:
        """Draws a square and a word for each (colour, word), in one line with its baseline at `y`."""
        places = []
        for _, word in entries:
            places.append(x)
            x += 12 + size * 0.4 + measure(word, size) + gap
        for place, (paint, _) in zip(places, entries, strict=True):
            self.draw_lines([{"x": place, "x2": place + 12, "y": y - 4.5, "y2": y - 4.5}], 12, paint)
        for place, (_, word) in zip(places, entries, strict=True):
            self.write(place + 12 + size * 0.4, y, word, size, colour)

    def finish(
        self, description: str, table: pd.DataFrame, marks: Marks, figure_ids: list[str], unit_note: str
    ) -> Chart:
        """The finished chart; `description` tells in words what the picture shows, for who can't see it."""
        alternative = self.words("chart.spoken", headline=self.headline, description=description)
        return Chart(
            number=self.number,
            key=self.key,
            headline=self.headline,
            subtitle=self.subtitle,
            alt=alternative,
            source_line=self.figures.source_line,
            svg=self._to_svg(f"{self.key}-{self.width}", alternative),
            sheets=tuple(
                sheet._to_svg(f"{self.key}-{place}", alternative) for place, sheet in enumerate(self.further, start=1)
            ),
            table=table,
            figure_ids=figure_ids,
            unit_note=unit_note,
            marks=marks,
        )

    def _to_svg(self, name: str, alternative: str) -> str:
        self._draw_pending_words()
        # written as a dictionary, because alt.layer would copy every object three times
        spec = {"layer": self.layers, "width": self.width, "height": self.height, "datasets": self.datasets}
        return theme.to_svg(spec, name, alternative)

    def _draw_pending_words(self) -> None:
        if self.pending_words:
            words, self.pending_words = self.pending_words, []
            self._add_layer(_words(), words)

    def _add_layer(self, mark_and_encoding: dict, rows: list[dict]) -> None:
        name = f"layer{len(self.layers)}"
        self.layers.append({"data": {"name": name}, **mark_and_encoding})
        self.datasets[name] = rows


def bracket_shift(text: str, size: float) -> float:
    """How far right-aligned text moves, in px: the right half of a closing full-width bracket is empty."""
    return size * 0.45 if text.endswith("）") else 0


def text_mark(size: float = 13, colour: str = theme.INK, bold: bool = False, **properties: object) -> alt.Chart:
    """A text mark of one look, for words that belong to data; `properties` are those of alt.MarkDef."""
    weight = "bold" if bold else "normal"
    return alt.Chart().mark_text(fontSize=size, color=colour, fontWeight=weight, **properties)


# Charts write channels as objects (alt.XValue, alt.Text), not as alt.value(...) or "text:N": turning those into objects
# took Altair 6.3 a third of the time of a chart.
def pixel(channel: type[alt.X] | type[alt.Y], name: str) -> alt.X | alt.Y:
    """A field that holds px, not data."""
    return channel(f"{name}:Q", scale=None, axis=None)


def amount(
    channel: type[alt.X] | type[alt.Y], name: str, largest: float, start: float, end: float, smallest: float = 0
) -> alt.X | alt.Y:
    """A field drawn to scale: `smallest` stands at `start` px, `largest` at `end` px."""
    scale = alt.Scale(domain=[smallest, largest or 1], range=[start, end], nice=False, zero=False)
    return channel(f"{name}:Q", scale=scale, axis=None, stack=None)


def band(channel: type[alt.X] | type[alt.Y], name: str, values: list, start: float, end: float) -> alt.X | alt.Y:
    """A field of names or places: each of `values` has an equal share of the room from `start` to `end` px."""
    scale = alt.Scale(type="band", domain=values, range=[start, end])
    return channel(f"{name}:O", scale=scale, axis=None)


def _mark_and_encoding(layer: alt.Chart) -> dict:
    spec = layer.to_dict(validate=False)
    return {part: spec[part] for part in ("mark", "encoding")}


# Building Altair objects takes 2 ms a layer, so the two layers that every chart repeats are built once.
@cache
def _words() -> dict:
    mark = alt.Chart().mark_text(align=alt.expr("datum.align"), fontWeight=alt.expr("datum.weight"))
    encoded = mark.encode(
        x=pixel(alt.X, "x"),
        y=pixel(alt.Y, "y"),
        text=alt.Text("text:N"),
        size=alt.Size("size:Q", scale=None),
        color=alt.Color("colour:N", scale=None),
    )
    return _mark_and_encoding(encoded)


@cache
def _line(width: float, colour: str, dash: tuple[int, ...]) -> dict:
    mark = alt.Chart().mark_rule(strokeWidth=width, color=colour, strokeDash=list(dash) or alt.Undefined)
    encoded = mark.encode(x=pixel(alt.X, "x"), y=pixel(alt.Y, "y"), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"))
    return _mark_and_encoding(encoded)
