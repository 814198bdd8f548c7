"""Words for the numbers of a chart: its one unit, its months, its ranking told in a sentence.

Takes figures and returns strings or the rows that a chart needs. data_table.py builds the data table, and
reports/text/wording.py holds the wording that charts share with the text.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.figures.model import Figure, Figures
from reports.text.wording import NO_VALUE, exact

ROUNDING_NOTE = "因四舍五入，分项之和可能与总数略有出入。"


@dataclass(frozen=True, slots=True)
class Unit:
    """The one unit that all values of a chart are printed in: 万件 with fixed decimals, or 件 to the unit."""

    word: str
    decimals: int | None

    def __call__(self, count: float | None) -> str:
        if count is None or self.decimals is None:
            return exact(count, grouped=True)
        in_wan = Decimal(repr(float(count))) / 10_000
        return str(in_wan.quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP))


def unit_for(counts: Iterable[float | None], measure_word: str = "件") -> Unit:
    """万 where the counts are that large and none of them would round to nothing; else the plain unit."""
    present = [abs(count) for count in counts if count]
    largest, smallest = max(present, default=0), min(present, default=0)
    if largest >= 5_000:
        fewest_decimals = 1 if largest >= 50_000 else 2
        for decimals in range(fewest_decimals, 3):
            if smallest >= 10_000 / 10**decimals:
                return Unit(f"万{measure_word}", decimals)
    return Unit(measure_word, None)


def months_of(figures: Figures, figure: str) -> list[Figure | None]:
    """The rows of a figure for the period's months, None where the mart has none."""
    return [figures.get(figure, period=month) for month in figures.months()]


def split_unstated(rows: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """The rows of members that have a name, and apart from them the row of what names no member."""
    return [row for row in rows if not row.is_unstated], [row for row in rows if row.is_unstated]


def ids_of(*rows: Figure | None) -> list[str]:
    """The ids of figures rows in order, each once; None is passed over."""
    return list(dict.fromkeys(row.id for row in rows if row is not None))


def month_name(period: str) -> str:
    """'2022-06' as 6月."""
    return f"{int(period[-2:])}月"


def month_is_cut(figures: Figures, period: str) -> bool:
    """Whether the month goes on after the period's as-of day."""
    as_of = figures.as_of_on
    return period == f"{as_of:%Y-%m}" and as_of.day < monthrange(as_of.year, as_of.month)[1]


def describe_ranking(rows: list[str]) -> str:
    """A ranking as alternative text: all of it up to twelve rows, else the first six and the last."""
    if len(rows) <= 12:
        return "；".join(rows)
    return "；".join(rows[:6]) + f"；最末为{rows[-1]}；共{len(rows)}个，详见数据表"


def is_rounded_off(percents: Iterable[str]) -> bool:
    """Whether shares of one whole, as printed, do not add up to 100%."""
    return sum(Decimal(share.rstrip("%")) for share in percents if share != NO_VALUE) != 100
