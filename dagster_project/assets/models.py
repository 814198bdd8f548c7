"""The dbt stage: staging, intermediate, marts and figures as assets, their tests as checks of the gate.

What a model says stands in `dbt/`; here dbt is only run on the private warehouse. It hands on the marts, and
failing tests with their rows.
"""

import csv
import graphlib
import importlib
import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from dagster_project import settings
from dagster_project.assets.bulletin import READ_BY_BULLETIN
from dagster_project.checks import enter
from dagster_project.resources import Build
from dagster_project.warehouse import dbt_engine, fingerprint

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

_KEPT_ROWS = 100
_REGISTRY = ("figure_definitions", "figure_dimensions", "dimension_definitions", "dimension_members")
_PASSED = ("pass", "success")


class _Translator(DagsterDbtTranslator):
    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            source = dbt_resource_props["source_name"]
            return dg.AssetKey([source] if source == "reference" else [source, dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        # what a folder holds may come before and after another's: as one group it would draw arrows back
        name, folder = dbt_resource_props["name"], dbt_resource_props["fqn"][1]
        if name in _REGISTRY:
            return "registry"
        if name.startswith("dim_"):
            return "dimensions"
        return "facts" if folder == "marts" else folder


@dbt_assets(
    manifest=dbt_engine.ensure_manifest(),
    name="models",
    dagster_dbt_translator=_Translator(
        settings=DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_duplicate_source_asset_keys=True)
    ),
)
def models(context: dg.AssetExecutionContext, build: Build) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Build and test every model in the private warehouse, by what changed where it can be; where nothing did, test."""
    target = build.transaction.build / "dbt"
    target.mkdir(exist_ok=True)
    with build.transaction.connect() as connection:
        made_of = fingerprint.of(connection, settings.DBT_PROJECT, settings.jurisdiction())
        command = fingerprint.command(connection, made_of)
    # while dbt waits for DuckDB, a second thread loads what draws the bulletin
    loading = threading.Thread(target=importlib.import_module, args=["reports.render"])
    loading.start()
    # unit tests are of the code, not of the data: they belong to the project's own tests
    outcome = dbt_engine.run(command[0], target, *command[1:], "--exclude-resource-type", "unit_test")
    loading.join()
    results = outcome.result.results
    with build.transaction.connect() as connection:
        counts = _row_counts(connection)
        _enter(connection, context, build, results)
        if outcome.success:
            fingerprint.remember(connection, made_of)
    checks = {key.name: key for key in context.selected_asset_check_keys}
    for result in results:
        name, seconds = result.node.name, round(result.execution_time, 3)
        if result.node.resource_type == "model":
            if result.status == "success":
                metadata = {"dagster/row_count": counts.get(name), "seconds": seconds}
                yield dg.MaterializeResult(asset_key=[name], metadata={k: v for k, v in metadata.items() if v})
        elif name in checks and result.status != "skipped":
            yield dg.AssetCheckResult(
                asset_key=checks[name].asset_key,
                check_name=name,
                passed=result.status in _PASSED,
                severity=dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR,
                metadata={"failing": result.failures or 0, "seconds": seconds},
            )
    if not outcome.success:
        findings = build.transaction.findings()
        shutil.copy(target / "dbt.log", findings / "dbt.txt")
        raise dg.Failure(f"dbt found errors, so nothing is published; see checks.csv and dbt.txt in {findings}")
    if command == ["test"]:
        # what stands is not materialised anew, but the next steps wait for what they read
        for name in _names_in_order():
            if name in READ_BY_BULLETIN:
                yield dg.MaterializeResult(asset_key=[name], metadata={"is_unchanged": True})


def _names_in_order() -> list[str]:
    """Models, each after those that it reads."""
    parents = json.loads(dbt_engine.MANIFEST.read_text(encoding="utf-8"))["parent_map"]
    nodes = (unique_id.split(".") for unique_id in graphlib.TopologicalSorter(parents).static_order())
    return [node[2] for node in nodes if node[0] == "model"]


def _row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(connection.execute("select table_name, estimated_size from duckdb_tables()").fetchall())


def _enter(
    connection: duckdb.DuckDBPyConnection, context: dg.AssetExecutionContext, build: Build, results: "list[RunResult]"
) -> None:
    """Enter test results into `quality.checks`, and keep up to 100 failing rows a test as CSV in the run's findings."""
    for result in results:
        name, passed = result.node.name, result.status in _PASSED
        found = "" if passed else (result.message or result.status)
        if result.node.resource_type != "test":
            if result.status == "error":
                enter(connection, context.run_id, dg.AssetKey([name]), "build", "error", False, found)
            continue
        severity = "warning" if result.status == "warn" else "error"
        enter(connection, context.run_id, dg.AssetKey(["dbt", name]), name, severity, passed, found)
        if not passed:
            context.log.error(f"{name}: {found}")
            if query := result.node.compiled_code:
                _keep_rows(connection, query, build.transaction.findings() / "checks" / f"{name}.csv")


def _keep_rows(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    try:
        found = connection.execute(f"select * from ({query}) limit {_KEPT_ROWS}")
    except duckdb.Error:
        return  # the model that the test reads was never built
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column[0] for column in found.description])
        writer.writerows(found.fetchall())
