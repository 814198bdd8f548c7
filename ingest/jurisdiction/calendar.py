"""Builds the calendar of working days from the nation's holidays and the jurisdiction's own.

It takes holidays.csv and returns a frame with the columns of `reference.calendar`. Time limits are counted in dbt.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pandas as pd

from ingest.jurisdiction.lists import HOLIDAYS, read_list

_FIRST_DAY = date(2019, 1, 1)
_COLUMNS = ("date_on", "is_working_day", "holiday_name", "origin")


def build_calendar(overlay: Path) -> pd.DataFrame:
    """Every day from 2019 to the last year whose holidays are announced, with the columns of `reference.calendar`.

    National holidays and moved working days (调休) come from the library. The CSV `overlay` (date, name, kind off or
    work, source) overrides them.
    """
    regional = {row.date: row for row in read_list(overlay, HOLIDAYS).itertuples()} if overlay.exists() else {}
    days, day = [], _FIRST_DAY
    while True:
        try:
            is_holiday, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return pd.DataFrame(days, columns=list(_COLUMNS))
        origin = "national"
        if entry := regional.get(day.isoformat()):
            is_holiday, name, origin = entry.kind == "off", entry.name, entry.source
        days.append((day, not is_holiday, name or "", origin))
        day += timedelta(days=1)
