"""Tests due moments: requests of a city whose own system says, to the second, which were on time.

The rows have the shape of a 311 system's export: opened, target and closed moments and the system's verdict, with ties
of seconds and of days. Verdicts and due moments of limits in hours are worked out here in plain Python, one case at a
time; the models must agree in every one.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.run import ingest
from reports.formats import worklists
from reports.proof import verify_figures
from tests.end_to_end.compiled_models import CompiledModels

AS_OF = date(2025, 6, 30)
HOLIDAYS = [date(2025, 1, 1), date(2025, 5, 26), date(2025, 6, 19), date(2025, 7, 4)]
OFFICE = [("09:00", "12:00"), ("14:00", "18:00")]
FILES = {
    "jurisdiction.yaml": """
name: Harbour City
code: "025000"
city_word: the city
bureau: Harbour City 311
pause_kinds: {特别程序: true}
timezone: America/New_York
calendar: none
starts_on: 2025-01-02
office_hours: [["09:00", "12:00"], ["14:00", "18:00"]]
bulletin: {default_kind: month}
""",
    "regions.csv": "region_code,region_name,printed_name,parent_code,is_listed,list_order\n025000,Harbour City,Harbour City,,false,0\n",
    "organisations.csv": "org_name,printed_name,venue,town_name,keeps_ledger\nPublic Works,Public Works,hall,,false\n",
    "holidays.csv": "date,name,kind,source\n" + "".join(f"{day},Holiday,off,City\n" for day in HOLIDAYS),
    "sources/requests.yaml": r"""
source: requests
name: 311
is_platform: true
precedence: 1
exports:
  - dataset: cases
    files: ["requests_*.csv"]
    date_in_path: '_(\d{4})(\d{2})(\d{2})\.'
    covers: all
    due: moment
    columns:
      case_no: [case_enquiry_id]
      accepted_at: [open_dt]
      due_at: [target_dt]
      finished_at: [closed_dt]
      status: [case_status]
      item_name: [reason]
      org_name: [subject]
    codes: {status: {Open: in_progress, Closed: finished}}
    ignored: [on_time]
    constants: {venue: hall, channel: web, case_type: promised}
    absent: &absent [item_code, is_fully_online, window_name, region_code, town_name, village_name, applicant_type,
      applied_at, closed_at, legal_limit, legal_unit, result, updated_at, applicant_name, applicant_key, phone,
      promised_limit, promised_unit]
  - dataset: case_pauses
    files: ["pauses_*.csv"]
    date_in_path: '_(\d{4})(\d{2})(\d{2})\.'
    constants: {kind: 特别程序}
    absent: [reason, updated_at]
""",
    "sources/permits.yaml": r"""
source: permits
name: Permits
precedence: 2
case_no_scope: shared
exports:
  - dataset: cases
    files: ["permits_*.csv"]
    date_in_path: '_(\d{4})(\d{2})(\d{2})\.'
    covers: all
    columns: {promised_limit: [limit], promised_unit: [unit]}
    codes: {promised_unit: {hours: hour, office hours: office_hour}}
    constants: {venue: hall, channel: web, case_type: promised, status: finished, item_name: Permit, org_name: Public Works}
    absent: [item_code, is_fully_online, window_name, region_code, town_name, village_name, applicant_type, applied_at,
      closed_at, legal_limit, legal_unit, result, updated_at, applicant_name, applicant_key, phone, due_at, finished_at]
  - dataset: case_pauses
    files: ["stops_*.csv"]
    date_in_path: '_(\d{4})(\d{2})(\d{2})\.'
    constants: {kind: 特别程序}
    absent: [reason, updated_at]
""",
}
Request = tuple[str, datetime, datetime, datetime | None]
Permit = tuple[str, datetime, int, str, list[tuple[datetime, datetime]]]


def _make_requests() -> list[Request]:
    """Number, opened, target, closed: every target with finishes around it, to the second and to the day."""
    draw, rows = random.Random(7), []
    for number in range(400):
        opened = datetime(2025, 1, 2) + timedelta(seconds=draw.randrange(150 * 86_400))
        target = opened + timedelta(seconds=draw.choice([3600, 86_400, 86_400 * 3, draw.randrange(86_400 * 40)]))
        if number % 5 == 0:  # due at the end, at the beginning or in the middle of a day
            target = datetime.combine(
                target.date(), draw.choice([datetime.min, datetime.max, datetime(1, 1, 1, 12)]).time()
            )
            target = max(target.replace(microsecond=0), opened)
        closed = draw.choice(
            [
                target,
                target + timedelta(seconds=1),
                target - timedelta(seconds=1),
                datetime.combine(target.date(), datetime.min.time()),
                datetime.combine(target.date() + timedelta(days=1), datetime.min.time()),
                datetime.combine(target.date(), datetime.max.time()).replace(microsecond=0),
                target + timedelta(seconds=draw.randrange(86_400 * 5)),
                None,
            ]
        )
        closed = max(closed, opened) if closed else None
        rows.append((f"R{number}", opened, target, closed if closed and closed.date() <= AS_OF else None))
    return rows


def _make_permits() -> list[Permit]:
    """Number, accepted, limit, unit, pauses, of which some begin or end outside office hours."""
    draw, rows = random.Random(11), []
    for number in range(300):
        accepted = datetime(2025, 5, 20) + timedelta(seconds=draw.randrange(25 * 86_400))
        accepted = accepted if number % 3 else accepted.replace(hour=draw.choice([9, 12, 14, 18]), minute=0, second=0)
        starts = sorted(
            accepted + timedelta(seconds=draw.randrange(1, 4 * 86_400)) for _ in range(draw.choice([0, 0, 1, 2]))
        )
        pauses = [(start, start + timedelta(seconds=draw.randrange(60, 3 * 86_400))) for start in starts]
        rows.append(
            (f"H{number}", accepted, draw.choice([1, 7, 8, 20]), draw.choice(["hours", "office hours"]), pauses)
        )
    return rows


def _open_spans(accepted: datetime, unit: str) -> Iterator[tuple[datetime, datetime]]:
    """The spans in which the clock of a limit runs."""
    if unit == "hours":
        yield accepted, datetime.max
    for days in range(60):
        day = accepted.date() + timedelta(days=days)
        if day.isoweekday() < 6 and day not in HOLIDAYS:
            for opens, closes in OFFICE:
                span = [datetime.combine(day, datetime.strptime(time, "%H:%M").time()) for time in (opens, closes)]
                if span[1] > accepted:
                    yield max(span[0], accepted), span[1]


def _due_moment(accepted: datetime, limit: int, unit: str, pauses: list[tuple[datetime, datetime]]) -> datetime:
    """The moment at which the limit has run, walking from span to span around the pauses."""
    left = timedelta(hours=limit)
    for start, end in _open_spans(accepted, unit):
        for paused_from, paused_until in sorted(pauses):
            if paused_until <= start or paused_from >= end:
                continue
            if paused_from > start:
                if left <= paused_from - start:
                    return start + left
                left -= paused_from - start
            start = min(max(start, paused_until), end)
        if start < end:
            if left <= end - start:
                return start + left
            left -= end - start
    raise AssertionError("the limit does not end")


def _write(path: Path, header: list[str], rows: list[list]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *[["" if cell is None else str(cell) for cell in row] for row in rows]])


def _verdict(target: datetime, closed: datetime | None) -> str:
    end = datetime.combine(AS_OF + timedelta(days=1), datetime.min.time())
    return "ONTIME" if (closed <= target if closed else target >= end) else "OVERDUE"


@pytest.fixture(scope="module")
def city(miniature, tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The exports ingested and modelled, with the models as a full build compiled them."""
    home = tmp_path_factory.mktemp("city")
    for name, text in FILES.items():
        (home / "county" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "county" / name).write_text(text.lstrip("\n"), encoding="utf-8")
    (home / "build").mkdir()
    (home / "exports").mkdir()
    day = f"{AS_OF:%Y%m%d}"
    _write(
        home / "exports" / f"requests_{day}.csv",
        ["case_enquiry_id", "open_dt", "target_dt", "closed_dt", "on_time", "case_status", "reason", "subject"],
        [
            [
                number,
                opened,
                target,
                closed,
                _verdict(target, closed),
                "Closed" if closed else "Open",
                "Pothole",
                "Public Works",
            ]
            for number, opened, target, closed in _make_requests()
        ],
    )
    permits = _make_permits()
    _write(
        home / "exports" / f"permits_{day}.csv",
        ["办件编号", "受理时间", "limit", "unit"],
        [[number, accepted, limit, unit] for number, accepted, limit, unit, _ in permits],
    )
    pauses = [[number, *pause] for number, *_, pauses in permits for pause in pauses]
    _write(home / "exports" / f"stops_{day}.csv", ["办件编号", "开始时间", "结束时间"], pauses)
    with duckdb.connect(str(home / "candidate.duckdb")) as connection:
        report = ingest(connection, home / "county", home / "exports", home, "run")
        assert (report.refused, report.unclaimed) == ([], [])
        assert connection.execute("select * from quality.quarantine").fetchall() == []
        CompiledModels(miniature.path / "target").build(connection)
        yield connection


def test_every_verdict_is_that_of_the_exporting_system(city):
    found = dict(
        city.execute(
            "select case_no, is_on_time from marts.fct_cases where source_system = 'requests' and finished_at is not null"
        ).fetchall()
    )
    by_hand = {number: closed <= target for number, _, target, closed in _make_requests() if closed}
    assert {True, False} == {*by_hand.values()} and len(by_hand) > 300
    assert {number for number in by_hand if found.get(number) != by_hand[number]} == set()
    # a finish after the moment, but on its day, is late: to judge by the day would find it on time
    late_on_its_day = [
        n for n, _, target, closed in _make_requests() if closed and closed > target and closed.date() == target.date()
    ]
    assert len(late_on_its_day) > 20


def test_the_stock_at_the_end_of_a_day_holds_what_was_due_before_it_ended(city):
    # the data begin within a month; these are whole
    for ends_on in (date(2025, 3, 31), date(2025, 4, 30), AS_OF):
        end = datetime.combine(ends_on + timedelta(days=1), datetime.min.time())
        by_hand = [
            number
            for number, opened, target, closed in _make_requests()
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
    for number, _, target, closed in _make_requests():
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
    by_hand = {number: _due_moment(*rest) for number, *rest in _make_permits()}
    assert len(found) == len(by_hand) == 300
    assert {number: (found[number], by_hand[number]) for number in by_hand if found[number] != by_hand[number]} == {}


def test_the_proofs_count_the_same(city):
    for period in ("2025-03", "2025-05", "2025-06", "2025Q2"):
        assert verify_figures.find_differences(city, period) == []


def test_the_worklist_shows_the_moment(city, tmp_path):
    assert worklists.write(city, tmp_path)
    lines = (tmp_path / "Public_Works.csv").read_text(encoding="utf-8-sig").splitlines()
    targets = {number: target for number, _, target, closed in _make_requests() if closed is None}
    listed = [cells for cells in csv.reader(lines[1:]) if cells[0] in targets]
    assert listed
    assert {cells[0] for cells in listed if f"{targets[cells[0]]:%Y-%m-%d %H:%M}" not in cells} == set()
