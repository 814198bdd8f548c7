"""Here is the sheet a chart is drawn on: title above, source below, words at exact places, marks to scale.
What a particular chart shows stays out, and so do the words of its headline.
It hands the chart modules `Sheet` and `Unit`, and everyone else the finished `Chart`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import altair as alt
import pandas as pd

from reports import theme
from reports.figures import Figures
from reports.wording import exact

MARGIN = 8
WIDE_FROM = 480
ROUNDING_NOTE = "因四舍五入，分项之和可能与总数略有出入。"


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


@dataclass(frozen=True, slots=True)
class Unit:
    """The one unit that all values of a chart are printed in: 万件 with fixed decimals, or 件 to the unit."""

    word: str
    decimals: int | None

    def __call__(self, count: float | None) -> str:
        if count is None or self.decimals is None:
            return exact(count, grouped=True)
        amount = Decimal(repr(float(count))) / 10_000
        return str(amount.quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP))


def unit_for(counts: Iterable[float | None], measure_word: str = "件") -> Unit:
    """万 where the counts are that large and none of them would print as nothing; else the plain unit."""
    present = [abs(count) for count in counts if count]
    largest, smallest = max(present, default=0), min(present, default=0)
    if largest >= 5_000:
        first = 1 if largest >= 50_000 else 2
        for decimals in range(first, 3):
            if smallest >= 10_000 / 10**decimals:
                return Unit(f"万{measure_word}", decimals)
    return Unit(measure_word, None)


@dataclass
class Sheet:
    """A canvas of fixed width that grows downwards; coordinates are px from its top left corner."""

    key: str
    width: int
    top: float = 0
    height: float = 0
    words: list[dict] = field(default_factory=list)
    layers: list[alt.Chart] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        return self.width >= WIDE_FROM

    @property
    def right(self) -> float:
        return self.width - MARGIN

    def write(
        self, x: float, y: float, text: str, size: float = 13, colour: str = theme.INK,
        bold: bool = False, align: str = "left",
    ) -> None:  # fmt: skip
        """Puts one line of text at its baseline."""
        weight = "bold" if bold else "normal"
        self.words.append(
            {"x": round(x, 1), "y": round(y, 1), "text": text, "size": size, "colour": colour,
             "weight": weight, "align": align}
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

    def bars(
        self, rows: list[dict], along: alt.X, thickness: float, colour: str | None = None
    ) -> None:
        """Level bars; each row has `value`, `at` (px of its middle) and, where no one colour is given, `colour`."""
        paint = alt.value(colour) if colour else alt.Color("colour:N", scale=None)
        self.layers.append(
            alt.Chart(alt.Data(values=rows))
            .mark_bar(orient="horizontal", size=thickness)
            .encode(x=along, y=at_y("at"), color=paint)
        )

    def lines(self, rows: list[dict], width: float, colour: str, dash: list[int] | None = None) -> None:
        """Straight lines from (x, y) to (x2, y2), in px."""
        self.layers.append(
            alt.Chart(alt.Data(values=rows))
            .mark_rule(strokeWidth=width, color=colour, strokeDash=dash or alt.Undefined)
            .encode(x=at_x("x"), y=at_y("y"), x2="x2:Q", y2="y2:Q")
        )

    def svg(self, alternative: str) -> str:
        """The finished picture; words lie over marks."""
        words = _words().copy(deep=False)
        words.data = alt.Data(values=self.words)
        chart = alt.layer(*self.layers, words).properties(width=self.width, height=self.height)
        return theme.to_svg(chart, f"{self.key}-{self.width}", alternative)


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


@cache
def _words() -> alt.Chart:
    # building altair objects is what drawing costs: one layer for all words, its data put in later
    return (
        alt.Chart(alt.Data(values=[]))
        .mark_text(align=alt.expr("datum.align"), fontWeight=alt.expr("datum.weight"))
        .encode(
            x=at_x("x"),
            y=at_y("y"),
            text="text:N",
            size=alt.Size("size:Q", scale=None),
            color=alt.Color("colour:N", scale=None),
        )
    )


def months_of(figures: Figures, figure: str) -> list:
    """The rows of a figure for the period's months, None where the mart has none."""
    return [figures.get(figure, period=month) for month in figures.months()]


def ids_of(*rows) -> list[str]:
    """The ids of figures rows in order, each once; None is passed over."""
    return list(dict.fromkeys(row.id for row in rows if row is not None))


def counts(values: Iterable[float | None]) -> pd.Series:
    """A table's column of counts, NA for none."""
    return pd.Series([pd.NA if value is None else round(value) for value in values], dtype="Int64")


def percents(values: Iterable[float | None], decimals: int = 2) -> pd.Series:
    """A table's column of rates in %, from fractions of 1, NA for none."""
    return pd.Series([pd.NA if v is None else round(v * 100, decimals) for v in values], dtype="Float64")
