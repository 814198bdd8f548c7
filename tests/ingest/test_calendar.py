"""Tests the calendar of working days: the nation's from 2004 on, a folder's own before it and abroad, any weekend.

It asserts single days whose holiday is public knowledge, and the first and last day of each calendar.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ingest.errors import MappingError
from ingest.jurisdiction.calendar import build_calendar
from ingest.jurisdiction.settings import load_jurisdiction
from tests.ingest.test_jurisdiction_schema import SOUND


def _calendar(folder: Path, lines: list[str], **settings) -> pd.DataFrame:
    path = folder / "holidays.csv"
    path.write_text("\n".join(["date,name,kind,source", *lines]) + "\n", encoding="utf-8")
    return build_calendar(path, **settings).set_index("date_on")


def test_the_nations_calendar_begins_in_2004(tmp_path):
    days = _calendar(tmp_path, [])
    assert days.index.min() == date(2004, 1, 1)
    assert (days.index.max().month, days.index.max().day) == (12, 31)
    # New Year's Day of the Chinese calendar; a Saturday worked for a day of that holiday; a plain Saturday and a Monday
    worked = [date(2004, 1, 22), date(2004, 1, 17), date(2009, 6, 6), date(2009, 6, 8)]
    assert list(days.loc[worked, "is_working_day"]) == [False, True, False, True]


def test_years_before_it_are_the_folders(tmp_path):
    days = _calendar(tmp_path, ["2003-05-01,劳动节,off,", "2003-05-03,劳动节,work,某通知"])
    assert days.index.min() == date(2003, 1, 1)
    may = [date(2003, 5, 1), date(2003, 5, 2), date(2003, 5, 3), date(2003, 5, 4), date(2004, 1, 1)]
    assert list(days.loc[may, "is_working_day"]) == [False, True, True, False, False]
    assert list(days.loc[may, "origin"]) == ["holidays.csv", "weekend", "某通知", "weekend", "national"]


def test_abroad_the_folder_alone_says_which_days_are_holidays(tmp_path):
    lines = ["2025-07-04,Independence Day,off,City", "2026-11-26,Thanksgiving,off,City"]
    days = _calendar(tmp_path, lines, nation="none")
    assert (days.index.min(), days.index.max()) == (date(2025, 1, 1), date(2026, 12, 31))
    # no National Day of China; a Friday; a Sunday
    found = [date(2025, 10, 1), date(2025, 7, 4), date(2025, 7, 6)]
    assert list(days.loc[found, "is_working_day"]) == [True, False, False]
    friday = _calendar(tmp_path, lines, nation="none", weekend=(5, 6))
    found = [date(2025, 7, 11), date(2025, 7, 12), date(2025, 7, 13)]
    assert list(friday.loc[found, "is_working_day"]) == [False, False, True]


def test_a_calendar_of_no_year_is_refused(tmp_path):
    with pytest.raises(MappingError, match=r"holidays\.csv: lists no day"):
        _calendar(tmp_path, [], nation="none")


def _settings(folder: Path, line: str):
    (folder / "jurisdiction.yaml").write_text(f"{SOUND}{line}\n", encoding="utf-8")
    return load_jurisdiction(folder)


def test_the_settings_of_time_have_the_defaults_of_china(tmp_path):
    county = _settings(tmp_path, "")
    found = (county.timezone, county.calendar, county.weekend, county.office_hours)
    assert found == ("Asia/Shanghai", "china", [6, 7], [])


@pytest.mark.parametrize("written", ["[friday, Saturday]", "[周五, 星期六]", "[5, 6]", "['5', 周六]"])
def test_weekdays_are_names_or_numbers(tmp_path, written):
    assert _settings(tmp_path, f"weekend: {written}").weekend == [5, 6]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("timezone: Mars", "'Mars' is no time zone; write it as Asia/Shanghai"),
        ("weekend: [8]", "8 is no weekday; write monday"),
        ("office_hours: [['9:00', '12:00']]", "'9:00' is no time of day; write it as 09:00"),
        ("office_hours: [['09:00', '12:00'], ['11:30', '18:00']]", "each time must be later than the one before"),
    ],
)
def test_a_setting_of_time_that_cannot_be_is_told_with_its_line(tmp_path, line, problem):
    with pytest.raises(MappingError, match=rf"jurisdiction\.yaml:7:\d+: .*{problem}"):
        _settings(tmp_path, line)
