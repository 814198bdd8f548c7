"""The objects that a template asks for a figure's number, its change, its share, its parts, or a list of them.

It takes a `Filling`, which holds the period's `Figures`, and gives the objects behind `fig(…)`. Each number that they
print is marked with its row of marts.figures. reports/words words the numbers; template.py handles files, Jinja and
Markdown; which sentences fall away for want of a number is decided in document/omissions.py.
"""

from collections.abc import Iterable

from reports.text.filling import ABSENT, Filling, Mistake, NoValue, require_dimension, require_name
from reports.words import wording
from reports.words.catalogue import Words
from reports.words.locale import words


class FigureText:
    """A figure in the text: prints its value, or what one of its methods asks for.

    Where the period has no such number it prints ABSENT, and the document leaves the sentence out.
    """

    def __init__(
        self, filling: Filling, name: str, dimension: str = "total", member: str = "total", period: str | None = None
    ):
        self._filling = filling
        self._name = require_name(name, filling.figures.definitions, "figure")
        self._dimension = dimension
        self._member = member
        figures = filling.figures
        self._period = period or figures.period
        self._row = figures.get(name, dimension, member, self._period)
        if self._row is None and dimension != "total":
            require_dimension(figures, name, dimension)
            members = [*(row.member for row in figures.by(name, dimension, period)), *figures.members(dimension)]
            if members:
                require_name(member, dict.fromkeys(members), "member", dimension=dimension, figure=name)
        self._definition = figures.definition(name)
        self._words = figures.words

    def __str__(self) -> str:
        return self._print(self._definition.style, self._definition.decimals)

    @property
    def exists(self) -> bool:
        """Whether the figure has a value this period, be it 0."""
        return self.amount is not None

    @property
    def is_measured(self) -> bool:
        """Whether a loaded export supplies the figure. A rate of nothing is measured and has no value."""
        return self._row is not None

    @property
    def value(self) -> float | NoValue:
        """The unrounded value, for conditions."""
        return NoValue(self.described, self.asked) if self.amount is None else self.amount

    @property
    def amount(self) -> float | None:
        """The unrounded value, or None."""
        return self._row.value if self._row else None

    @property
    def is_unstated(self) -> bool:
        """Whether it counts what names no member of its dimension."""
        return self._row is not None and self._row.is_unstated

    @property
    def asked(self) -> str:
        """How a template asks for it: fig('case_volume', venue='hall')."""
        member = "" if self._dimension == "total" else f", {self._dimension}='{self._member}'"
        return f"fig('{self._name}'{member})"

    @property
    def described(self) -> str:
        """Its name, member and period in a message to the text's author."""
        member = "" if self._dimension == "total" else f"{self._dimension} {self._member}"
        of = words("mistake.of_member", member=member) if member else ""
        return words("mistake.described", figure=self._name, of=of, period=self._period)

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
    def _cited(self) -> str | None:
        """The period, where it is another than the bulletin's."""
        return None if self._period == self._filling.figures.period else self._period

    @property
    def unit(self) -> str:
        """The unit the number is printed with; '' where the number carries its own (%)."""
        return self._definition.printed_unit

    def quantity(self) -> str:
        """The value with its unit: 34.9万件."""
        return self._words.quantity(str(self), self.unit)

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
        share = FigureText(self._filling, f"{self._name}_share", self._dimension, self._member, self._cited)
        return str(share) if decimals is None else share.percent(decimals)

    def yoy(self, before: str = "", after: str = "") -> str:
        """同比下降25%, between `before` and `after`; '' if the year before has no value."""
        base = self._row.year_ago_value if self._row else None
        return self._change(base, "yoy", before, after)

    def mom(self, before: str = "", after: str = "") -> str:
        """环比提高0.2个百分点, between `before` and `after`; '' if the previous period has no value."""
        base = self._row.previous_value if self._row else None
        return self._change(base, "mom", before, after)

    def by(self, dimension: str) -> "FigureList":
        """The figure's parts along a dimension, in the office's order."""
        require_dimension(self._filling.figures, self._name, dimension)
        rows = self._filling.figures.by(self._name, dimension, self._period)
        self._require_if_cited(bool(rows))
        parts = (FigureText(self._filling, self._name, dimension, row.member, self._cited) for row in rows)
        return FigureList(parts, self._words)

    def _require_if_cited(self, is_there: bool) -> None:
        """Raises a Mistake if another period, which the text's author chose, lacks the number that is asked for."""
        if self._cited and not is_there:
            raise Mistake(words("mistake.no_number", figure=self.described))

    def _print(self, style: str, decimals: int) -> str:
        self._require_if_cited(self.exists)
        if not self.exists:
            require_dimension(self._filling.figures, self._name, self._dimension)
            return ABSENT
        return self._filling.mark(self._words.printed(self._row.value, style, decimals), self._row, self._row.value)

    def _part(self, part: str) -> str:
        if part == "denominator" and not self._definition.denominator_words:
            raise Mistake(words("mistake.no_part", figure=self._name, part=part))
        amount = getattr(self._row, part, None)
        self._require_if_cited(amount is not None)
        if amount is None:
            return ABSENT
        return self._filling.mark(self._words.exact(amount), self._row, amount, part)

    def _change(self, base: float | None, part: str, before: str, after: str) -> str:
        self._require_if_cited(self.exists)
        style = self._definition.style
        change = self._words.change(self.amount, base, style, self._definition.unit, self._definition.decimals)
        if change is None:
            return ""
        word, size = change
        if not size:
            return before + self._words(f"change.{part}.none") + after
        amount = wording.change_amount(self.amount, base, style)
        size = self._filling.mark(size, self._row, amount, part)
        return before + self._words(f"change.{part}.moved", word=word, size=size) + after


class FigureList(list):
    """Parts of a figure; can be looped over, ranked and listed.

    What names no member (未注明) is among the parts of a loop, and is never ranked, listed or named. A list of nothing
    prints ABSENT.
    """

    def __init__(self, parts: Iterable[FigureText], words: Words):
        super().__init__(parts)
        self._words = words

    def named(self) -> "FigureList":
        """Those that name a member, in the office's order."""
        return FigureList((part for part in self if not part.is_unstated), self._words)

    def ranked(self) -> "FigureList":
        """Largest first, without zeros and missing values; equal values keep the office's order."""
        largest_first = sorted((part for part in self.named() if part.amount), key=lambda part: -part.amount)
        return FigureList(largest_first, self._words)

    def above(self, limit: float) -> "FigureList":
        """Those whose value exceeds the limit."""
        return FigureList((part for part in self.named() if part.exists and part.amount > limit), self._words)

    @property
    def amount(self) -> float:
        """The unrounded sum of the parts, for conditions: whether they are all of a total."""
        return sum(part.amount or 0 for part in self)

    def names(self, top: int | None = None) -> str:
        """Names only: 郝家桥镇、崇兴镇."""
        named = self.named()
        names = [part.member for part in named[:top]]
        return self._words.listing(names, top is not None and len(named) > top) or ABSENT

    def listing(self, top: int | None = None) -> str:
        """郝家桥镇125件、崇兴镇97件: the `top` largest and those equal to the last of them, 等 if some are left out."""
        ranked = self.ranked()
        listed = ranked
        if top is not None and len(ranked) > top:
            listed = [part for part in ranked if part.amount >= ranked[top - 1].amount]
        items = [self._words("list.pair", name=part.member, amount=part.quantity()) for part in listed]
        return self._words.listing(items, len(listed) < len(ranked)) or ABSENT
