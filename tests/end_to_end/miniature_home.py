"""The miniature county as a warehouse: its exports ingested and modelled, without bulletin or Dagster.

`Miniature` does the work; a test may change its exports or let them arrive in another order. The expectations are in
the tests.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from dagster_project import settings
from dagster_project.own_figures.load import load_own_figures
from dagster_project.warehouse import fingerprint
from dagster_project.warehouse.candidate import Candidate
from dagster_project.warehouse.dbt_project import DbtProject
from dagster_project.warehouse.publication import publish
from ingest.run import ingest
from tests.shared_dbt import shared_dbt

MINIATURE = Path(__file__).parent / "miniature"


class Miniature:
    """A runtime home with the miniature's exports; `take` ingests them, `model` builds and tests models.

    With `is_empty` nothing is delivered: the home may be another county's, or have been made before.
    """

    def __init__(self, path: Path, *, is_empty: bool = False, county: Path = MINIATURE / "county") -> None:
        self.path, self.county = path, county
        for folder in ("exports", "build"):
            (path / folder).mkdir(parents=True, exist_ok=True)
        if not is_empty:
            for name in self.names():
                self.deliver(name)

    @staticmethod
    def names() -> list[str]:
        return sorted(path.name for path in (MINIATURE / "exports").iterdir())

    def deliver(self, name: str) -> Path:
        return Path(shutil.copy(MINIATURE / "exports" / name, self.path / "exports" / name))

    def connect(self) -> duckdb.DuckDBPyConnection:
        return Candidate(self.path).connect()

    def ask(self, query: str) -> list[tuple]:
        with self.connect() as connection:
            return connection.execute(query).fetchall()

    def take(self) -> None:
        with self.connect() as connection:
            report = ingest(connection, self.county, self.path / "exports", self.path, "run")
        assert (report.refused, report.unclaimed) == ([], [])
        assert self.ask("select * from quality.quarantine") == []

    def model(self, *options: str, is_full: bool = False, dbt: DbtProject | None = None) -> None:
        """As a run does: build what changed and test it, or (`is_full`) everything; by the shared dbt or by `dbt`.

        `options` are more of dbt's.
        """
        with self.connect() as connection:
            now = fingerprint.hash_inputs(connection, settings.DBT_PROJECT, self.county)
            command = ["build", "--full-refresh"] if is_full else fingerprint.choose_command(connection, now)
        outcome = (dbt or shared_dbt()).run(
            *command,
            "--exclude-resource-type",
            "unit_test",
            "--write-json",
            *options,
            target=self.path / "target",
            home=self.path,
            variables=load_own_figures(self.county),
        )
        assert outcome.success, [(r.name, r.message) for r in outcome.results if r.status in ("error", "fail")]
        with self.connect() as connection:
            fingerprint.record_build(connection, now)

    def publish(self) -> None:
        """Publish what was modelled, without bulletins, so that what comes next revises it."""
        publish(Candidate(self.path))
