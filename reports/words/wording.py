"""How numbers are printed in any language: counts, percentages, durations, and the size of a change.

It takes plain values and returns plain strings, or '/' where there is nothing to divide or to compare with. Words
beside the numbers, and forms that differ between languages (万, dates, lists), belong to catalogue.py.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

NO_VALUE = "/"
# In tables: no loaded export supplies the figure, so nobody measured it. A measured nothing is 0.
NO_DATA = "—"
_DIGITS = "零一二三四五六七八九"

# Digits with their sign and unit, and the shares that headlines print in words: 近九成.
NUMBER = re.compile(
    r"[+\-−]?\d[\d,]*(?:\.\d+)?(?:[十百千万亿]+)?(?:%|‰|个百分点)?|[一二两三四五六七八九十]+(?:成|倍|分之[一二三四五六七八九十]+)"
)

# Two ratios of counts that differ by less are equal: dividing in floating point leaves such differences.
NOISE = Decimal("1e-9")


def exact(n: float | None, thousands: str = "") -> str:
    """A count to the unit ('25477'), with `thousands` between its thousands; `Words.exact` knows a language's.

    A mean that would be rounded to 0 has as many decimals as it needs ('0.3').
    """
    if n is None:
        return NO_VALUE
    whole = int(round_half_up(to_decimal(n), 0))
    if whole == 0 and n:
        return round_carefully(to_decimal(n), 0, (Decimal(0),))
    return f"{whole:,}".replace(",", thousands)


def percent(x: float | None, decimals: int = 1) -> str:
    """A fraction of 1 as a percentage ('11.7%'); never rounded to 0% or 100% unless it is exactly that."""
    if x is None:
        return NO_VALUE
    return f"{round_carefully(to_decimal(x) * 100, decimals, (Decimal(0), Decimal(100)))}%"


def days(x: float | None, decimals: int = 1) -> str:
    """A duration in days with fixed decimals ('3.2'), without its unit."""
    return NO_VALUE if x is None else str(round_half_up(to_decimal(x), decimals))


def change_amount(value: float, base: float, style: str) -> float:
    """The unrounded change that `change` words: a difference for rates and durations, else a fraction of base."""
    return value - base if style in ("share", "rate", "days") else value / base - 1


def numeral(n: int) -> str:
    """A whole number from 1 to 99 in Chinese: 十二."""
    tens, ones = divmod(n, 10)
    return f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones] if ones else ''}"


def to_decimal(x: float) -> Decimal:
    # repr() gives the shortest text of a float, so that 0.88 becomes exactly 0.88 and rounds as people expect.
    return Decimal(repr(float(x)))


def round_half_up(x: Decimal, places: int) -> Decimal:
    return x.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def round_carefully(x: Decimal, decimals: int, limits: tuple[Decimal, ...]) -> str:
    """x rounded to `decimals`. If that gives one of `limits` though x differs from it, more decimals are printed."""
    for limit in limits:
        if abs(x - limit) < NOISE:
            return str(limit)
    while (rounded := round_half_up(x, decimals)) in limits:
        decimals += 1
    return str(rounded)


def trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
