"""How numbers, changes, dates and lists are worded in Chinese: 万, percentages, 增加/减少/持平, listings, periods.

It takes plain values and returns plain strings, or '/' where there is nothing to divide or to compare with. Each
function is named after the form it gives. Which number is printed where belongs to the template, the tables and the
charts.
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NO_VALUE = "/"
# In tables: no loaded export supplies the figure, so nobody measured it. A measured nothing is 0.
NO_DATA = "—"
_DIGITS = "零一二三四五六七八九"

# Two ratios of counts that differ by less are equal: dividing in floating point leaves such differences.
_NOISE = Decimal("1e-9")


def wan(n: float | None) -> str:
    """A count in 万 with at most three significant digits ('34.9万'); below 1万 the exact count."""
    if n is None:
        return NO_VALUE
    if abs(n) < 10_000:
        return exact(n)
    amount = _decimal(n) / 10_000
    rounded = _round(amount, 2 - amount.adjusted())
    return f"{_trim(f'{rounded:f}')}万"


def exact(n: float | None, grouped: bool = False) -> str:
    """A count to the unit ('25477'); `grouped` puts commas between thousands, for tables."""
    if n is None:
        return NO_VALUE
    whole = int(_round(_decimal(n), 0))
    return f"{whole:,}" if grouped else str(whole)


def percent(x: float | None, decimals: int = 1) -> str:
    """A fraction of 1 as a percentage ('11.7%'); never rounded to 0% or 100% unless it is exactly that."""
    if x is None:
        return NO_VALUE
    return f"{_careful(_decimal(x) * 100, decimals, (Decimal(0), Decimal(100)))}%"


def days(x: float | None, decimals: int = 1) -> str:
    """A duration in days with fixed decimals ('3.2'), without its unit."""
    return NO_VALUE if x is None else str(_round(_decimal(x), decimals))


def amount(n: float | None) -> str:
    """A numerator or denominator: grouped to the unit, or with two decimals where it is no whole number."""
    if n is None:
        return NO_VALUE
    return exact(n, grouped=True) if float(n).is_integer() else days(n, 2)


def printed(value: float | None, style: str, decimals: int, grouped: bool = False) -> str:
    """A value in the style of its figure: 'wan' and 'exact' for counts, 'share' and 'rate' in %, 'days'."""
    match style:
        case "wan":
            return wan(value)
        case "exact":
            return exact(value, grouped)
        case "share" | "rate":
            return percent(value, decimals)
        case "days":
            return days(value, decimals)
    raise ValueError(f"unknown style {style!r} in marts.figure_definitions; known: wan, exact, share, rate, days")


def change(value: float | None, base: float | None, style: str, unit: str = "") -> tuple[str, str] | None:
    """How a value moved against its base: ('减少', '25%'), ('增加', '0.2个百分点'), ('持平', ''), or None.

    Counts change in % of the base (none where it is 0), shares and rates in 个百分点, durations in their unit.
    """
    if value is None or base is None:
        return None
    difference = _decimal(value) - _decimal(base)
    if style in ("share", "rate"):
        amount, suffix = difference * 100, "个百分点"
    elif style == "days":
        amount, suffix = difference, unit
    elif base == 0:
        return None
    else:
        amount, suffix = difference / _decimal(base) * 100, "%"
    if abs(amount) < _NOISE:
        return "持平", ""
    limits = (Decimal(0), Decimal(100)) if suffix == "%" else (Decimal(0),)
    size = _careful(abs(amount), 1, limits)
    return ("增加" if difference > 0 else "减少"), _trim(size) + suffix


def change_amount(value: float, base: float, style: str) -> float:
    """The unrounded change that `change` words: a difference for rates and durations, else a fraction of base."""
    return value - base if style in ("share", "rate", "days") else value / base - 1


def listing(items: Iterable[str], cut_short: bool = False) -> str:
    """Items joined by 、, ended by 等 only when some were left out."""
    return "、".join(items) + ("等" if cut_short else "")


def numeral(n: int) -> str:
    """A whole number from 1 to 99 in Chinese: 十二."""
    tens, ones = divmod(n, 10)
    return f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones] if ones else ''}"


def day(value: date) -> str:
    """A date in Chinese, without leading zeros: 2022年6月30日."""
    return f"{value.year}年{value.month}月{value.day}日"


def day_of_year(value: date) -> str:
    """A date whose year is said beside it: 7月1日."""
    return f"{value.month}月{value.day}日"


def span(start: date, end: date) -> str:
    """Two dates in Chinese, with one year where both lie in it: 2022年1月1日至6月30日."""
    if start == end:
        return day(start)
    tail = day_of_year(end) if start.year == end.year else day(end)
    return f"{day(start)}至{tail}"


def period(short_name: str, start: date, as_of: date, is_complete: bool) -> str:
    """A period in running text: its short name (上半年, 二季度). One that isn't complete is called by its dates."""
    return short_name if is_complete else span(start, as_of)


def _decimal(x: float) -> Decimal:
    # repr() gives the shortest text of a float, so that 0.88 becomes exactly 0.88 and rounds as people expect.
    return Decimal(repr(float(x)))


def _round(x: Decimal, places: int) -> Decimal:
    return x.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _careful(x: Decimal, decimals: int, limits: tuple[Decimal, ...]) -> str:
    """x rounded to `decimals`. If that gives one of `limits` though x differs from it, more decimals are printed."""
    for limit in limits:
        if abs(x - limit) < _NOISE:
            return str(limit)
    while (rounded := _round(x, decimals)) in limits:
        decimals += 1
    return str(rounded)


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
