"""Asset checks that are not dbt tests: of the ledger, and of the plausibility of facts and figures.

This module turns the results of `gate/` into Dagster's check results. The ingest assets run the checks of the ledger;
`build_plausibility` makes an asset check of the suites, as the jurisdiction tunes them. The module also records every
result in `quality.checks` of the candidate, which `warehouse/may_publish.py` reads before publication.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import dagster as dg
import duckdb

from dagster_project.gate.ingest_checks import CHECKS
from dagster_project.gate.judgements import judge_drafts, judge_expectation
from dagster_project.gate.plausibility import Verdict, judge_suites
from dagster_project.gate.record import list_accepted, record_findings
from dagster_project.gate.suite import Suite
from dagster_project.gate.verdict import verdict_folder
from dagster_project.resources import POOL, GreatExpectations, Home, Warehouse
from dagster_project.warehouse.may_publish import INGEST_ASSET, record_check

LEDGER = dg.AssetKey(INGEST_ASSET.split("/"))
_SHOWN = 20

INGEST_CHECKS = [
    dg.AssetCheckSpec(check.name, asset=LEDGER, blocking=check.is_blocking, description=check.about) for check in CHECKS
]


def link_verdict(warehouse: Warehouse) -> dict[str, dg.MetadataValue]:
    """Metadata that lead to the page of the run's verdict."""
    return {"verdict": dg.MetadataValue.path(warehouse.verdict.page)}


PRINTED_NUMBERS = "printed_numbers_are_their_figures"
_ABOUT_PRINTED = (
    "通报各格式所印的数字均为其指标的数值；every number that a draft prints is its figure's row, in each format"
)
_REMEDY_PRINTED = "这是程序的错误，不是数据的错误：请把本次运行的结论页交给维护人员"


def specify_presentation(asset: str) -> dg.AssetCheckSpec:
    """The check of the drafts that `asset` renders, which runs before they are published."""
    return dg.AssetCheckSpec(PRINTED_NUMBERS, asset=asset, blocking=True, description=_ABOUT_PRINTED)


def judge_presentation(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, asset: str, folder: Path, periods: Collection[str]
) -> dg.AssetCheckResult:
    """Judges the drafts `folder/<period>`, rendered from the warehouse that is open.

    The result isn't entered into `quality.checks`, because the drafts print that table: they would no longer be what a
    fresh rendering prints.
    """
    from reports.proof.presentation import find_misprints  # loads what reads PDF and XLSX: only where drafts are due

    failing = [
        {"file": f"{period}/{found.file}", "what": str(found)}
        for period in periods
        for found in find_misprints(connection, folder / period, period)
    ]
    if periods:
        warehouse.verdict.enter(judge_drafts(asset, PRINTED_NUMBERS, _ABOUT_PRINTED, _REMEDY_PRINTED, failing))
    metadata: dict[str, dg.MetadataValue | int] = {"failing": len(failing)}
    if failing:
        metadata["rows"] = dg.MetadataValue.table([dg.TableRecord(row) for row in failing[:_SHOWN]])
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey(asset), check_name=PRINTED_NUMBERS, passed=not failing, metadata=metadata
    )


def enter_check(
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    asset: dg.AssetKey,
    name: str,
    severity: str,
    failing: list[dict],
) -> dg.AssetCheckResult:
    """Enter a result into `quality.checks`; returns Dagster's, with at most 20 failing rows as metadata."""
    shown = [{column: str(value) for column, value in row.items()} for row in failing[:_SHOWN]]
    said = "; ".join(": ".join([*row.values()][:2]) for row in shown)
    record_check(connection, run_id, "/".join(asset.path), name, severity, not failing, said)
    metadata: dict[str, dg.MetadataValue | int] = {"failing": len(failing)}
    if shown:
        metadata["rows"] = dg.MetadataValue.table([dg.TableRecord(row) for row in shown])
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=not failing,
        severity=dg.AssetCheckSeverity.ERROR if severity == "error" else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def build_plausibility(suites: Sequence[Suite]) -> dg.AssetChecksDefinition:
    """The asset check that judges `suites`: an asset check a check, each of the asset that it judges."""

    @dg.multi_asset_check(
        name="plausibility",
        specs=[
            dg.AssetCheckSpec(
                e.name, asset=dg.AssetKey(suite.asset.split("/")), blocking=e.severity == "error", description=e.about
            )
            for suite in suites
            for e in suite.expectations
        ],
        can_subset=True,
        pool=POOL,
    )
    def plausibility(
        context: dg.AssetCheckExecutionContext,
        home: Home,
        warehouse: Warehouse,
        great_expectations: GreatExpectations,
    ) -> Iterator[dg.AssetCheckResult]:
        """合理性检查：各项数字与以往、与常理是否相符；the great-expectations suites."""
        selected = {key.name for key in context.selected_asset_check_keys}
        with warehouse.candidate.connect() as connection:
            try:
                accepted = list_accepted(connection)
                docs = verdict_folder(home.folder) / "data-docs"
                verdicts = list(judge_suites(connection, great_expectations.helper, suites, selected, accepted, docs))
            except duckdb.CatalogException as error:
                missing = str(error).splitlines()[0]
                raise dg.Failure(f"{missing} Nothing can be judged yet; materialise the models first") from None
            results = [_enter_verdict(connection, context.run.run_id, verdict) for verdict in verdicts]
            warehouse.verdict.enter(*(judge_expectation(verdict, accepted) for verdict in verdicts))
        yield from results

    return plausibility


def _enter_verdict(connection: duckdb.DuckDBPyConnection, run_id: str, verdict: Verdict) -> dg.AssetCheckResult:
    expectation = verdict.expectation
    record_check(
        connection,
        run_id,
        verdict.asset,
        expectation.name,
        expectation.severity,
        verdict.is_passed,
        "; ".join(verdict.findings),
    )
    record_findings(connection, run_id, verdict)
    metadata: dict[str, dg.MetadataValue | int | str] = {"judged": verdict.judged, "failing": verdict.count}
    if verdict.findings:
        metadata["rows"] = dg.MetadataValue.table([dg.TableRecord({"发现": text}) for text in verdict.findings])
        metadata["remedy"] = expectation.remedy
    if verdict.accepted:
        metadata["accepted"] = dg.MetadataValue.json(verdict.accepted)
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey(verdict.asset.split("/")),
        check_name=expectation.name,
        passed=verdict.is_passed,
        severity=dg.AssetCheckSeverity.ERROR if expectation.severity == "error" else dg.AssetCheckSeverity.WARN,
        description="没有可比的数据" if not verdict.judged else None,
        metadata=metadata,
    )
