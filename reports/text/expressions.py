"""Here lies what a template may say about a figure: print it, its change, its share, its parts, a listing.
Reading files, Jinja and Markdown stay out, and so does the wording of a number itself.
It hands template the objects behind `fig(…)`, each number they print marked with its figures row.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from reports.figures.load import Figure, Figures
from reports.text import wording

# Private-use characters: an office's text can't hold them, Markdown leaves them alone.
MARK_OPEN, MARK_TEXT, MARK_CLOSE = "\ue000", "\ue001", "\ue002"


class Mistake(Exception):
    """A wrong name or a figure without a value, met while filling; template adds file and line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed number: its figures row, which part of it ('value', 'yoy', 'mom', …), the unrounded amount."""

    figure_id: str
    part: str
    value: float


@dataclass
class Filling:
    """What one filling shares: the figures asked for and the marks made so far."""

    figures: Figures
    marks: list[Mark] = field(default_factory=list)

    def mark(self, text: str, row: Figure, value: float, part: str = "value") -> str:
        """The text between mark characters that point at its entry in `marks`."""
        self.marks.append(Mark(row.id, part, value))
        return f"{MARK_OPEN}{len(self.marks) - 1}{MARK_TEXT}{text}{MARK_CLOSE}"


def known(name: str, names: Iterable[str], what: str) -> str:
    """The name itself where it is among the names; else a Mistake that gives the nearest."""
    names = list(names)
    if name in names:
        return name
    raise Mistake(f"no {what} named '{name}'{nearest(name, names)}")


def nearest(name: str, names: Iterable[str]) -> str:
    """'; did you mean …?' with the closest names, or '' where none is close."""
    close = difflib.get_close_matches(str(name), list(names), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(close)}?" if close else ""


class FigureText:
    """A figure as the text uses it: printed as it stands, or asked for its change, share or parts."""

    def __init__(self, filling: Filling, name: str, dimension: str = "total", member: str = "total"):
        self._filling = filling
        self._name = known(name, filling.figures.definitions, "figure")
        self._dimension = dimension
        self._member = member
        self._row = filling.figures.get(name, dimension, member)
        rows = filling.figures.by(name, dimension)
        if dimension != "total" and rows:
            known(member, [row.member for row in rows], f"{dimension} of {name}")
        self._definition = filling.figures.definition(name)

    def __str__(self) -> str:
        return self._print(self._definition.style, self._definition.decimals)

    @property
    def exists(self) -> bool:
        """Whether the figure has a value this period."""
        return self._row is not None and self._row.value is not None

    @property
    def value(self) -> float | None:
        """The unrounded value, for conditions; None where there is none."""
        return self._row.value if self._row else None

    @property
    def base(self) -> float | None:
        """The unrounded value of the previous period, for conditions; None where there is none."""
        return self._row.previous_value if self._row else None

    @property
    def name(self) -> str:
        """The figure's Chinese name."""
        return self._definition.name

    @property
    def member(self) -> str:
        """The member's printed name: 郝家桥镇, 窗口."""
        return self._filling.figures.label(self._dimension, self._member)

    @property
    def unit(self) -> str:
        """The unit the number is printed with; '' where the number carries its own (%)."""
        return self._definition.printed_unit

    def exact(self) -> str:
        """To the unit: 25477."""
        return self._print("exact", 0)

    def wan(self) -> str:
        """In 万: 34.9万."""
        return self._print("wan", 0)

    def percent(self, decimals: int = 1) -> str:
        """As a percentage with these decimals: 88%."""
        return self._print("share", decimals)

    def numerator(self) -> str:
        """The figure's numerator, to the unit."""
        return self._part("numerator")

    def denominator(self) -> str:
        """The figure's denominator, to the unit."""
        return self._part("denominator")

    def share(self, decimals: int | None = None) -> str:
        """The figure's share of its total, a figure of its own (key + _share)."""
        share = FigureText(self._filling, f"{self._name}_share", self._dimension, self._member)
        return str(share) if decimals is None else share.percent(decimals)

    def yoy(self, before: str = "", after: str = "") -> str:
        """同比减少25%, between `before` and `after`; nothing at all where there is no base."""
        base = self._row.year_ago_value if self._row else None
        return self._change(base, "yoy", "同比", "与上年同期持平", before, after)

    def mom(self, before: str = "", after: str = "") -> str:
        """环比增加0.2个百分点, likewise against the previous period."""
        base = self._row.previous_value if self._row else None
        return self._change(base, "mom", "环比", "与上期持平", before, after)

    def by(self, dimension: str) -> "FigureList":
        """The figure's parts along a dimension, in the office's order."""
        rows = self._filling.figures.by(self._name, dimension)
        if not rows and dimension not in self._filling.figures.dimension_names:
            known(dimension, self._filling.figures.dimensions(self._name), f"dimension of {self._name}")
        return FigureList([FigureText(self._filling, self._name, dimension, row.member) for row in rows])

    def _print(self, style: str, decimals: int) -> str:
        if not self.exists:
            where = "" if self._dimension == "total" else f" of {self._dimension} {self._member}"
            raise Mistake(
                f"{self._name}{where} has no value in {self._filling.figures.period};"
                f" put the words that need it between {{% if fig('{self._name}').exists %}} and {{% endif %}}"
            )
        return self._filling.mark(wording.printed(self._row.value, style, decimals), self._row, self._row.value)

    def _part(self, part: str) -> str:
        amount = getattr(self._row, part, None)
        if amount is None:
            raise Mistake(f"{self._name} has no {part} in {self._filling.figures.period}")
        return self._filling.mark(wording.exact(amount), self._row, amount, part)

    def _change(self, base: float | None, part: str, lead: str, level: str, before: str, after: str) -> str:
        style = self._definition.style
        moved = wording.change(self.value, base, style, self._definition.unit)
        if moved is None:
            return ""
        word, size = moved
        if not size:
            return f"{before}{level}{after}"
        amount = wording.change_amount(self.value, base, style)
        return f"{before}{lead}{word}{self._filling.mark(size, self._row, amount, part)}{after}"


class FigureList(list):
    """Parts of a figure; can be looped over, ranked and listed."""

    def ranked(self) -> "FigureList":
        """Largest first, zeros and gaps left out; equals keep the office's order."""
        return FigureList(sorted((part for part in self if part.value), key=lambda part: -part.value))

    def above(self, limit: float) -> "FigureList":
        """Those whose value exceeds the limit."""
        return FigureList(part for part in self if part.exists and part.value > limit)

    def names(self, top: int | None = None) -> str:
        """Names only: 郝家桥镇、崇兴镇."""
        return wording.listing([part.member for part in self[:top]], top is not None and len(self) > top)

    def listing(self, top: int | None = None) -> str:
        """郝家桥镇125件、崇兴镇97件; the `top` largest (those equal to the last too), 等 when cut short."""
        ranked = self.ranked()
        shown = ranked
        if top is not None and len(ranked) > top:
            shown = [part for part in ranked if part.value >= ranked[top - 1].value]
        return wording.listing([f"{p.member}{p}{p.unit}" for p in shown], len(shown) < len(ranked))
