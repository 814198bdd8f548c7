"""One build of all models on Spark, from the candidate's rows to the candidate's tables.

It takes the home, dbt's manifest and two functions that run dbt, one on Spark and one on the candidate in DuckDB, and
returns results as `warehouse/dbt_worker.py` does. Spark builds and tests all models. DuckDB then makes dbt's views, and
runs the tests that failed once more, because the rows that fail are looked up in the candidate with its SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from dagster_project.spark import lake
from dagster_project.spark.results import take_back
from dagster_project.spark.session import open_session

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

RunDbt = Callable[[list[str]], dict[str, Any]]


def build_on_spark(
    home: Path, manifest: Manifest, run_on_spark: RunDbt, run_on_duckdb: RunDbt, arguments: list[str]
) -> dict[str, Any]:
    """Run dbt's command `arguments`, which builds everything; raises RuntimeError if Spark can't start."""
    candidate = home / "build" / "candidate.duckdb"
    build = lake.begin_build(home)
    with duckdb.connect(str(candidate)) as connection:
        sources = lake.write_sources(connection, _tables(connection, manifest), build)
    with open_session(build, sources):
        done = run_on_spark([*arguments, "--full-refresh", "--target", "spark"])
    names = {result["name"] for result in done["results"] if result["status"] == "success"}
    built = [node for node in manifest.nodes.values() if node.resource_type == "model" and node.name in names]
    with duckdb.connect(str(candidate)) as connection:
        take_back(connection, built, build)
    variables = arguments[arguments.index("--vars") :][:2] if "--vars" in arguments else []
    views = [node for node in built if node.config.materialized == "view" and node.schema != "delta"]
    made = run_on_duckdb(["run", "--full-refresh", *variables, *_select(views)])
    failed = {r["name"]: r for r in done["results"] if r["resource_type"] == "test" and r["status"] in ("fail", "warn")}
    if failed:
        tests = [node for node in manifest.nodes.values() if node.name in failed]
        again = run_on_duckdb(["test", "--indirect-selection", "empty", *variables, *_select(tests)])
        for result in again["results"]:
            if result["name"] in failed:
                failed[result["name"]]["sql"] = None if result["status"] == "error" else result["sql"]
    unmade = [result for result in made["results"] if result["status"] == "error"]
    return {"success": done["success"] and made["success"], "results": [*done["results"], *unmade]}


def _tables(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> list[tuple[str, str]]:
    """The sources of the models that the candidate holds; a delta's changes are none, because nothing is a delta."""
    there = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    return sorted({(source.schema, source.identifier) for source in manifest.sources.values()} & {*there})


def _select(nodes: Iterable[Any]) -> list[str]:
    return ["--select", *(f"fqn:{'.'.join(node.fqn)}" for node in nodes)]
