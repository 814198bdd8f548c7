"""The dbt stage: each model is an asset, each test a check; both run in the candidate.

This module runs dbt and turns its results into Dagster's. `warehouse/build_plan.py` chooses the dbt command for a
selection, and the SQL is in `dbt/`. It keeps up to 100 rows of each failing test in `runs/<id>/checks/`.
"""

import graphlib
import importlib
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import dbt_assets

from dagster_project.catalogue.translator import Translator
from dagster_project.checks import check_result, enter_judgements, stop_if_failed
from dagster_project.disk import describe_fault
from dagster_project.gate.check_words import CheckWords, word_checks
from dagster_project.gate.failing_rows import find_failing_rows
from dagster_project.gate.judgements import judge_build, judge_test
from dagster_project.gate.suite import Suite
from dagster_project.gate.verdict import Judgement
from dagster_project.resources import POOL, Dbt, Warehouse
from dagster_project.settings import engine
from dagster_project.warehouse import fingerprint, may_publish
from dagster_project.warehouse.build_plan import BuildPlan, NotReady, blocking_tests, plan_build, published_parents
from dagster_project.warehouse.candidate import relations
from dagster_project.warehouse.damage import DISCARD, Damaged, is_damage
from dagster_project.warehouse.dbt_project import DbtError, DbtProject, NodeResult, Outcome
from dagster_project.warehouse.findings import keep_failing_rows
from ingest.errors import MappingError


def build_models(project: DbtProject, suites: Sequence[Suite]) -> dg.AssetsDefinition:
    """The multi-asset of all models and tests of `project`; raises DbtError if it can't be parsed.

    `suites`: the checks of plausibility, which judge some of the models in every run.
    """
    judged = {suite.asset for suite in suites}
    words = word_checks(project.manifest, suites)

    @dbt_assets(
        manifest=project.manifest,
        name="models",
        pool=POOL,
        dagster_dbt_translator=Translator(project),
    )
    def models(
        context: dg.AssetExecutionContext, warehouse: Warehouse, dbt: Dbt
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        """Build what is selected, or what changed if all is selected, and test it if that was not done before."""
        project, target = dbt.project, warehouse.candidate.build / "dbt"
        selected = {key.path[-1] for key in context.selected_asset_keys}
        checks = {key.name: key for key in context.selected_asset_check_keys}
        try:
            plan, now, is_current, standing = _begin(warehouse, project, selected, {*checks}, is_part=context.is_subset)
            if standing is not None:
                yield from (check_result(warehouse, j, checks[j.name].asset_key) for j in standing if j.name in checks)
                yield from _repeat(project.manifest, selected, judged)
                return
            # while dbt waits for DuckDB, a second thread loads what draws the bulletins
            loading = threading.Thread(target=importlib.import_module, args=["reports.render"])
            loading.start()
            outcome = project.run(*plan.arguments, target=target, variables=warehouse.jurisdiction.dbt_variables())
            loading.join()
            _refuse_damage(warehouse, outcome)
        except (NotReady, DbtError, MappingError) as error:
            raise dg.Failure(describe_fault(str(error), warehouse.home.folder) or str(error)) from None
        with warehouse.candidate.connect() as connection:
            counts = _row_counts(connection, outcome)
            judgements = _enter_results(
                connection, context.run.run_id, warehouse, project.manifest, outcome.results, words
            )
            if outcome.success and plan.is_building and (plan.is_whole or is_current):
                fingerprint.record_build(connection, now)
        for result in outcome.results:
            if result.resource_type == "model" and result.status == "success" and result.name in selected:
                metadata = {"dagster/row_count": counts.get(result.name), "seconds": result.seconds}
                yield dg.MaterializeResult(
                    asset_key=[result.name], metadata={k: v for k, v in metadata.items() if v is not None}
                )
            elif result.name in checks and result.status != "skipped":
                yield check_result(warehouse, judgements[result.name], checks[result.name].asset_key)
        if not outcome.success:
            for result in outcome.results:
                if not result.is_passed and (why := describe_fault(result.message, warehouse.home.folder)):
                    raise dg.Failure(why)
            if (target / "dbt.log").exists():
                shutil.copyfile(target / "dbt.log", warehouse.findings / "dbt.txt")
            stop_if_failed(warehouse, judgements.values())
            raise dg.Failure(f"dbt ended without a result; its log is {warehouse.findings / 'dbt.txt'}")
        if not plan.is_building:
            yield from _repeat(project.manifest, selected, judged)

    return models


def _begin(
    warehouse: Warehouse, project: DbtProject, models: set[str], tests: set[str], *, is_part: bool
) -> tuple[BuildPlan, fingerprint.Fingerprint, bool, list[Judgement] | None]:
    """The plan, what the models are built of now, whether they are up to date, and what all tests found of them before.

    The latter is None if there is something to build or to test. Raises NotReady.
    """
    with warehouse.candidate.connect() as connection:
        there = relations(connection)
        if "quality.files" not in there:
            raise NotReady("the candidate holds no exports yet; materialise raw/*, quality/files and reference first")
        now = fingerprint.hash_inputs(connection, *warehouse.sources_of_build)
        whole_command = None if is_part else fingerprint.choose_command(connection, now)
        plan = plan_build(project.manifest, models, tests, there, whole_command)
        if plan.is_building and not plan.is_whole and engine() == "spark":
            raise NotReady("with TONGBAO_ENGINE=spark all models are built together; materialise all of them")
        is_current = may_publish.begin_models(connection, now, is_building=plan.is_building)
        standing = None
        if plan.is_whole and not plan.is_building:
            every_test = tests | {*blocking_tests(project.manifest)}
            wanted = [(f"dbt/{name}", name) for name in every_test]
            standing = warehouse.verdict.repeat(may_publish.runs_that_judged(connection, now, wanted))
    return plan, now, is_current, standing


def _repeat(manifest: dict[str, Any], selected: set[str], judged: set[str]) -> Iterator[dg.MaterializeResult]:
    """Models that nobody built anew: Dagster skips steps downstream of assets that are not yielded."""
    for name in _in_order(manifest, selected & (published_parents(manifest) | judged)):
        yield dg.MaterializeResult(asset_key=[name], metadata={"is_unchanged": True})


def _refuse_damage(warehouse: Warehouse, outcome: Outcome) -> None:
    """Raise Damaged if a model or test found that the candidate's file is damaged."""
    for result in outcome.results:
        if is_damage(result.message):
            raise Damaged(f"{warehouse.candidate.path} is damaged (found by {result.name}); {DISCARD}")


def _in_order(manifest: dict[str, Any], names: set[str]) -> list[str]:
    """`names` of models, each after those that it reads."""
    nodes = (unique_id.split(".") for unique_id in graphlib.TopologicalSorter(manifest["parent_map"]).static_order())
    return [node[2] for node in nodes if node[0] == "model" and node[2] in names]


def _row_counts(connection: duckdb.DuckDBPyConnection, outcome: Outcome) -> dict[str, int]:
    """Rows of each table that was built; a view is not counted, because that would compute it."""
    built = {r.name for r in outcome.results if r.resource_type == "model" and r.status == "success"}
    tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    return {
        name: connection.execute(f"select count(*) from {schema}.{name}").fetchone()[0]
        for schema, name in tables
        if name in built
    }


def _enter_results(
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    warehouse: Warehouse,
    manifest: dict[str, Any],
    results: list[NodeResult],
    words: Mapping[tuple[str, str], CheckWords],
) -> dict[str, Judgement]:
    """Judge tests, and models that could not be built, and keep the failing rows of tests; returns name -> judgement.

    What dbt skipped has not been judged.
    """
    judged = {}
    for result in results:
        if result.status == "skipped":
            continue
        if result.resource_type != "test":
            if result.status == "error":
                judged[result.name] = judge_build(result.name, result.message, words[result.name, "build"])
            continue
        severity, rows = "warning" if result.status == "warn" else "error", None
        if not result.is_passed and result.sql and result.status != "error":
            rows = warehouse.findings / "checks" / f"{result.name}.csv"
            keep_failing_rows(connection, find_failing_rows(connection, manifest, result.name, result.sql), rows)
        count = 0 if result.is_passed else max(result.failures, 1)
        about = words[f"dbt/{result.name}", result.name]
        judged[result.name] = judge_test(result.name, severity, count, rows, result.message, about)
    enter_judgements(connection, run_id, warehouse, [*judged.values()])
    return judged
