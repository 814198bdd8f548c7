"""Here the figures of a chart are made ready: its one unit, its months, the columns of its table.
Drawing stays out, and so does the choice of figures.
It hands the chart modules `Unit`, columns for the data table and words for the alternative text.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from reports.figures.load import Figure, Figures
from reports.text.expressions import Mark
from reports.text.wording import NO_VALUE, exact

ROUNDING_NOTE = "因四舍五入，分项之和可能与总数略有出入。"


# one row a row of the table, one entry a cell
Marks = tuple[tuple[Mark | None, ...], ...]


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


def months_of(figures: Figures, figure: str) -> list[Figure | None]:
    """The rows of a figure for the period's months, None where the mart has none."""
    return [figures.get(figure, period=month) for month in figures.months()]


def ids_of(*rows: Figure | None) -> list[str]:
    """The ids of figures rows in order, each once; None is passed over."""
    return list(dict.fromkeys(row.id for row in rows if row is not None))


@dataclass(frozen=True)
class Column:
    """A column of a chart's data table: one part of each row's figure; counts stay unrounded, rates are in %."""

    title: str
    rows: Sequence[Figure | None]
    part: str = "value"  # value, numerator, denominator, year_ago_value, yoy
    decimals: int | None = None  # None: a count; else a rate in % with these decimals
    amounts: Sequence[float | None] | None = None  # where they are no part of a row: a running sum
    is_mixed: bool = False  # counts and rates as they come, each row in a unit of its own

    def marks(self) -> list[Mark | None]:
        """For each cell the row, the part of it and the amount printed; None for no number."""
        amounts = self.amounts if self.amounts is not None else [_amount(row, self.part) for row in self.rows]
        return [
            None if row is None or amount is None else Mark(row.id, self.part, amount)
            for row, amount in zip(self.rows, amounts, strict=True)
        ]


def tabled(labels: dict[str, Sequence[str]], *columns: Column) -> tuple[pd.DataFrame, Marks]:
    """The data table of a chart, NA for none, and for each of its cells what it prints; `labels` stand first."""
    frame: dict[str, Sequence] = dict(labels)
    marked = [column.marks() for column in columns]
    for column, marks in zip(columns, marked, strict=True):
        amounts = [mark and mark.value for mark in marks]
        if column.is_mixed:
            frame[column.title] = pd.Series([pd.NA if a is None else _own(a) for a in amounts], dtype=object)
        elif column.decimals is None:
            frame[column.title] = pd.Series([pd.NA if a is None else _count(a) for a in amounts], dtype=_type(amounts))
        else:
            rates = [pd.NA if a is None else round(a * 100, column.decimals) for a in amounts]
            frame[column.title] = pd.Series(rates, dtype="Float64")
    nothing = (None,) * len(labels)
    return pd.DataFrame(frame), tuple((*nothing, *cells) for cells in zip(*marked, strict=True))


def _amount(row: Figure | None, part: str) -> float | None:
    if row is None:
        return None
    if part == "yoy":
        return None if row.value is None or not row.year_ago_value else row.value / row.year_ago_value - 1
    return getattr(row, part)


def _count(amount: float) -> float:
    return round(amount) if float(amount).is_integer() else round(amount, 1)


def _own(amount: float) -> int | float:
    return int(amount) if float(amount).is_integer() else round(amount, 2)


def _type(amounts: Sequence[float | None]) -> str:
    return "Int64" if all(a is None or float(a).is_integer() for a in amounts) else "Float64"


def month_name(period: str) -> str:
    """'2022-06' as 6月."""
    return f"{int(period[-2:])}月"


def month_is_cut(figures: Figures, period: str) -> bool:
    """Whether the month goes on after the period's as-of day."""
    as_of = figures.as_of_on
    return period == f"{as_of:%Y-%m}" and as_of.day < monthrange(as_of.year, as_of.month)[1]


def ranking_words(rows: list[str]) -> str:
    """A ranking as alternative text: all of it up to twelve rows, else the first six and the last."""
    if len(rows) <= 12:
        return "；".join(rows)
    return "；".join(rows[:6]) + f"；最末为{rows[-1]}；共{len(rows)}个，详见数据表"


def is_rounded_off(percents: Iterable[str]) -> bool:
    """Whether shares of one whole, as printed, do not add up to 100%."""
    return sum(Decimal(share.rstrip("%")) for share in percents if share != NO_VALUE) != 100
