"""The candidate: `<home>/build/candidate.duckdb`, the next state of the warehouse, which runs build step by step.

It begins as a copy of the published file, with two schemas more: `delta`, which holds what was published last and which
stages have finished, and ingest's `changes`. Failed, blocked and killed runs leave it; the next run builds on it, until
`publication.py` publishes it or `discard` deletes it. Every function here is called under the home's lock. The idea is
explained in docs/architecture.md.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dagster_project.warehouse.backup import check_not_lost
from dagster_project.warehouse.damage import DISCARD, REBUILD, Damaged, is_damage, read_published, told_as_damage
from ingest.sql import quote_literal

UNPUBLISHED_SCHEMAS = ("delta", "changes")
_FIGURES = "period varchar, figure varchar, dimension varchar, member varchar, value double"
_REVISIONS = (
    "period varchar, figure varchar, dimension varchar, member varchar, old_value double, new_value double, "
    "covered_until date, run_id varchar"
)
_LOCK_SECONDS = 10
# The storage version of a new file. DuckDB 2.0 would write 2.0, which clients of 1.x can't read; docs/analysts.md lists
# who reads this one. A file keeps the version it was made with.
STORAGE_VERSION = "v1.2.0"


class Candidate:
    """The next state of the warehouse of `home`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.build = home / "build"
        self.path = self.build / "candidate.duckdb"
        self.published = home / "warehouse.duckdb"

    def prepare(self) -> None:
        """Make the candidate if there is none, and the schema `delta` if a run was killed while publishing."""
        with self.connect():
            pass

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A writing connection to the candidate; no other process may open the file meanwhile. Raises Damaged."""
        if not self.path.exists():
            part = self.build / "candidate.part"
            self._copy_to(part)
            os.replace(part, self.path)
        with told_as_damage(self.path, DISCARD), open_candidate(self.path, self.build) as connection:
            if not any(name.startswith("delta.") for name in relations(connection)):
                self._add_delta(connection)
            yield connection

    @contextmanager
    def replacement(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A writing connection to a copy, which takes the candidate's place if no error is raised.

        A run that is killed meanwhile leaves the candidate as it was. Raises Damaged.
        """
        self.prepare()
        part = self.build / "candidate.part"
        shutil.copyfile(self.path, part)
        Path(f"{part}.wal").unlink(missing_ok=True)
        with told_as_damage(self.path, DISCARD), open_candidate(part, self.build) as connection:
            yield connection
            connection.execute("checkpoint")
        os.replace(part, self.path)

    def unpublished_files(self) -> frozenset[str]:
        """Paths of the ledger that the published file doesn't know: files whose rows no reader has seen."""
        with self.connect() as connection:
            there = relations(connection)
            if "quality.files" not in there:
                return frozenset()
            paths = {path for (path,) in connection.execute("select path from quality.files").fetchall()}
            if "delta.published_files" in there:  # a candidate of an older release has none
                published = connection.execute("select path from delta.published_files").fetchall()
                return frozenset(paths - {path for (path,) in published})
        if self.published.exists():
            with read_published(self.published) as connection:
                paths -= {path for (path,) in connection.execute("select path from quality.files").fetchall()}
        return frozenset(paths)

    def clear_leftovers(self) -> None:
        """Delete the half-made files that a killed run left in `build`; the candidate and what it staged stay."""
        for path in [*self.build.glob("candidate.part*"), *self.build.glob("decoded-*"), self.build / "spill"]:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def discard(self) -> bool:
        """Delete the candidate and what was staged beside it; False if there was none."""
        was_there = self.path.exists()
        for path in self.build.iterdir():
            if path.name not in ("lock", "replaced"):  # publication clears `replaced`
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        return was_there

    def _copy_to(self, part: Path) -> None:
        for path in (part, Path(f"{part}.wal")):
            path.unlink(missing_ok=True)
        check_not_lost(self.home)
        if self.published.is_dir():
            raise Damaged(f"{self.published} is a folder; {REBUILD}")
        if self.published.exists():
            shutil.copyfile(self.published, part)
        with told_as_damage(self.published, REBUILD), open_candidate(part, self.build) as connection:
            self._add_delta(connection)
            connection.execute("checkpoint")

    def _add_delta(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the schema `delta`: what is published now, and which stages this content has passed."""
        create_delta(connection)
        if not self.published.exists():
            return
        connection.execute(f"attach {quote_literal(str(self.published))} as published (read_only)")
        connection.execute("insert into delta.stages values ('ingest', null)")
        there = relations(connection, "published")
        if "marts.figures" in there:
            connection.execute("""
                insert into delta.published_figures
                select period, figure, dimension, member, value from published.marts.figures where is_complete
            """)
        if "marts.revisions" in there:
            connection.execute("insert into delta.published_revisions by name from published.marts.revisions")
        if "quality.files" in there:
            connection.execute("insert into delta.published_files select distinct path from published.quality.files")
        connection.execute("detach published")


def create_delta(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the schema `delta`, its tables empty: figures, revisions and files as published, and finished stages."""
    connection.execute(f"""
        create schema delta;
        create table delta.published_figures ({_FIGURES});
        create table delta.published_revisions ({_REVISIONS});
        create table delta.published_files (path varchar);
        create table delta.stages (stage varchar, content varchar);
    """)


def relations(connection: duckdb.DuckDBPyConnection, database: str | None = None) -> set[str]:
    """Every table and view of the file that is open, or of the attached `database`, as `schema.name`."""
    tables = """
        select table_schema, table_name from information_schema.tables
        where table_catalog = coalesce($1, current_catalog())
    """
    return {f"{schema}.{name}" for schema, name in connection.execute(tables, [database]).fetchall()}


def open_candidate(path: Path, build: Path) -> duckdb.DuckDBPyConnection:
    """A writing connection to `path`, which spills into `build`; waits until no other process has the file open."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            connection = duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION})
            break
        except duckdb.IOException as error:
            # the dbt process of a run that was killed a moment ago may not have ended yet
            if is_damage(str(error)) or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    connection.execute("set memory_limit = '1200MB'")
    connection.execute(f"set temp_directory = {quote_literal(str(build / 'spill'))}")
    # as in dbt/profiles.yml, so that a join on hundreds of file ids skips the row groups without any of them
    connection.execute("set dynamic_or_filter_threshold = 2000")
    return connection
