"""The miniature county as a warehouse: its exports taken in and modelled, without bulletin or Dagster.

No expectation is here. It hands on `Miniature`, whose exports a test may change or have arrive in another order.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from ingest.run import ingest

MINIATURE = Path(__file__).parent / "miniature"
DBT = Path(__file__).parents[2] / "dbt"


class Miniature:
    """A runtime home with the miniature's exports; `take` ingests them, `model` builds (and tests) models."""

    def __init__(self, path: Path, *, is_empty: bool = False) -> None:
        self.path = path
        for folder in ("exports", "build"):
            (path / folder).mkdir(parents=True)
        if not is_empty:
            for name in self.names():
                self.deliver(name)

    @staticmethod
    def names() -> list[str]:
        return sorted(path.name for path in (MINIATURE / "exports").iterdir())

    def deliver(self, name: str) -> Path:
        return Path(shutil.copy(MINIATURE / "exports" / name, self.path / "exports" / name))

    def connect(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.path / "build" / "warehouse.duckdb"))

    def ask(self, query: str) -> list[tuple]:
        with self.connect() as connection:
            return connection.execute(query).fetchall()

    def take(self) -> None:
        with self.connect() as connection:
            report = ingest(connection, MINIATURE / "county", self.path / "exports", self.path, "run")
        assert (report.refused, report.unclaimed) == ([], [])
        assert self.ask("select * from quality.quarantine") == []

    def model(self, command: str = "build", *arguments: str) -> None:
        # homes share a name and a target, so that dbt parses the project once
        current = self.path.parent / "current"
        current.unlink(missing_ok=True)
        current.symlink_to(self.path)
        done = subprocess.run(
            [Path(sys.executable).with_name("dbt"), "--quiet", command, "--exclude", "test_type:unit",
             "--project-dir", DBT, "--profiles-dir", DBT, *arguments],
            capture_output=True, text=True,
            env={**os.environ, "TONGBAO_HOME": str(current), "DBT_TARGET_PATH": str(self.path.parent / "target"),
                 "DBT_LOG_PATH": str(self.path.parent / "logs")},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-4000:]
