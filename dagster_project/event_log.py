"""Dagster's history: opened, held open while a run lasts, told of runs that were killed, and kept to a bounded size.

`hold_event_log` saves time; `mark_killed_runs` and `delete_old_runs` are called by every run under the home's lock. If
history is in PostgreSQL, there are no files of SQLite, and Dagster's own methods do what can be done. Other files that
runs leave are in `warehouse/retention.py`.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from dagster_project.settings import Unusable

_KEPT_RUNS = 10
_MOST_AT_ONCE = 100  # a deletion takes 10 ms, and no run should wait longer than a second for them
KILLED = "The process of this run is gone: it was killed, or the disk was full. What is published is as it was."
_RUNNING = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def open_instance() -> dg.DagsterInstance:
    """The instance of DAGSTER_HOME; raises Unusable if PostgreSQL does not let it in."""
    try:
        return dg.DagsterInstance.get()
    except Exception as error:
        cause = error
        while cause and not isinstance(cause, SQLAlchemyError):
            cause = cause.__cause__
        if cause is None or not os.environ.get("TONGBAO_POSTGRES"):
            raise
        raise Unusable(
            f"Dagster's history in PostgreSQL can't be opened ({str(cause).splitlines()[0]}); see that the server of "
            "TONGBAO_POSTGRES runs, and that address, user and password are right"
        ) from None


@contextmanager
def hold_event_log(home: Path, run_id: str | None = None) -> Iterator[None]:
    """Hold the index of all runs, and the log of `run_id` if given, open until the block ends.

    Dagster opens and closes the log for each of a run's 500 events. Each close would write the journal back into the
    file and wait for the disk; an idle connection of ours prevents that, so events take a third less time.
    """
    with ExitStack() as stack:
        for path in (_file(home, name) for name in ("index", run_id) if name):
            if path.exists():
                connection = stack.enter_context(closing(sqlite3.connect(path)))
                connection.execute("select count(*) from sqlite_master").fetchone()
        yield


def mark_killed_runs(instance: dg.DagsterInstance, run_id: str) -> None:
    """Record as failed every run but `run_id` that Dagster takes for running; the caller holds the home's lock."""
    for run in instance.get_runs(dg.RunsFilter(statuses=_RUNNING)):
        if run.run_id != run_id:
            instance.report_run_failed(run, KILLED)


def delete_old_runs(instance: dg.DagsterInstance, home: Path, before: datetime) -> int:
    """Delete runs created before `before`, at most 100 at once; returns how many.

    The ten newest runs stay whatever their age. The index is rewritten once more than half of it is empty.
    """
    newest = instance.get_run_records(limit=_KEPT_RUNS)
    if len(newest) < _KEPT_RUNS:
        return 0
    old = dg.RunsFilter(created_before=min(before, newest[-1].create_timestamp))
    records = instance.get_run_records(old, limit=_MOST_AT_ONCE, ascending=True)
    for record in records:
        run_id = record.dagster_run.run_id
        instance.delete_run(run_id)
        for path in _file(home, run_id).parent.glob(f"{run_id}.db*"):  # Dagster empties the file and leaves it
            path.unlink()
    if records:
        _compact(_file(home, "index"))
    return len(records)


def _compact(index: Path) -> None:
    if not index.exists():
        return
    with closing(sqlite3.connect(index, isolation_level=None)) as connection:
        (pages,), (empty,) = (
            connection.execute(f"pragma {name}").fetchone() for name in ("page_count", "freelist_count")
        )
        if empty > pages / 2:
            connection.execute("vacuum")


def _file(home: Path, name: str) -> Path:
    return home / "dagster" / "history" / "runs" / f"{name}.db"
