"""The data table under a chart, and for each of its cells the figure that it prints.

Takes rows of figures and returns a frame with counts unrounded and rates in %, beside marks that name the figures row,
its part and the exact amount of each cell. Formats print the frame and link each number by its mark. How a chart's own
numbers are worded is written in values.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports.figures.model import Figure, Figures
from reports.text.filling import Mark

# one tuple a row of the table, one entry a cell
Marks = tuple[tuple[Mark | None, ...], ...]


@dataclass(frozen=True)
class Column:
    """A column of the table: one part of each row's figure."""

    title: str
    rows: Sequence[Figure | None]
    part: str = "value"  # value, numerator, denominator, previous_value, year_ago_value, yoy
    decimals: int | None = None  # None: a count; else a rate in % with these decimals
    amounts: Sequence[float | None] | None = None  # given if a figures row doesn't hold them, such as a running sum
    is_mixed: bool = False  # rows may be counts or rates, each in its own unit

    def marks(self) -> list[Mark | None]:
        """For each cell the row, the part and the amount printed; None where there is no number."""
        amounts = self.amounts if self.amounts is not None else [_amount(row, self.part) for row in self.rows]
        return [
            None if row is None or amount is None else Mark(row.id, self.part, amount)
            for row, amount in zip(self.rows, amounts, strict=True)
        ]


def head_column(figures: Figures, figure: str, part: str = "value") -> str:
    """The registry's heading of a column that shows this part of the figure; a fraction is tabulated in %."""
    definition = figures.definition(figure)
    heading = definition.column_heading(part)
    return figures.words.titled(heading, "%") if definition.is_fraction and part == "value" else heading


def tabulate(labels: dict[str, Sequence[str]], *columns: Column) -> tuple[pd.DataFrame, Marks]:
    """The table and the marks of its cells; the columns of words in `labels` come first. NA stands for no number."""
    frame: dict[str, Sequence] = dict(labels)
    marks_by_column = [column.marks() for column in columns]
    for column, marks in zip(columns, marks_by_column, strict=True):
        amounts = [mark and mark.value for mark in marks]
        if column.is_mixed:
            cells = [pd.NA if amount is None else _in_its_unit(amount) for amount in amounts]
            frame[column.title] = pd.Series(cells, dtype=object)
        elif column.decimals is None:
            cells = [pd.NA if amount is None else _count(amount) for amount in amounts]
            frame[column.title] = pd.Series(cells, dtype="Int64" if _are_whole(amounts) else "Float64")
        else:
            rates = [pd.NA if amount is None else round(amount * 100, column.decimals) for amount in amounts]
            frame[column.title] = pd.Series(rates, dtype="Float64")
    unmarked = (None,) * len(labels)
    return pd.DataFrame(frame), tuple((*unmarked, *cells) for cells in zip(*marks_by_column, strict=True))


def _amount(row: Figure | None, part: str) -> float | None:
    if row is None:
        return None
    if part == "yoy":
        return None if row.value is None or not row.year_ago_value else row.value / row.year_ago_value - 1
    return getattr(row, part)


def _count(amount: float) -> float:
    return round(amount) if float(amount).is_integer() else round(amount, 1)


def _in_its_unit(amount: float) -> int | float:
    return int(amount) if float(amount).is_integer() else round(amount, 2)


def _are_whole(amounts: Sequence[float | None]) -> bool:
    return all(amount is None or float(amount).is_integer() for amount in amounts)
