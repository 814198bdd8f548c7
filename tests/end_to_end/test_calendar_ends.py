"""Tests what lies outside the calendar: it is named in a sentence, stops publication and averages nothing.

Each test takes the miniature's rows with a calendar that begins or ends elsewhere, builds the models as a full build
compiled them, and asserts what was counted by hand in miniature/expected_cases.csv.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.compiled_models import CompiledModels
from tests.end_to_end.miniature_home import MINIATURE


@pytest.fixture
def built(miniature, tmp_path: Path) -> Callable[[str], tuple[duckdb.DuckDBPyConnection, CompiledModels]]:
    """Models built after a statement has changed the ingested tables."""

    def build(statement: str) -> tuple[duckdb.DuckDBPyConnection, CompiledModels]:
        shutil.copy(miniature.path / "build" / "candidate.duckdb", tmp_path / "candidate.duckdb")
        connection = duckdb.connect(str(tmp_path / "candidate.duckdb"))
        connection.execute(statement)
        models = CompiledModels(miniature.path / "target")
        models.build(connection)
        return connection, models

    return build


def test_cases_before_the_calendar_have_no_working_days_and_average_nothing(built):
    connection, _ = built("delete from reference.calendar where date_on < date '2022-06-10'")
    with (MINIATURE / "expected_cases.csv").open(encoding="utf-8") as file:
        by_hand = {row["case_key"]: row["counted_working_days"] for row in csv.DictReader(file)}
    facts = connection.execute(
        "select case_key, accepted_on >= date '2022-06-10', counted_working_days, finished_on >= date '2022-06-10', "
        "case_type = 'promised' and finished_on between date '2022-06-01' and date '2022-06-30' from marts.fct_cases"
    ).fetchall()
    wrong = {
        key: days for key, is_inside, days, *_ in facts if str(days or 0) != (by_hand.get(key) or "0") and is_inside
    }
    assert wrong == {}
    assert {days for _, is_inside, days, is_later, _ in facts if not is_inside and is_later} == {None}
    of_june = [days for *_, days, _, is_counted in facts if is_counted and days is not None]
    assert 0 < len(of_june) < len([key for key, *_, is_counted in facts if is_counted])
    found = connection.execute(
        "select numerator, denominator from marts.figures "
        "where period = '2022-06' and figure = 'avg_working_days' and dimension = 'total'"
    ).fetchall()
    assert found == [(sum(of_june), len(of_june))]


def test_cases_before_the_calendar_are_told_in_a_sentence(built):
    connection, models = built("delete from reference.calendar where date_on < date '2022-03-28'")
    said = connection.execute(models.tests["calendar_reaches_data"]).fetchall()
    # P05, P35, Y01 to Y03 were accepted in 2021
    assert [count for _, count in said] == ["5"]
    assert said[0][0].startswith("5件办件的受理日在工作日历首日2022-03-28之前，最早2021-01-04：请改正日期")
    assert "5 cases were accepted before the calendar begins on 2022-03-28, the first on 2021-01-04" in said[0][0]


def test_limits_that_end_after_the_calendar_are_told_in_a_sentence(built):
    connection, models = built("delete from reference.calendar where date_on > date '2022-06-30'")
    said = connection.execute(models.tests["calendar_reaches_data"]).fetchall()
    # P06, 8 working days from 30 June, and P25, 5 from 28 June
    assert [count for _, count in said] == ["2"]
    assert said[0][0].startswith("2件办件的时限在工作日历末日2022-06-30之后才届满")
    assert "2 cases have a limit that ends after the calendar, whose last day is 2022-06-30" in said[0][0]


def test_office_hours_that_nobody_set_are_told_in_a_sentence(built):
    connection, models = built("update raw.cases set promised_unit = 'office_hour' where case_no in ('P06', 'P25')")
    said = connection.execute(models.tests["calendar_reaches_data"]).fetchall()
    assert [count for _, count in said] == ["2"]
    assert said[0][0].startswith("2件办件的时限以工作小时计，而 jurisdiction.yaml 没有 office_hours")


def test_data_beyond_the_calendar_are_told_in_a_sentence(built):
    connection, models = built("delete from reference.calendar where date_on > date '2022-06-29'")
    # accepted on the 30th: P06; due after the 29th: P25, and P26, 2 working days from the 28th
    said = {what.split("：")[0] for what, _ in connection.execute(models.tests["calendar_reaches_data"]).fetchall()}
    assert said == {
        "数据已到2022-06-30，工作日历只到2022-06-29",
        "1件办件的受理日在工作日历末日2022-06-29之后，最晚2022-06-30",
        "2件办件的时限在工作日历末日2022-06-29之后才届满",
    }


def test_the_calendar_blocks_at_both_ends(miniature):
    manifest = json.loads((miniature.path / "target" / "manifest.json").read_text(encoding="utf-8"))
    config = manifest["nodes"]["test.tongbao.calendar_reaches_data"]["config"]
    assert (config["enabled"], config["severity"].lower()) == (True, "error")
