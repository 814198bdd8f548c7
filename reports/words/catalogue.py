"""The words of one language: sentences by key from <code>.yaml, and numbers, changes, dates and lists worded in it.

`load_words` takes the code of a language and returns its `Words`. A sentence is a template with named parts, and
`{n:|case|cases}` chooses by number, `{name:apart}` keeps a name and a number apart. Which sentence is printed where
belongs to the text, the tables and the charts; sentences that a jurisdiction replaces belong to
reports/figures/labels.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

import yaml

from reports.words import wording

FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


class _Sentence(Formatter):
    """`str.format`, and two forms of its own.

    `{n:|case|cases}`: the first word where n is printed as 1, else the second. `{name:apart}`: before a number; a name
    that ends in a digit gets a blank, because 子县1 with 25件 would read 子县125件.
    """

    def format_field(self, value: object, spec: str) -> str:
        if spec == "apart":
            return f"{value} " if str(value)[-1:].isdecimal() else str(value)
        if not spec.startswith("|"):
            return super().format_field(value, spec)
        one, many = spec[1:].split("|")
        return one if str(value) == "1" else many


_SENTENCE = _Sentence()


@dataclass(frozen=True)
class Words:
    """The language `code` with its sentences and lists by dotted key; `words("rounding")` says one."""

    code: str
    texts: Mapping[str, str | tuple[str, ...]]

    def __call__(self, key: str, **parts: object) -> str:
        """The sentence of this key with its parts filled in; KeyError for a key that the language lacks."""
        return _SENTENCE.vformat(self.texts[key], (), parts)

    def list(self, key: str) -> tuple[str, ...]:
        """The list of words of this key, such as the days of the week."""
        return tuple(self.texts[key])

    @property
    def thousands(self) -> str:
        """What stands between thousands everywhere: nothing in Chinese (25477), a comma in English (25,477)."""
        return self.texts["numbers.thousands"]

    def exact(self, n: float | None) -> str:
        """A count to the unit: 25477, in English 25,477."""
        return wording.exact(n, self.thousands)

    def amount(self, n: float | None) -> str:
        """A numerator or denominator: to the unit, or with two decimals where it is no whole number."""
        return self.exact(n) if n is None or float(n).is_integer() else wording.days(n, 2)

    def wan(self, n: float | None) -> str:
        """A count in 万 with at most three significant digits ('34.9万'), below 1万 and in English to the unit."""
        if n is None or abs(n) < 10_000 or not self.texts["numbers.myriad"]:
            return self.exact(n)
        amount = wording.to_decimal(n) / 10_000
        rounded = wording.round_half_up(amount, 2 - amount.adjusted())
        return wording.trim(f"{rounded:f}") + self.texts["numbers.myriad"]

    def is_rounded(self, text: str) -> bool:
        """Whether a printed count is in 万, so that its last digits are not printed."""
        myriad = self.texts["numbers.myriad"]
        return bool(myriad) and myriad in text

    def printed(self, value: float | None, style: str, decimals: int) -> str:
        """A value in the style of its figure: 'wan' and 'exact' for counts, 'share' and 'rate' in %, 'days'."""
        match style:
            case "wan":
                return self.wan(value)
            case "exact":
                return self.exact(value)
            case "share" | "rate":
                return wording.percent(value, decimals)
            case "days":
                return wording.days(value, decimals)
        raise ValueError(f"unknown style {style!r} in marts.figure_definitions; known: wan, exact, share, rate, days")

    def change(
        self, value: float | None, base: float | None, style: str, unit: str = "", decimals: int | None = None
    ) -> tuple[str, str] | None:
        """How a value moved against its base: ('下降', '25%'), ('提高', '0.2个百分点'), ('持平', ''), or None.

        Counts change in % of the base (none where it is 0), shares and rates in percentage points, durations in their
        unit. A change too small for the `decimals` that shares and durations are printed with is none.
        """
        if value is None or base is None:
            return None
        difference = wording.to_decimal(value) - wording.to_decimal(base)
        if style in ("share", "rate"):
            amount, suffix = difference * 100, self("change.points")
        elif style == "days":
            amount, suffix = difference, self("change.in_unit", unit=unit)
        elif base == 0:
            return None
        else:
            amount, suffix = difference / wording.to_decimal(base) * 100, "%"
        is_lost = decimals is not None and suffix != "%" and not wording.round_half_up(abs(amount), decimals)
        if is_lost or abs(amount) < wording.NOISE:
            return self("change.none"), ""
        limits = (Decimal(0), Decimal(100)) if suffix == "%" else (Decimal(0),)
        size = wording.round_carefully(abs(amount), 1, limits)
        return self.direction(style, difference > 0), wording.trim(size) + suffix

    def direction(self, style: str, is_up: bool) -> str:
        """The word for a rise or fall: counts 增长 and 下降, rates 提高 and 下降, durations 增加 and 减少."""
        kind = {"share": "rate", "rate": "rate", "days": "days"}.get(style, "count")
        return self(f"change.{kind}.up" if is_up else f"change.{kind}.down")

    def fit(self, *candidates: str) -> str:
        """The first of these sentences that is short enough for a headline, else the last one."""
        longest = int(self.texts["headline.longest"])
        return next((sentence for sentence in candidates if len(sentence) <= longest), candidates[-1])

    def quantity(self, number: str, unit: str) -> str:
        """A printed number with its unit: 125件, 125 requests; without a unit the number alone."""
        return self("quantity", number=number, unit=unit) if unit else number

    def titled(self, name: str, unit: str) -> str:
        """A name with the unit of its values in brackets: 办件量（件）; without a unit the name alone."""
        return self("titled", name=name, unit=unit) if unit else name

    def listing(self, items: Iterable[str], cut_short: bool = False) -> str:
        """Items joined by 、, ended by 等 only when some were left out."""
        return self("list.comma").join(items) + (self("list.cut_short") if cut_short else "")

    def day(self, value: date) -> str:
        """A date without leading zeros: 2022年6月30日, 30 June 2022."""
        return self("date.day", year=value.year, month=self.month(value.month), day=value.day)

    def day_of_year(self, value: date) -> str:
        """A date without its year: 6月30日, 30 June."""
        return self("date.day_of_year", month=self.month(value.month), day=value.day)

    def month(self, number: int) -> str:
        """The name of a month: 6月, June."""
        return self.list("date.months")[number - 1]

    def month_heading(self, period: str) -> str:
        """The month of a period's key '2022-06' as a chart heads it: 6月, Jun."""
        return self.list("date.month_headings")[int(period[-2:]) - 1]

    def span(self, start: date, end: date) -> str:
        """Two dates, with one year where both lie in it: 2022年1月1日至6月30日, 1 January to 30 June 2022."""
        if start == end:
            return self.day(start)
        if start.year != end.year:
            return self("date.span", start=self.day(start), end=self.day(end))
        start_words, end_words = self.day_of_year(start), self.day_of_year(end)
        return self("date.span_in_year", year=start.year, start=start_words, end=end_words)

    def period_name(self, key: str) -> str:
        """A period by its key, as in a title: '2022Q2' is 2022年第二季度, Q2 2022."""
        kind, parts = self._parse_period(key)
        return self(f"period.name.{kind}", **parts)

    def short_period_name(self, key: str) -> str:
        """A period by its key, as in running text: '2022Q2' is 二季度, Q2 2022."""
        kind, parts = self._parse_period(key)
        return self(f"period.short.{kind}", **parts)

    def _parse_period(self, key: str) -> tuple[str, dict[str, object]]:
        year, rest = key[:4], key[4:]
        if rest.startswith("-"):
            return "month", {"year": year, "month": self.month(int(rest[1:]))}
        if rest.startswith("Q"):
            return "quarter", {"year": year, "quarter": self.list("period.quarters")[int(rest[1]) - 1]}
        if rest.startswith("H"):
            return "half", {"year": year, "half": self.list("period.halves")[int(rest[1]) - 1]}
        return "year", {"year": year}

    def period(self, short_name: str, start: date, as_of: date, is_complete: bool) -> str:
        """A period in running text: its short name (上半年, 二季度). One that isn't complete is called by its dates."""
        return short_name if is_complete else self.span(start, as_of)


@cache
def load_words(code: str) -> Words:
    """The words of the language `code`, a file of this room."""
    content = yaml.load((FOLDER / f"{code}.yaml").read_text("utf-8"), yaml.CSafeLoader)  # ten times as quick
    return Words(code, MappingProxyType(dict(_flatten(content, ""))))


def parts_of(sentence: str) -> set[str]:
    """The names of the parts of a sentence."""
    return {name for _, name, _, _ in _SENTENCE.parse(sentence) if name}


def _flatten(content: Mapping, prefix: str) -> Iterable[tuple[str, str | tuple[str, ...]]]:
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", tuple(map(str, value)) if isinstance(value, list) else str(value)
