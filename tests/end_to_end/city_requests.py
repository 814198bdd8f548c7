"""A city with requests that are due at a moment, and permits whose limits are in hours: folder, exports and answers.

`write_city` writes the folder and the exports into a home. `find_due_moment` walks along the clock of one permit. The
expectations are in test_due_moments.py.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

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
    "regions.csv": """
region_code,region_name,printed_name,parent_code,is_listed,list_order
025000,Harbour City,Harbour City,,false,0
""",
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
    constants: {venue: hall, channel: web, case_type: promised, status: finished, item_name: Permit, org_name: Office}
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


def make_requests() -> list[Request]:
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


def make_permits() -> list[Permit]:
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


def find_due_moment(accepted: datetime, limit: int, unit: str, pauses: list[tuple[datetime, datetime]]) -> datetime:
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


def write_city(home: Path) -> None:
    """Write `home`/county and `home`/exports."""
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
            for number, opened, target, closed in make_requests()
        ],
    )
    permits = make_permits()
    _write(
        home / "exports" / f"permits_{day}.csv",
        ["办件编号", "受理时间", "limit", "unit"],
        [[number, accepted, limit, unit] for number, accepted, limit, unit, _ in permits],
    )
    pauses = [[number, *pause] for number, *_, pauses in permits for pause in pauses]
    _write(home / "exports" / f"stops_{day}.csv", ["办件编号", "开始时间", "结束时间"], pauses)
