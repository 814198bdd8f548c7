"""Dagster's own files: the history of runs and the state of schedules, in SQLite files below `<home>/dagster`.

Nothing that is published depends on them. `set_damaged_aside` renames the files that can't be read before Dagster opens
them, and Dagster then begins new ones; `find_damaged` lists them with the reason. Reading history is Dagster's work.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

# what every command needs; the log of a single run is only read when that run is looked at
_SHARED = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN}


def set_damaged_aside(home: Path) -> list[str]:
    """Rename each damaged file that all runs share; returns a warning a file, which names its new place."""
    warnings = []
    for path, reason in find_damaged(home, every=False):
        aside = path.with_name(f"{path.name}.damaged")
        number = 1
        while aside.exists():
            number += 1
            aside = path.with_name(f"{path.name}.damaged-{number}")
        for ending in ("", "-wal", "-shm", "-journal"):
            log = path.with_name(path.name + ending)
            if log.exists():
                os.rename(log, aside.with_name(aside.name + ending))
        lost = "turn the schedule on again in the UI" if path.name == "schedules.db" else "earlier runs are not listed"
        warnings.append(f"{path} is damaged ({reason}) and now is {aside}; Dagster begins a new one: {lost}")
    return warnings


def find_damaged(home: Path, *, every: bool) -> Iterator[tuple[Path, str]]:
    """(file, reason) of each damaged file; with `every` also the logs of single runs, which takes longer."""
    base = home / "dagster"
    names = {*_SHARED} | ({str(p.relative_to(base)) for p in base.glob("history/runs/*.db")} if every else set())
    for path in sorted(base / name for name in names):
        if path.exists() and (reason := _why_damaged(path)):
            yield path, reason


def _why_damaged(path: Path) -> str | None:
    if path.is_dir():
        return "a folder"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            if not connection.execute("select count(*) from sqlite_master").fetchone()[0]:
                return "it holds no tables"
            (found,) = connection.execute("pragma quick_check(1)").fetchone()
            return None if found == "ok" else " ".join(found.split())[:100]
    except sqlite3.DatabaseError as error:  # "locked" is no damage
        return str(error) if (error.sqlite_errorcode & 0xFF) in _DAMAGE else None
