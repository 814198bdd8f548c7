"""The number formats of cells, so that a sheet shows an amount as the bulletin's tables print it.

Each function takes an amount, or what its figure's definition says of it, and returns a format in Excel's notation.
Cells keep the exact amounts.
"""

import pandas as pd

from reports.figures.model import Definition
from reports.words import wording
from reports.words.catalogue import Words


def whole_format(words: Words) -> str:
    """The number format of whole numbers, with the separator of thousands that the language has, if any."""
    return "#,##0" if words.thousands else "0"


def value_format(words: Words, definition: Definition, amount: float | None) -> str:
    """The number format that shows an amount as the bulletin's tables print it."""
    if definition.style in ("share", "rate"):
        return f"0{_decimals(wording.percent(amount, definition.decimals))}%"
    if definition.style == "days":
        return f"0{_decimals(wording.days(1, definition.decimals))}"
    return whole_format(words)


def change_format(words: Words, style: str, change: tuple[str, str] | None) -> str:
    """The number format that shows a change as the text words it, e.g. 增长12.3%."""
    if change is None:
        return "General"
    size = change[1] or "0%"
    unit = "%" if size.endswith("%") else f'"{size.lstrip("0123456789.")}"'
    number = f"0{_decimals(size)}{unit}"
    return (
        f'"{words.direction(style, True)}"{number};"{words.direction(style, False)}"{number};"{words("change.none")}"'
    )


def plain_format(words: Words, amount: float | None) -> str:
    """The number format of a numerator, a denominator or a chart's number."""
    return whole_format(words) + ("" if amount is None or float(amount).is_integer() else ".00")


def _decimals(printed: str) -> str:
    """The part of a number format that gives as many decimals as `printed` has: '.00' for '12.34%'."""
    digits = "".join(c for c in printed.partition(".")[2] if c.isdigit())
    return "." + "0" * len(digits) if digits else ""


def shared_format(words: Words, values: pd.Series) -> str:
    """One format for all numbers of a column: without decimals where they are whole, else with those of the longest."""
    if pd.api.types.is_integer_dtype(values.dtype):
        return whole_format(words)
    places = max((len(f"{value:.10g}".partition(".")[2]) for value in values.dropna()), default=0)
    return "0." + "0" * places if places else "0"
