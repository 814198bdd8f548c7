"""Tests due moments: requests of a city whose own system says, to the second, which were on time.

The rows have the shape of a 311 system's export: opened, target and closed moments and the system's verdict, with ties
of seconds and of days (city_requests.py). Verdicts and due moments of limits in hours are worked out in plain Python,
one case at a time; the models must agree in every one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import duckdb
import pytest

from ingest.run import ingest
from reports.formats.sheets import worklists
from reports.proof import verify_figures
from tests.end_to_end.city_requests import (
    AS_OF,
    HOLIDAYS,
    find_due_moment,
    make_permits,
    make_requests,
    write_city,
)
from tests.end_to_end.compiled_models import CompiledModels


@pytest.fixture(scope="module")
def city(miniature, tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The exports ingested and modelled, with the models as a full build compiled them."""
    home = tmp_path_factory.mktemp("city")
    write_city(home)
    with duckdb.connect(str(home / "candidate.duckdb")) as connection:
        report = ingest(connection, home / "county", home / "exports", home, "run")
        assert (report.refused, report.unclaimed) == ([], [])
        assert connection.execute("select * from quality.quarantine").fetchall() == []
        CompiledModels(miniature.path / "target").build(connection)
        yield connection


def test_every_verdict_is_that_of_the_exporting_system(city):
    found = dict(
        city.execute(
            "select case_no, is_on_time from marts.fct_cases "
            "where source_system = 'requests' and finished_at is not null"
        ).fetchall()
    )
    by_hand = {number: closed <= target for number, _, target, closed in make_requests() if closed}
    assert {True, False} == {*by_hand.values()} and len(by_hand) > 300
    assert {number for number in by_hand if found.get(number) != by_hand[number]} == set()
    # a finish after the moment, but on its day, is late: to judge by the day would find it on time
    late_on_its_day = [
        n for n, _, target, closed in make_requests() if closed and closed > target and closed.date() == target.date()
    ]
    assert len(late_on_its_day) > 20


def test_the_stock_at_the_end_of_a_day_holds_what_was_due_before_it_ended(city):
    # the data begin within a month; these are whole
    for ends_on in (date(2025, 3, 31), date(2025, 4, 30), AS_OF):
        end = datetime.combine(ends_on + timedelta(days=1), datetime.min.time())
        by_hand = [
            number
            for number, opened, target, closed in make_requests()
            if opened < end and target < end and (closed is None or closed >= end)
        ]
        found = city.execute(
            "select case_no from marts.fct_overdue_items where is_via_platform and overdue_from_on <= $1 "
            "and (settled_on is null or settled_on > $1)",
            [ends_on],
        ).fetchall()
        assert {number for (number,) in found} == {*by_hand} and by_hand
    figure = city.execute(
        "select value from marts.figures where period = '2025-06' and figure = 'overdue_open' and dimension = 'total'"
    ).fetchall()
    assert figure == [(len(by_hand),)]


def test_a_request_is_early_a_working_day_before_its_moment(city):
    working = [AS_OF - timedelta(days=days) for days in range(-60, 200)]
    working = {day for day in working if day.isoweekday() < 6 and day not in HOLIDAYS}
    by_hand = {}
    for number, _, target, closed in make_requests():
        if closed:
            # a whole working day between both, or the same time of an earlier working day
            days = [day for day in working if closed.date() < day < target.date()]
            is_same_time = {closed.date(), target.date()} <= working and closed.time() <= target.time()
            by_hand[number] = bool(days) or (closed.date() < target.date() and is_same_time)
    found = dict(
        city.execute(
            "select case_no, is_early from marts.fct_cases where source_system = 'requests' and finished_at is not null"
        ).fetchall()
    )
    assert {number for number in by_hand if found.get(number) != by_hand[number]} == set()


def test_limits_in_hours_end_at_the_moment_that_a_walk_along_the_clock_finds(city):
    found = dict(
        city.execute("select case_no, due_by_at from marts.fct_cases where source_system = 'permits'").fetchall()
    )
    by_hand = {number: find_due_moment(*rest) for number, *rest in make_permits()}
    assert len(found) == len(by_hand) == 300
    assert {number: (found[number], by_hand[number]) for number in by_hand if found[number] != by_hand[number]} == {}


def test_the_proofs_count_the_same(city):
    for period in ("2025-03", "2025-05", "2025-06", "2025Q2"):
        assert verify_figures.find_differences(city, period) == []


def test_the_worklist_shows_the_moment(city, tmp_path):
    assert worklists.write(city, tmp_path)
    lines = (tmp_path / "Public_Works.csv").read_text(encoding="utf-8-sig").splitlines()
    targets = {number: target for number, _, target, closed in make_requests() if closed is None}
    listed = [cells for cells in csv.reader(lines[1:]) if cells[1] in targets]
    assert listed
    assert {cells[1] for cells in listed if f"{targets[cells[1]]:%Y-%m-%d %H:%M}" not in cells} == set()
