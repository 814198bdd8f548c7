"""A run as a transaction over the published DuckDB file: copy, build aside, publish file and bulletin together.

What is built is not known here, and Dagster neither. It hands on a private file to build in, and either all of
it is published or nothing.
"""

import csv
import fcntl
import json
import os
import shutil
from pathlib import Path
from typing import TextIO

import duckdb

_FINDINGS = {
    "files.csv": "select * from quality.files where verdict in ('refused', 'unclaimed') order by file_id",
    "quarantine.csv": "select * from quality.quarantine order by file_id, record, column_name",
    "checks.csv": "select * from quality.checks order by is_passed, asset, check_name",
}
_STAGED = ("bulletins", "worklists")  # folders of the home that are published together with the warehouse


class RunInProgress(Exception):
    """Another run holds the warehouse."""


class Transaction:
    """One run's private copy of the warehouse in `<home>/build`; exclusive across processes by a lock on a file."""

    def __init__(self, home: Path, run_id: str) -> None:
        self.home, self.run_id = home, run_id
        self.build = home / "build"
        self.warehouse = self.build / "warehouse.duckdb"
        self.published = home / "warehouse.duckdb"
        self.is_committed = False

    def begin(self) -> None:
        """Take the lock, and finish or clear what a killed run left; raises RunInProgress."""
        self._lock = locked(self.home, f"run {self.run_id}")
        self._roll_forward()
        for leftover in self.build.iterdir():
            if leftover.name != "lock":
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A writing connection to the private file, at first a copy of the published one.

        Close it before another process opens the file.
        """
        if not self.warehouse.exists() and self.published.exists():
            shutil.copyfile(self.published, self.warehouse)
        connection = duckdb.connect(str(self.warehouse))
        connection.execute("set memory_limit = '1200MB'")
        connection.execute(f"set temp_directory = '{self.build / 'spill'}'")
        # as in dbt/profiles.yml: a join with some hundred files skips what others hold
        connection.execute("set dynamic_or_filter_threshold = 2000")
        return connection

    def staged(self, name: str, kind: str = "bulletins") -> Path:
        """The folder in which a period's bulletin (or a day's worklists) is made before it is published."""
        return self.build / kind / name

    def commit(self) -> None:
        """Publish the private file and all that is staged; a kill in mid-way is finished by the next `begin`."""
        with self.connect() as connection:
            connection.execute("checkpoint")
        moves = {}
        for kind in _STAGED:
            for folder in sorted((self.build / kind).glob("*")):
                moves[str(folder)] = str(self.home / kind / folder.name)
        moves[str(self.warehouse)] = str(self.published)
        for path in map(Path, moves):
            for file in [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]:
                _sync(file)
        journal = self.build / "commit.json"
        draft = journal.with_suffix(".part")
        draft.write_text(json.dumps(moves), encoding="utf-8")
        _sync(draft)
        os.replace(draft, journal)
        self._roll_forward()
        self.is_committed = True

    def end(self, reason: str = "") -> Path | None:
        """Release the lock; an uncommitted run leaves what it found in `runs/<id>/`, whose path is returned."""
        kept = None
        if not self.is_committed and self.warehouse.exists():
            kept = self._keep_findings(reason)
        for name in ("warehouse.duckdb", "warehouse.duckdb.wal"):
            (self.build / name).unlink(missing_ok=True)
        for folder in (*_STAGED, "spill", "dbt"):
            shutil.rmtree(self.build / folder, ignore_errors=True)
        self._lock.close()
        return kept

    def findings(self) -> Path:
        """`runs/<id>/`, for what a check wants to keep beside the tables."""
        folder = self.home / "runs" / self.run_id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _keep_findings(self, reason: str) -> Path:
        folder = self.findings()
        (folder / "reason.txt").write_text(reason + "\n", encoding="utf-8")
        with self.connect() as connection:
            for name, query in _FINDINGS.items():
                try:
                    found = connection.execute(query)
                except duckdb.Error:
                    continue  # the run ended before this table was made
                with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
                    writer = csv.writer(file)
                    writer.writerow([column[0] for column in found.description])
                    writer.writerows(found.fetchall())
        return folder

    def _roll_forward(self) -> None:
        journal = self.build / "commit.json"
        if not journal.exists():
            return
        for source, target in json.loads(journal.read_text(encoding="utf-8")).items():
            source, target = Path(source), Path(target)
            if not source.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.rmtree(target, ignore_errors=True)
            os.replace(source, target)
        _sync(self.home)
        journal.unlink()


def locked(home: Path, who: str) -> TextIO:
    """The lock on `home` against runs and releases, held until it is closed; raises RunInProgress with its holder."""
    (home / "build").mkdir(parents=True, exist_ok=True)
    lock = (home / "build" / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise RunInProgress(f"another run is in progress ({holder}); wait for it or end it, then run again") from None
    lock.truncate(0)
    lock.write(f"process {os.getpid()}, {who}")
    lock.flush()
    return lock


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
