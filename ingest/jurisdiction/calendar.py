"""Builds the calendar of working days from the weekend, the nation's holidays and the jurisdiction's own.

It takes holidays.csv and the settings of jurisdiction.yaml, and returns a frame with the columns of
`reference.calendar`. It also reads how weekdays and office hours are written. Time limits are counted in dbt.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from chinese_calendar.constants import holidays, workdays

from ingest.errors import MappingError
from ingest.jurisdiction.lists import HOLIDAYS, read_list

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("date_on", "is_working_day", "holiday_name", "origin")
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "周一", "星期一", "1"),
            ("tuesday", "周二", "星期二", "2"),
            ("wednesday", "周三", "星期三", "3"),
            ("thursday", "周四", "星期四", "4"),
            ("friday", "周五", "星期五", "5"),
            ("saturday", "周六", "星期六", "6"),
            ("sunday", "周日", "星期日", "7", "周天", "星期天"),
        ),
        start=1,
    )
    for name in names
}


def build_calendar(overlay: Path, nation: str = "china", weekend: Collection[int] = (6, 7)) -> pd.DataFrame:
    """Every day from the first year whose holidays are known to the last, with the columns of `reference.calendar`.

    `nation` = "china": from 2004, or the first year that the CSV `overlay` lists, to the last year that the library
    knows; it also has moved working days (调休). `nation` = "none": the years of the CSV alone. `weekend`: days off
    every week, 1 Monday to 7 Sunday. The CSV (date, name, kind off or work, source) overrides all of them. Raises
    MappingError if no year is known.
    """
    own = {row.date: row for row in read_list(overlay, HOLIDAYS).itertuples()} if overlay.exists() else {}
    off, worked = (holidays, workdays) if nation == "china" else ({}, {})
    years = {date.fromisoformat(day).year for day in own}
    if off:
        years = {*(year for year in years if year < max(off).year), min(off).year, max(off).year}
    if not years:
        raise MappingError(
            f"{overlay}: lists no day, so nobody knows for which years the calendar holds; list the holidays of each "
            "year, or leave out `calendar: none` in jurisdiction.yaml for China's"
        )
    nation_from = min(off).year if off else max(years) + 1
    days, day = [], date(min(years), 1, 1)
    while day.year <= max(years):
        is_off, name = day.isoweekday() in weekend, ""
        origin = "national" if day.year >= nation_from else "weekend"
        if day in worked:
            is_off, name = False, worked[day]
        elif day in off:
            is_off, name = True, off[day]
        if entry := own.get(day.isoformat()):
            is_off, name, origin = entry.kind == "off", entry.name, entry.source or overlay.name
        days.append((day, not is_off, name, origin))
        day += timedelta(days=1)
    import pandas as pd  # takes 0.3 s, and most commands only read how the calendar is written

    return pd.DataFrame(days, columns=list(_COLUMNS))


def read_weekday(value: object) -> int:
    """1 Monday to 7 Sunday, from the English or Chinese name of a weekday or its number; raises ValueError."""
    number = _WEEKDAYS.get(str(value).strip().lower())
    if number is None:
        raise ValueError(f"{value!r} is no weekday; write monday … sunday, 周一 … 周日, or 1 (Monday) … 7 (Sunday)")
    return number


def check_office_hours(hours: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The office hours of a working day in order, each from one time (09:00) to a later one; raises ValueError."""
    times = [time for span in hours for time in span]
    for time in times:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", time):
            raise ValueError(f"{time!r} is no time of day; write it as 09:00")
    if any(time >= later for time, later in itertools.pairwise(times)):
        raise ValueError(f"{', '.join('-'.join(span) for span in hours)}: each time must be later than the one before")
    return hours


def list_office_minutes(hours: list[tuple[str, str]]) -> pd.DataFrame:
    """The 1440 minutes of a working day, with the columns of `reference.office_minutes`; none without office hours."""
    spans = [tuple(int(time[:2]) * 60 + int(time[3:]) for time in span) for span in hours]
    minutes, open_before = [], 0
    for minute in range(1440 if spans else 0):
        is_open = any(opens <= minute < closes for opens, closes in spans)
        minutes.append((minute, is_open, open_before))
        open_before += is_open
    import pandas as pd

    return pd.DataFrame(minutes, columns=["minute_no", "is_open", "open_before"])
