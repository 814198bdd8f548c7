"""Words the one sentence above each chart along time: monthly volumes, certificates, the calendar of days.

Takes the words of a language and plain values, and returns a sentence no longer than the language's `headline.longest`.
A headline claims only what the numbers beside it show. comparisons.py words the charts of parts and places.
"""

from datetime import date
from itertools import pairwise

from reports.charts.headlines.comparisons import with_or_without
from reports.words.catalogue import Words
from reports.words.wording import percent


def monthly_volume(
    words: Words,
    period: str,
    total: float,
    months: list[tuple[str, float | None, float | None]],
    is_cut: bool = False,
) -> str:
    """How the volumes of the months compare with the year before; `months` are (name, volume, volume a year before).

    `is_cut` says that the last month is not over, so that it is compared with the same days of the year before.
    """
    if not total:
        return words("headline.volume.none", period=period)
    start = words("headline.volume.start", period=period, count=words.wan(total))
    pairs = [(value, base) for _, value, base in months if value is not None and base is not None]
    if not pairs:
        finding = _highest_month(words, [(name, value) for name, value, _ in months])
        return words.fit(*with_or_without(words, start, finding))
    lower = sum(value < base for value, base in pairs)
    higher = sum(value > base for value, base in pairs)
    count, than = len(pairs), words("headline.volume.than_days" if is_cut else "headline.volume.than_month")
    is_whole = count == len(months)
    scope = "" if is_whole else words("headline.volume.comparable", n=count)
    if count == 1:
        kind = "lower" if lower else "higher" if higher else "same"
        finding = words(f"headline.volume.one.{kind}", than=than) if is_whole else ""
        return words.fit(*with_or_without(words, start, finding))
    every = scope or words("headline.volume.every_month")
    if lower == count or higher == count or (not lower and not higher):
        kind = "lower" if lower else "higher" if higher else "same"
        finding = words(f"headline.volume.all.{kind}", scope=every, than=than)
    elif lower == higher:
        kind = "split_of" if scope else "split"
        finding = words(f"headline.volume.{kind}", scope=scope, higher=higher, lower=lower, than=than)
    else:
        number, kind = (lower, "lower") if lower > higher else (higher, "higher")
        scope = scope or words("headline.volume.months", n=count)
        finding = words(f"headline.volume.most.{kind}", scope=scope, n=number, than=than)
    return words.fit(*with_or_without(words, start, finding))


def certificates(words: Words, period: str, total: float, months: list[tuple[str, float | None]]) -> str:
    """How the intake moved from month to month; `months` are (name, count) of the complete ones, in order."""
    count = words.wan(total)
    if not total:
        return words("headline.certificates.none", period=period)
    if len(months) < 2:
        return words("headline.certificates.of_period", period=period, count=count)
    values = [value for _, value in months]
    general = words("headline.certificates.total", period=period, count=count)
    end = words("headline.certificates.sum", period=period, count=count)
    if None in values:
        return words.fit(general, end)
    steps = [after - before for before, after in pairwise(values)]
    finding = ""
    if len(steps) > 1:
        sign = 1 if steps[-1] > 0 else -1
        run = 0
        while run < len(steps) and steps[-1 - run] * sign > 0:
            run += 1
        kind = "rising" if sign > 0 else "falling"
        if run == len(steps):
            finding = words(f"headline.months.{kind}")
        elif run > 1:
            finding = words(f"headline.months.{kind}_since", name=months[len(months) - run][0])
    finding = finding or _highest_month(words, months)
    full = words("headline.certificates.found", finding=finding, sum=end) if finding else general
    return words.fit(full, general, end)


def calendar(words: Words, days: list[tuple[date, float]], free_days: frozenset[str]) -> str:
    """The busiest day and how much of the volume came in on days off; `free_days` are written as 2022-06-04."""
    total = sum(value for _, value in days)
    if not total:
        return words("headline.days.none")
    most = max(value for _, value in days)
    top = [day for day, value in days if value == most]
    parts = []
    if len(top) == 1:
        parts.append(words("headline.days.busiest", day=words.day_of_year(top[0]), count=words.exact(most)))
    free = sum(value for day, value in days if str(day) in free_days)
    if free:
        parts.append(words("headline.days.free", share=percent(free / total, 1)))
    elif free_days:
        parts.append(words("headline.days.none_free"))
    return words.fit(words("list.clause").join(parts) or words("headline.days.most", count=words.exact(most)))


def _highest_month(words: Words, months: list[tuple[str, float | None]]) -> str:
    counted = [(value, name) for name, value in months if value is not None]
    if len(counted) < 2:
        return ""
    highest = max(value for value, _ in counted)
    names = [name for value, name in counted if value == highest]
    if len(names) == 1:
        return words("headline.months.highest", name=names[0])
    return words("headline.months.level") if len(names) == len(months) else ""
