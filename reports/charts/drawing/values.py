"""Words for the numbers of a chart: its one unit, its months, its ranking told in a sentence.

Takes figures and returns strings or the rows that a chart needs. data_table.py builds the data table, and
reports/words holds the words.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.figures.model import Figure, Figures
from reports.words.catalogue import Words
from reports.words.wording import NO_VALUE


@dataclass(frozen=True, slots=True)
class Unit:
    """The one unit that all values of a chart are printed in: 万件 with fixed decimals, or 件 to the unit."""

    word: str
    decimals: int | None
    words: Words

    def __call__(self, count: float | None) -> str:
        if count is None or self.decimals is None:
            return self.words.exact(count)
        in_wan = Decimal(repr(float(count))) / 10_000
        return str(in_wan.quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP))


def unit_for(words: Words, counts: Iterable[float | None], measure_word: str = "unit.case") -> Unit:
    """万 where the language has it and no count would round to nothing in it; else the plain unit."""
    present = [abs(count) for count in counts if count]
    largest, smallest = max(present, default=0), min(present, default=0)
    if largest >= 5_000 and words("numbers.myriad"):
        fewest_decimals = 1 if largest >= 50_000 else 2
        for decimals in range(fewest_decimals, 3):
            if smallest >= 10_000 / 10**decimals:
                return Unit(words("numbers.myriad") + words(measure_word), decimals, words)
    return Unit(words(measure_word), None, words)


def months_of(figures: Figures, figure: str) -> list[Figure | None]:
    """The rows of a figure for the period's months, None where the mart has none."""
    return [figures.get(figure, period=month) for month in figures.months()]


def split_unstated(rows: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """The rows of members that have a name, and apart from them the row of what names no member."""
    return [row for row in rows if not row.is_unstated], [row for row in rows if row.is_unstated]


def ids_of(*rows: Figure | None) -> list[str]:
    """The ids of figures rows in order, each once; None is passed over."""
    return list(dict.fromkeys(row.id for row in rows if row is not None))


def has_late_start(figures: Figures, period: str) -> bool:
    """Whether the data begin within the month, after its first day."""
    begins_on = figures.begins_on
    return period == f"{begins_on:%Y-%m}" and begins_on.day > 1


def month_is_cut(figures: Figures, period: str) -> bool:
    """Whether the month goes on after the period's as-of day."""
    as_of = figures.as_of_on
    return period == f"{as_of:%Y-%m}" and as_of.day < monthrange(as_of.year, as_of.month)[1]


def describe_ranking(words: Words, rows: list[str]) -> str:
    """A ranking as alternative text: all of it up to twelve rows, else the first six and the last."""
    if len(rows) <= 12:
        return words("list.item").join(rows)
    return words("spoken.ranking", first=words("list.item").join(rows[:6]), last=rows[-1], n=len(rows))


def is_rounded_off(percents: Iterable[str]) -> bool:
    """Whether shares of one whole, as printed, do not add up to 100%."""
    return sum(Decimal(share.rstrip("%")) for share in percents if share != NO_VALUE) != 100
