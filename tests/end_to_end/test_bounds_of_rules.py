"""Tests where a rule begins and ends: the calendar's warning, the worklist's horizon, names of periods, precedences.

Each test takes a copy of the miniature's warehouse, moves one value to either side of the bound, and runs the check or
reads the view as a full build compiled it. test_rules_of_counting.py tests the rules of counting.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.compiled_models import CompiledModels


@pytest.fixture(scope="module")
def models(miniature) -> CompiledModels:
    return CompiledModels(miniature.path / "target")


@pytest.fixture
def warehouse(miniature, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    shutil.copy(miniature.path / "build" / "candidate.duckdb", tmp_path / "candidate.duckdb")
    with duckdb.connect(str(tmp_path / "candidate.duckdb")) as connection:
        yield connection


@pytest.mark.parametrize(("days_ahead", "is_found"), [(89, True), (90, False)])
def test_a_calendar_that_ends_within_90_days_is_found(warehouse, models, days_ahead, is_found):
    warehouse.execute(
        "update intermediate.int_coverage set covered_until = (select announced_until - $1::integer "
        "from intermediate.int_calendar_reach)",
        [days_ahead],
    )
    found = warehouse.execute(models.tests["calendar_is_announced_in_time"]).fetchall()
    assert bool(found) == is_found


def test_the_end_of_the_calendar_warns_and_does_not_block(miniature):
    manifest = json.loads((miniature.path / "target" / "manifest.json").read_text(encoding="utf-8"))
    config = manifest["nodes"]["test.tongbao.calendar_is_announced_in_time"]["config"]
    assert (config["enabled"], config["severity"]) == (True, "warn")


@pytest.mark.parametrize(("working_days", "is_listed"), [(3, True), (4, False)])
def test_the_worklist_looks_three_working_days_ahead(warehouse, working_days, is_listed):
    (case_key,) = warehouse.execute("select min(case_key) from marts.worklist where not is_overdue").fetchone()
    moved = """
        update intermediate.int_late_cases set due_on = (
            select min(ahead.date_on) from marts.dim_date as ahead, marts.dim_date as today
            where today.date_on = (select min(covered_until) from intermediate.int_coverage)
                and ahead.working_day_no = today.working_day_no + $1
        ) where case_key = $2
    """
    assert warehouse.execute(moved, [working_days, case_key]).fetchone() == (1,)
    listed = warehouse.execute(
        "select working_days_left from marts.worklist where case_key = $1", [case_key]
    ).fetchall()
    assert listed == ([(working_days,)] if is_listed else [])


def test_a_day_belongs_to_its_month_quarter_half_and_year(warehouse):
    days = warehouse.execute(
        "select date_on, month_period, quarter_period, half_period, year_period from marts.dim_date"
    ).fetchall()
    assert {day.month for day, *_ in days} == {*range(1, 13)}
    quarters = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 8: 3, 9: 3, 10: 4, 11: 4, 12: 4}
    for day, *periods in days:
        half = 1 if day.month < 7 else 2
        assert periods == [f"{day:%Y-%m}", f"{day:%Y}Q{quarters[day.month]}", f"{day:%Y}H{half}", f"{day:%Y}"], day


def test_two_sources_of_one_precedence_are_found(warehouse, models):
    check = models.tests["one_report_governs"]
    assert warehouse.execute(check).fetchall() == []
    warehouse.execute(
        "update marts.dim_sources set precedence = "
        "(select precedence from marts.dim_sources where source = 'platform') where source = 'township'"
    )
    assert [count for _, count in warehouse.execute(check).fetchall()] == [2]
