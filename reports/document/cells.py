"""Prints the cells of tables: a figure's value, its parts and its changes, each number knowing its figures row.

It takes a figures row, or the names to find it by, and returns the runs of one cell. Which figures a table shows is
decided in tables.py; how a number is worded is decided in reports/words.
"""

from reports.document.model import Run, Runs
from reports.figures.model import Definition, Figure, Figures
from reports.words import wording


def print_number(figures: Figures, row: Figure | None, part: str = "value") -> Runs:
    """The words of one cell: the value in its style, a numerator, a denominator or a change.

    A cell without a number holds '/'.
    """
    if row is None:
        return (Run(wording.NO_VALUE),)
    definition = figures.definition(row.figure)
    if part in ("yoy", "mom"):
        return _print_change(figures, definition, row, part)
    amount = getattr(row, part)
    if amount is None:
        return (Run(wording.NO_VALUE),)
    if part != "value":
        return (Run(figures.words.amount(amount), row.id, part, amount),)
    style = "exact" if definition.style == "wan" else definition.style
    text = figures.words.printed(amount, style, definition.decimals)
    return (Run(text, row.id, part, amount),)


def _print_change(figures: Figures, definition: Definition, row: Figure, part: str) -> Runs:
    base = row.year_ago_value if part == "yoy" else row.previous_value
    change = figures.words.change(row.value, base, definition.style, definition.unit, definition.decimals)
    if change is None:
        return (Run(wording.NO_VALUE),)
    word, size = change
    if not size:
        return (Run(word),)
    return (Run(word), Run(size, row.id, part, wording.change_amount(row.value, base, definition.style)))


def print_member(figures: Figures, figure: str, part: str, dimension: str, member: str) -> Runs:
    """The cell of one member of a figure; '—' where no loaded export supplies its number."""
    row = figures.get(figure, dimension, member)
    if row is None and figures.why_absent(figure, dimension, member):
        return (Run(wording.NO_DATA),)
    return print_number(figures, row, part)
