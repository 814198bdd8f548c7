"""One build of all models on Spark, from the candidate's rows to the candidate's tables.

It takes the home, dbt's manifest and two functions that run dbt, one on Spark and one on the candidate in DuckDB, and
returns results as `warehouse/dbt_worker.py` does. Spark builds and tests all models. DuckDB then makes views, and the
registry's tables, whose texts are SQL that DuckDB runs. It repeats the tests that failed, because their rows are looked
up in the candidate with its SQL.
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
        take_back(connection, [node for node in built if not _is_duckdbs(node)], build)
    variables = arguments[arguments.index("--vars") :][:2] if "--vars" in arguments else []
    made = run_on_duckdb(["run", "--full-refresh", *variables, *_select(filter(_is_duckdbs, built))])
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


def _is_duckdbs(node: Any) -> bool:
    """Whether DuckDB builds the model too.

    It builds views, the registry, which reads no table, and what reads the last publication, whose rows have an order.
    """
    parents = node.depends_on.nodes
    is_of_candidate = not parents or any(parent.startswith("source.tongbao.delta.") for parent in parents)
    return node.schema != "delta" and (node.config.materialized == "view" or is_of_candidate)


def _select(nodes: Iterable[Any]) -> list[str]:
    return ["--select", *(f"fqn:{'.'.join(node.fqn)}" for node in nodes)]
