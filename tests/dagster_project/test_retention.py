"""Tests what runs delete of what earlier runs left: leftovers at once, findings and history after so many days.

Timestamps of files and of Dagster's runs are set back by hand. Dagster's index must end smaller than it was.
"""

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import settings
from dagster_project.event_log import delete_old_runs, hold_event_log, mark_killed_runs
from dagster_project.resources import Home
from dagster_project.sensors import sense_killed_runs
from dagster_project.warehouse.lock import hold_lock
from dagster_project.warehouse.retention import clear_leftovers, delete_old_files

DAY = 24 * 3600
NINETY_DAYS_AGO = datetime.now(UTC) - timedelta(days=90)


@pytest.fixture
def home(tmp_path) -> Path:
    return settings.prepare(tmp_path / "home")


def left(path: Path, *, days: float) -> Path:
    """A file that was last changed so many days ago; a folder with one if the name has no ending."""
    file = path if path.suffix else path / "file.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    for part in (file, path):
        os.utime(part, (time.time() - days * DAY,) * 2)
    return path


def test_what_killed_runs_left_goes_and_what_they_built_stays(home, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    build = home / "build"
    gone = [
        *(build / name for name in ("decoded-abc", "spill", "draft", "targets-abc", "candidate.part")),
        build / "candidate.part.wal",
    ]
    gone = [left(path, days=0) for path in gone]
    gone += [left(home / "dbt" / "parse-old", days=2), left(tmp_path / "tongbao-verify-old", days=2)]
    kept = [
        *(left(build / name, days=2) for name in ("candidate.duckdb", "worklists", "bulletins")),
        left(home / "dbt" / "parse-of-another-run", days=0.5),
        left(tmp_path / "tongbao-verify-at-work", days=0.5),
        left(tmp_path / "somebody-elses", days=2),
    ]
    clear_leftovers(home)
    assert [path for path in gone if path.exists()] == []
    assert [path for path in kept if not path.exists()] == []


def test_findings_and_verdicts_go_after_their_days_but_those_of_the_ten_newest_runs_stay(home):
    """Runs of 85 to 104 days ago: five are younger than 90 days, and five more are among the ten newest."""
    for days in range(85, 105):
        run_id = f"1234-{days}-4321-5678-9"
        left(home / "runs" / run_id, days=days)
        left(home / "dagster" / "storage" / run_id, days=days)
        for ending in ("html", "json"):
            left(home / "quality" / f"{run_id}.{ending}", days=days)
    kept = [home / "quality" / "index.html", home / "quality" / "data-docs", home / "releases" / "2022H1"]
    for path in kept:
        left(path, days=400)
    delete_old_files(home, NINETY_DAYS_AGO)
    for pattern in ("runs/*", "dagster/storage/*", "quality/*-*-*.html", "quality/*.json"):
        assert sorted(int(path.name.split("-")[1]) for path in home.glob(pattern)) == [*range(85, 95)]
    assert all(path.exists() for path in kept)


@dg.op
def speak() -> None:
    pass


@dg.job
def talk() -> None:
    speak()


@pytest.fixture
def instance(home, monkeypatch):
    for name, value in settings.environment(home).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        yield instance


def run(instance: dg.DagsterInstance, home: Path, *, days: int) -> str:
    run_id = instance.create_run_for_job(talk).run_id
    created = (datetime.now(UTC) - timedelta(days=days)).replace(tzinfo=None).isoformat(" ")
    set_run(home, run_id, "create_timestamp", created)
    return run_id


def set_run(home: Path, run_id: str, column: str, value: str) -> None:
    with closing(sqlite3.connect(home / "dagster" / "history" / "runs.db")) as connection:
        connection.execute(f"update runs set {column} = ? where run_id = ?", [value, run_id])
        connection.commit()


@pytest.mark.parametrize(
    ("ages", "kept"), [([95, 94, 93, *range(89, 78, -1)], 11), ([*range(112, 100, -1)], 10)], ids=["some", "all"]
)
def test_old_runs_leave_dagsters_history_and_the_ten_newest_stay(home, instance, ages, kept):
    """Of 14 runs three are older than 90 days; of twelve all are."""
    runs = [run(instance, home, days=days) for days in ages]
    instance.report_engine_event("x" * 4_000_000, instance.get_run_by_id(runs[0]))
    log = home / "dagster" / "history" / "runs" / f"{runs[0]}.db"
    assert log.stat().st_size > 4_000_000
    with hold_event_log(home):
        assert delete_old_runs(instance, home, NINETY_DAYS_AGO) == len(runs) - kept
    there = {record.dagster_run.run_id for record in instance.get_run_records()}
    assert there == {*runs[-kept:]}
    assert [path.name for path in log.parent.glob("*.db")] == ["index.db"]


def test_the_index_gives_back_the_room_of_deleted_runs(home, instance):
    old = run(instance, home, days=100)
    instance.report_runless_asset_event(dg.AssetMaterialization("any"))
    index = home / "dagster" / "history" / "runs" / "index.db"
    with closing(sqlite3.connect(index)) as connection:
        connection.execute("update event_logs set run_id = ?, event = ?", [old, "x" * 4_000_000])
        connection.commit()
    for day in range(10, 0, -1):
        run(instance, home, days=day)
    assert index.stat().st_size > 4_000_000
    assert delete_old_runs(instance, home, NINETY_DAYS_AGO) == 1
    assert index.stat().st_size < 1_000_000


def test_a_run_whose_process_was_killed_is_no_longer_shown_as_running(home, instance):
    killed, own, done = (run(instance, home, days=0) for _ in range(3))
    set_run(home, done, "status", "SUCCESS")
    for run_id in (killed, own):
        set_run(home, run_id, "status", "STARTED")
    mark_killed_runs(instance, own)
    states = {run_id: instance.get_run_by_id(run_id).status.value for run_id in (killed, own, done)}
    assert states == {killed: "FAILURE", own: "STARTED", done: "SUCCESS"}


def test_a_sensor_records_a_run_as_failed_that_nobody_held_the_home_for_at_two_ticks(home, instance):
    gone, cursor = run(instance, home, days=0), None
    set_run(home, gone, "status", "STARTED")

    def tick() -> str:
        nonlocal cursor
        context = dg.build_sensor_context(instance, cursor, resources={"home": Home(path=str(home))})
        reason = sense_killed_runs()(context)
        cursor = context.cursor
        return reason.skip_message

    with hold_lock(home, "a run"):
        assert tick() == tick() == f"runs in progress: {gone}"
    tick()
    with hold_lock(home, "a run"):  # it was only about to begin
        tick()
    tick()
    assert instance.get_run_by_id(gone).status == dg.DagsterRunStatus.STARTED
    assert gone in tick() and instance.get_run_by_id(gone).status == dg.DagsterRunStatus.FAILURE
    assert tick() == "runs in progress: none"


def test_with_nothing_due_the_clearing_takes_no_time(home, instance):
    for _ in range(11):
        run(instance, home, days=1)
    for kind in ("runs", "quality"):
        for number in range(100):
            left(home / kind / str(number), days=1)
    started = time.monotonic()
    clear_leftovers(home)
    mark_killed_runs(instance, "none")
    delete_old_files(home, NINETY_DAYS_AGO)
    assert delete_old_runs(instance, home, NINETY_DAYS_AGO) == 0
    assert time.monotonic() - started < 0.2


@pytest.mark.parametrize("text", ["0", "-3", "ninety", "1.5"])
def test_days_that_are_no_number_are_refused(monkeypatch, text):
    monkeypatch.setenv("TONGBAO_KEEP_DAYS", text)
    with pytest.raises(settings.Unusable, match="TONGBAO_KEEP_DAYS"):
        settings.keep_days()


def test_ninety_days_are_kept_where_nothing_is_set(monkeypatch):
    monkeypatch.delenv("TONGBAO_KEEP_DAYS", raising=False)
    assert settings.keep_days() == 90
