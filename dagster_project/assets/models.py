"""The dbt stage: staging, intermediate, marts and figures as assets, their tests as checks of the gate.

What a model says stands in `dbt/`; here dbt is only run on the private warehouse. It hands on the marts, and
failing tests with their rows.
"""

import csv
import graphlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from dagster_project import fingerprint, settings
from dagster_project.checks import enter
from dagster_project.resources import Build, Dbt

_TARGET = settings.DBT_PROJECT / "target"
MANIFEST = _TARGET / "manifest.json"
_KEPT_ROWS = 100
_NEEDED_NEXT = ("great_expectations", "reports.render")


def ensure_manifest() -> Path:
    """The manifest, parsed anew when a file of the dbt project is newer than it; a stale one kills a run half-way."""
    settings.prepare()
    made = {_TARGET, settings.DBT_PROJECT / "logs"}
    sources = [p for p in settings.DBT_PROJECT.rglob("*") if p.is_file() and not made & {*p.parents}]
    newest = max(path.stat().st_mtime for path in sources)
    if not MANIFEST.exists() or MANIFEST.stat().st_mtime < newest:
        done = subprocess.run(
            [dbt_executable(), "--quiet", "parse", "--project-dir", str(settings.DBT_PROJECT),
             "--profiles-dir", str(settings.DBT_PROJECT)],
            capture_output=True, text=True, env={**os.environ, "DBT_TARGET_PATH": str(_TARGET)},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"dbt can't parse the project:\n{done.stdout}{done.stderr}")
        os.utime(MANIFEST)
    return MANIFEST


def dbt_executable() -> str:
    """dbt of the environment that runs this process, activated or not."""
    return str(Path(sys.executable).with_name("dbt"))


class _Translator(DagsterDbtTranslator):
    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            source = dbt_resource_props["source_name"]
            return dg.AssetKey([source] if source == "reference" else [source, dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        # dimensions come before the intermediate models and facts after: one group of marts would draw arrows back
        if dbt_resource_props["resource_type"] == "seed":
            return "registry"
        if dbt_resource_props["name"].startswith("dim_"):
            return "dimensions"
        folder = dbt_resource_props["fqn"][1]
        return "facts" if folder == "marts" else folder


@dbt_assets(
    manifest=ensure_manifest(),
    name="models",
    dagster_dbt_translator=_Translator(
        settings=DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_duplicate_source_asset_keys=True)
    ),
)
def models(context: dg.AssetExecutionContext, dbt: Dbt, build: Build) -> Iterator[Any]:
    """Build and test every model in the private warehouse; where nothing that they read changed, only test them."""
    target = build.transaction.build / "dbt"
    target.mkdir(exist_ok=True)
    with build.transaction.connect() as connection:
        made_of = fingerprint.of(connection, settings.DBT_PROJECT, settings.jurisdiction())
        is_built = fingerprint.is_built(connection, made_of)
    # unit tests are of the code, not of the data: they belong to the project's own tests
    arguments = ["test" if is_built else "build", "--exclude-resource-type", "unit_test"]
    invocation = dbt.cli(arguments, context=context, target_path=target, raise_on_error=False)
    # while dbt works in its own process, this one loads what the next steps need
    loading = threading.Thread(target=lambda: [importlib.import_module(name) for name in _NEEDED_NEXT])
    loading.start()
    with (target / "dbt.txt").open("w", encoding="utf-8") as log, redirect_stdout(log):
        events = list(invocation.stream())
    loading.join()
    is_successful = invocation.is_successful()
    with build.transaction.connect() as connection:
        counts = _row_counts(connection)
        _enter_tests(connection, context, build, target)
        if is_successful:
            fingerprint.remember(connection, made_of)
    for event in events:
        if isinstance(event, dg.Output) and (found := counts.get(event.metadata["unique_id"].value)) is not None:
            event = event.with_metadata({**event.metadata, "dagster/row_count": found})
        yield event
    if not is_successful:
        findings = build.transaction.findings()
        shutil.copy(target / "dbt.txt", findings)
        raise dg.Failure(f"dbt found errors, so nothing is published; see checks.csv and dbt.txt in {findings}")
    if is_built:
        for name in _names_in_order():
            yield dg.MaterializeResult(asset_key=[name], metadata={"is_unchanged": True})


def _names_in_order() -> list[str]:
    """Models and seeds, each after those that it reads."""
    parents = json.loads(MANIFEST.read_text(encoding="utf-8"))["parent_map"]
    nodes = (unique_id.split(".") for unique_id in graphlib.TopologicalSorter(parents).static_order())
    return [node[2] for node in nodes if node[0] in ("model", "seed")]


def _row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    tables = connection.execute("select table_name, estimated_size from duckdb_tables()").fetchall()
    return {f"model.tongbao.{name}": size for name, size in tables}


def _enter_tests(
    connection: duckdb.DuckDBPyConnection, context: dg.AssetExecutionContext, build: Build, target: Path
) -> None:
    """Enter test results into `quality.checks`, and keep up to 100 failing rows a test as CSV in the run's findings."""
    path = target / "run_results.json"
    if not path.exists():
        return
    for outcome in json.loads(path.read_text(encoding="utf-8"))["results"]:
        kind, _, name, *_ = outcome["unique_id"].split(".")
        if kind not in ("test", "unit_test"):
            if outcome["status"] == "error":
                enter(
                    connection,
                    context.run_id,
                    dg.AssetKey([name]),
                    "build",
                    "error",
                    False,
                    outcome["message"],
                )
            continue
        severity = "warning" if outcome["status"] == "warn" else "error"
        passed = outcome["status"] in ("pass", "success")
        found = "" if passed else (outcome.get("message") or outcome["status"])
        enter(connection, context.run_id, dg.AssetKey(["dbt", name]), name, severity, passed, found)
        if not passed:
            context.log.error(f"{name}: {found}")
            if outcome.get("compiled_code") and kind == "test":
                _keep_rows(
                    connection,
                    outcome["compiled_code"],
                    build.transaction.findings() / "checks" / f"{name}.csv",
                )


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
