"""The objects that a template asks for a figure's number, its change, its share, its parts, or a list of them.

It takes `Figures` and gives the objects behind `fig(…)`. Each number that they print is marked with its row of
marts.figures. reports/words words the numbers; template.py handles files, Jinja and Markdown.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from reports.figures.model import Figure, Figures
from reports.words import wording
from reports.words.catalogue import Words

# Private-use characters: template.py refuses an office's text that holds them, and Markdown passes them on unchanged.
MARK_OPEN, MARK_TEXT, MARK_CLOSE = "\ue000", "\ue001", "\ue002"


class Mistake(Exception):
    """A template names something that doesn't exist, or a figure without a value; template.py adds file and line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed number: the id of its row in marts.figures, which part (value, yoy, mom, …), the unrounded amount."""

    figure_id: str
    part: str
    value: float


@dataclass
class Filling:
    """What the objects of one text share: the period's figures, and the marks made so far."""

    figures: Figures
    marks: list[Mark] = field(default_factory=list)

    def mark(self, text: str, row: Figure, value: float, part: str = "value") -> str:
        """Adds a mark, and returns the text between mark characters that hold its index in `marks`."""
        self.marks.append(Mark(row.id, part, value))
        return f"{MARK_OPEN}{len(self.marks) - 1}{MARK_TEXT}{text}{MARK_CLOSE}"


def require_name(name: str, names: Iterable[str], what: str) -> str:
    """Returns `name` if it is one of `names`. Otherwise raises a Mistake that gives the closest ones."""
    names = list(names)
    if name in names:
        return name
    raise Mistake(f"no {what} named '{name}'{suggest_names(name, names)}")


def suggest_names(name: str, names: Iterable[str]) -> str:
    """'; did you mean …?' with up to three names that are spelt alike, or '' if none is."""
    close = difflib.get_close_matches(str(name), list(names), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(close)}?" if close else ""


class FigureText:
    """A figure in the text: prints its value, or what one of its methods asks for."""

    def __init__(self, filling: Filling, name: str, dimension: str = "total", member: str = "total"):
        self._filling = filling
        self._name = require_name(name, filling.figures.definitions, "figure")
        self._dimension = dimension
        self._member = member
        self._row = filling.figures.get(name, dimension, member)
        rows = filling.figures.by(name, dimension)
        if dimension != "total" and rows:
            require_name(member, [row.member for row in rows], f"{dimension} of {name}")
        self._definition = filling.figures.definition(name)
        self._words = filling.figures.words

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
        """同比减少25%, between `before` and `after`; '' if the year before has no value."""
        base = self._row.year_ago_value if self._row else None
        return self._change(base, "yoy", before, after)

    def mom(self, before: str = "", after: str = "") -> str:
        """环比增加0.2个百分点, between `before` and `after`; '' if the previous period has no value."""
        base = self._row.previous_value if self._row else None
        return self._change(base, "mom", before, after)

    def by(self, dimension: str) -> "FigureList":
        """The figure's parts along a dimension, in the office's order."""
        rows = self._filling.figures.by(self._name, dimension)
        if not rows and dimension not in self._filling.figures.dimension_names:
            require_name(dimension, self._filling.figures.dimensions(self._name), f"dimension of {self._name}")
        return FigureList([FigureText(self._filling, self._name, dimension, row.member) for row in rows], self._words)

    def _print(self, style: str, decimals: int) -> str:
        if not self.exists:
            where = "" if self._dimension == "total" else f" of {self._dimension} {self._member}"
            raise Mistake(
                f"{self._name}{where} has no value in {self._filling.figures.period};"
                f" put the words that need it between {{% if fig('{self._name}').exists %}} and {{% endif %}}"
            )
        return self._filling.mark(self._words.printed(self._row.value, style, decimals), self._row, self._row.value)

    def _part(self, part: str) -> str:
        amount = getattr(self._row, part, None)
        if amount is None:
            raise Mistake(f"{self._name} has no {part} in {self._filling.figures.period}")
        return self._filling.mark(self._words.exact(amount), self._row, amount, part)

    def _change(self, base: float | None, part: str, before: str, after: str) -> str:
        style = self._definition.style
        change = self._words.change(self.value, base, style, self._definition.unit)
        if change is None:
            return ""
        word, size = change
        if not size:
            return before + self._words(f"change.{part}.none") + after
        amount = wording.change_amount(self.value, base, style)
        size = self._filling.mark(size, self._row, amount, part)
        return before + self._words(f"change.{part}.moved", word=word, size=size) + after


class FigureList(list):
    """Parts of a figure; can be looped over, ranked and listed."""

    def __init__(self, parts: Iterable[FigureText], words: Words):
        super().__init__(parts)
        self._words = words

    def ranked(self) -> "FigureList":
        """Largest first, without zeros and missing values; equal values keep the office's order."""
        return FigureList(sorted((part for part in self if part.value), key=lambda part: -part.value), self._words)

    def above(self, limit: float) -> "FigureList":
        """Those whose value exceeds the limit."""
        return FigureList((part for part in self if part.exists and part.value > limit), self._words)

    def names(self, top: int | None = None) -> str:
        """Names only: 郝家桥镇、崇兴镇."""
        return self._words.listing([part.member for part in self[:top]], top is not None and len(self) > top)

    def listing(self, top: int | None = None) -> str:
        """郝家桥镇125件、崇兴镇97件: the `top` largest and those equal to the last of them, 等 if some are left out."""
        ranked = self.ranked()
        listed = ranked
        if top is not None and len(ranked) > top:
            listed = [part for part in ranked if part.value >= ranked[top - 1].value]
        items = [
            self._words("list.pair", name=part.member, amount=self._words.quantity(str(part), part.unit))
            for part in listed
        ]
        return self._words.listing(items, len(listed) < len(ranked))
