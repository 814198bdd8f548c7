"""Builds the figures of a period by hand, by default with the values of the published example.

Tests of charts get a `Figures` object that needs no database.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd

from reports.figures.history import Span
from reports.figures.model import Definition, Figure, Figures
from reports.figures.registry import load

TOWNS = {
    "东塔镇": (9400, 28, 3540),
    "郝家桥镇": (8300, 125, 3120),
    "崇兴镇": (7800, 97, 2980),
    "梧桐树乡": (5500, 86, 2240),
    "临河镇": (3700, 9, 1530),
    "白土岗乡": (3400, 35, 1360),
    "马家滩镇": (2700, 22, 1080),
    "街道办": (2400, 3, 1550),
}
VOLUMES = (69000, 41000, 64200, 56000, 58000, 61000)
YEAR_AGO = (86100, 50000, 89200, 82000, 79200, 79100)
CERTIFICATES = (7200, 5800, 10600, 11300, 13200, 15900)

ORGANISATIONS = {
    "税务窗口": 55_797,
    "人社窗口": 48_502,
    "公安窗口": 43_996,
    "郝家桥镇民生服务中心": 8300,
    "文旅窗口": 946,
}


RANKS = {"事项覆盖率": (4, 4), "超期未办件": (5, 2), "好差评评价率": (3, None), "电子证照种类": (6, 6)}

_REGISTRY = load()


def definition(key: str) -> Definition:
    """A figure of the registry as reports read it from marts.figure_definitions."""
    entry = _REGISTRY.figures[key]
    parts = (entry.numerator, entry.denominator)
    return Definition(
        key,
        entry.name,
        entry.basis,
        entry.unit,
        entry.direction,
        entry.style,
        entry.decimals,
        *(part.words if part else "" for part in parts),
        entry.heading,
        *((part.heading or part.words or "") if part else "" for part in parts),
    )


DEFINITIONS = {key: definition(key) for key in _REGISTRY.figures}
DIMENSIONS = {key: dimension.name for key, dimension in _REGISTRY.dimensions.items()}
LABELS = {
    (key, member): label
    for key, dimension in _REGISTRY.dimensions.items()
    for member, label in dimension.labels.items()
}


def weekdays(day: date) -> int:
    """A volume that differs from day to day, small at weekends."""
    return 250 if day.weekday() > 4 else 2500 + day.toordinal() * 37 % 800


def trailing_spans(kind: str, as_of: date, is_complete: bool) -> tuple[Span, ...]:
    """13 months or 8 quarters up to the as-of day; the last one is running unless the period is complete."""
    length, most = (1, 13) if kind == "month" else (3, 8)
    newest, spans = (as_of.year * 12 + as_of.month - 1) // length, []
    for place in range(newest - most + 1, newest + 1):
        year, month = divmod(place * length, 12)
        key = f"{year}-{month + 1:02d}" if kind == "month" else f"{year}Q{month // 3 + 1}"
        spans.append(Span(key, date(year, month + 1, 1), as_of, is_complete or place < newest))
    return tuple(spans)


def figures(
    *,
    volumes: tuple[float | None, ...] = VOLUMES,
    year_ago: tuple[float | None, ...] | None = YEAR_AGO,
    certificates: tuple[float | None, ...] = CERTIFICATES,
    towns: dict[str, tuple[int, int, int]] = TOWNS,
    online: tuple[float, float, float] = (40800, 17400, 11500),
    first_month: int = 1,
    period: str = "2022H1",
    kind: str = "half",
    name: str = "2022年上半年",
    short_name: str = "上半年",
    as_of: date = date(2022, 6, 30),
    is_complete: bool = True,
    is_synthetic: bool = True,
    organisations: dict[str, int] | None = None,
    levels: tuple[int, ...] = (24_354, 986, 112, 16, 9),
    ranks: dict[str, tuple[int, int | None]] = RANKS,
    daily: Callable[[date], int] | None = None,
    has_history: bool = True,
) -> Figures:
    """A jurisdiction's figures as the mart would hold them; `towns` name: (volume, overdue, platform volume)."""
    rows: dict[tuple[str, str, str], list[Figure]] = {}

    def add(figure, numerator, denominator=None, dimension="total", member="total", at=period, base=None):
        value = numerator if denominator is None else numerator / denominator if denominator else None
        row = Figure(at, figure, dimension, member, value, numerator, denominator, None, base, "")
        rows.setdefault((at, figure, dimension), []).append(row)

    months = [f"2022-{first_month + place:02d}" for place in range(max(len(volumes), len(certificates)))]
    bases = year_ago or (None,) * len(volumes)
    for month, value, base in zip(months, volumes, bases, strict=False):
        add("case_volume", value, at=month, base=base)
    for month, value in zip(months, certificates, strict=False):
        add("certificates", value, at=month)
    total = sum(value or 0 for value in volumes)
    township = sum(volume for volume, _, _ in towns.values())
    add("case_volume", total, base=sum(year_ago) if year_ago and None not in year_ago else None)
    add("case_volume_share", total - township, total, "venue", "hall")
    add("case_volume_share", township, total, "venue", "township")
    for figure, count in zip(("fully_online_share", "via_platform_share", "mobile_share"), online, strict=True):
        add(figure, count, total)
    for town, (volume, overdue, platform) in towns.items():
        add("case_volume_share", volume, township, "town", town)
        add("overdue_open_ratio", overdue, platform, "town", town)
    if towns:
        add("overdue_open_ratio", sum(t[1] for t in towns.values()), sum(t[2] for t in towns.values()))
    add("certificates", sum(value or 0 for value in certificates))
    add("certificate_types", 45)
    for office, volume in (ORGANISATIONS if organisations is None else organisations).items():
        add("case_volume", volume, dimension="org", member=office)
        add("case_finished", volume - volume % 7, dimension="org", member=office)
        add("avg_working_days", volume * 3.3, volume, "org", office)
        add("on_time_rate", volume * 0.9999, volume, "org", office)
    add("case_finished", total)
    add("on_time_rate", 349_900, 351_100)
    add("evaluations", sum(levels))
    for level, count in zip(("非常满意", "满意", "基本满意", "不满意", "非常不满意"), levels, strict=True):
        add("evaluations", count, dimension="level", member=level)
    for indicator, (rank, before) in ranks.items():
        row = Figure(period, "county_rank", "indicator", indicator, rank, 64_000, None, before, None, "位")
        rows.setdefault((period, "county_rank", "indicator"), []).append(row)
    span = [date(2022, first_month, 1) + timedelta(n) for n in range((as_of - date(2022, first_month, 1)).days + 1)]
    for day in span:
        count = (daily or weekdays)(day)
        if count:
            add("case_volume", count, dimension="day", member=str(day))
    spans = trailing_spans(kind, as_of, is_complete) if has_history else ()
    for place, past in enumerate(spans):
        share = 0.7 + place * 7 % 5 / 10
        if (past.period, "case_volume", "total") not in rows:
            add("case_volume", round(total * share), at=past.period)
        add("overdue_open", sum(round(t[1] * share) for t in towns.values()), at=past.period)
        for town, (volume, overdue, _) in towns.items():
            add("case_volume", round(volume * share), dimension="town", member=town, at=past.period)
            add("overdue_open", round(overdue * share), dimension="town", member=town, at=past.period)
    source = f"来源：灵武市审批服务管理局。截至{as_of.year}年{as_of.month}月{as_of.day}日。"
    return Figures(
        period=period,
        name=name,
        kind=kind,
        starts_on=date(2022, first_month, 1),
        ends_on=as_of,
        as_of_on=as_of,
        is_complete=is_complete,
        is_synthetic=is_synthetic,
        city_word="全市",
        jurisdiction_name="灵武市",
        bureau="灵武市审批服务管理局",
        source_line=source + ("样例（合成数据）" if is_synthetic else ""),
        short_name=short_name,
        definitions=DEFINITIONS,
        dimension_names=DIMENSIONS,
        labels=LABELS,
        figure_dimensions={key: list(entry.dimensions) for key, entry in _REGISTRY.figures.items()},
        period_names={},
        month_keys=tuple(months),
        rows={key: tuple(value) for key, value in rows.items()},
        table=pd.DataFrame(),
        history=spans,
        county_count=6,
        free_days=frozenset(str(day) for day in span if day.weekday() > 4),
    )
