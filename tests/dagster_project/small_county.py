"""A county of fifty cases with a bulletin, for runs of Dagster's assets in this process.

`County` has a runtime home and a copy of the miniature's configuration, with the text and the settings of Lingwu's
bulletin. `materialize` runs a selection of assets as the UI does; dbt is parsed once for all of them.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import dagster as dg
import duckdb
import yaml

from dagster_project import settings
from dagster_project.definitions import build_definitions
from dagster_project.resources import Dbt, Home
from dagster_project.warehouse.dbt_project import DbtProject
from tests.end_to_end.miniature_home import MINIATURE
from tests.shared_dbt import bring_parsed, shared_dbt

LINGWU = settings.PROJECT / "jurisdictions" / "lingwu"


class SharedDbt(Dbt):
    """dbt by the helper process that all tests share, so it is not ended with the run."""

    def yield_for_execution(self, context):
        return dg.ConfigurableResource.yield_for_execution(self, context)

    @property
    def project(self) -> DbtProject:
        return _project(self.home.folder)


@cache
def _project(home: Path) -> DbtProject:
    shared = shared_dbt()
    shared.load_ahead()
    project = DbtProject(settings.DBT_PROJECT, home)
    project.cache, project._helper = shared.cache, shared._helper
    return project


@dataclass(frozen=True)
class County:
    """A home and a jurisdiction below `path`."""

    path: Path

    @property
    def home(self) -> Path:
        return self.path / "home"

    @property
    def jurisdiction(self) -> Path:
        return self.path / "county"

    def deliver(self) -> None:
        """Put every export of the miniature into the landing folder."""
        shutil.copytree(MINIATURE / "exports", self.home / "exports", dirs_exist_ok=True)

    def definitions(self) -> dg.Definitions:
        places = Home(path=str(self.home))
        return build_definitions(
            self.home, self.jurisdiction, dbt=SharedDbt(home=places, path=str(settings.DBT_PROJECT))
        )

    def materialize(
        self, selection: dg.AssetSelection | str, instance: dg.DagsterInstance | None = None, **options
    ) -> dg.ExecuteInProcessResult:
        """Run `selection` in this process; the result tells what failed."""
        definitions = self.definitions()
        return dg.materialize(
            [*definitions.assets, *definitions.asset_checks],
            selection=selection,
            resources=definitions.resources,
            instance=instance or dg.DagsterInstance.ephemeral(),
            raise_on_error=False,
            **options,
        )

    def render(self, period: str, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
        """Run the job of one bulletin in this process."""
        job = self.definitions().resolve_job_def("bulletin_of_period")
        return job.execute_in_process(partition_key=period, instance=instance, raise_on_error=False)

    def ask(self, query: str, *, published: bool = False) -> list[tuple]:
        path = self.home / ("warehouse.duckdb" if published else "build/candidate.duckdb")
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def copy(self, path: Path) -> County:
        shutil.copytree(self.path, path)
        return County(path)


def make_county(path: Path) -> County:
    """A county without exports and without a warehouse."""
    county = County(path)
    shutil.copytree(MINIATURE / "county", county.jurisdiction)
    shutil.copytree(LINGWU / "bulletin", county.jurisdiction / "bulletin")
    about = county.jurisdiction / "jurisdiction.yaml"
    configured = yaml.safe_load(about.read_text(encoding="utf-8"))
    configured["bulletin"] = yaml.safe_load((LINGWU / "jurisdiction.yaml").read_text(encoding="utf-8"))["bulletin"]
    about.write_text(yaml.safe_dump(configured, allow_unicode=True), encoding="utf-8")
    settings.prepare(county.home)
    bring_parsed(county.home)
    return county


def failure_of(result: dg.ExecuteInProcessResult) -> str:
    """The message of the step that failed."""
    assert not result.success
    (step,) = result.get_step_failure_events()
    error = step.event_specific_data.error
    while error.cause:
        error = error.cause
    assert "dagster._core.definitions.events.Failure" in error.message, error.message
    return error.message


def recorded_counts(result: dg.ExecuteInProcessResult) -> dict[str, int]:
    """Asset -> the row count that Dagster recorded, for assets that have one."""
    counts = {}
    for event in result.get_asset_materialization_events():
        metadata = event.materialization.metadata
        if "dagster/row_count" in metadata:
            counts["/".join(event.materialization.asset_key.path)] = metadata["dagster/row_count"].value
    return counts


def assert_recorded_counts_stand(county: County, result: dg.ExecuteInProcessResult) -> None:
    tables = {
        name: f"{schema}.{name}" for schema, name in county.ask("select schema_name, table_name from duckdb_tables()")
    }
    for asset, count in recorded_counts(result).items():
        name = asset.split("/")[-1]
        table = f"raw.{name} where _state = 'loaded'" if asset.startswith("raw/") else tables[name]
        assert county.ask(f"select count(*) from {table}") == [(count,)], asset
