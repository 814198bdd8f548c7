"""Asset checks that are not dbt tests: of the ledger, and of the plausibility of facts and figures.

This module turns the results of `gate/` into Dagster's check results. The ingest assets run the checks of the ledger;
`build_plausibility` makes an asset check of the suites, as the jurisdiction tunes them. The module also records every
result in `quality.checks` of the candidate, which `warehouse/may_publish.py` reads before publication.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from dagster_project.catalogue.links import link_file
from dagster_project.gate.failing_rows import define_masks
from dagster_project.gate.ingest_checks import CHECKS
from dagster_project.gate.judgements import judge_drafts, judge_expectation
from dagster_project.gate.plausibility import judge_suites
from dagster_project.gate.record import list_accepted, record_findings
from dagster_project.gate.spoken import say_acceptance, say_headline, say_judgement
from dagster_project.gate.suite import Suite
from dagster_project.gate.verdict import Judgement, verdict_folder
from dagster_project.resources import POOL, GreatExpectations, Home, Warehouse
from dagster_project.warehouse.may_publish import INGEST_ASSET, record_check, runs_that_judged
from reports.release.folder import list_alterations
from reports.release.freeze import list_versions

LEDGER = dg.AssetKey(INGEST_ASSET.split("/"))
_NOTHING = "没有可比的数据"

INGEST_CHECKS = [
    dg.AssetCheckSpec(check.name, asset=LEDGER, blocking=check.is_blocking, description=check.about) for check in CHECKS
]


def link_verdict(warehouse: Warehouse) -> dict[str, dg.MetadataValue]:
    """Metadata that lead to the page of the run's verdict."""
    return {"verdict": link_file(warehouse.home.folder, warehouse.verdict.page)}


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
    failing = []
    if periods:
        from reports.proof.presentation import find_misprints  # loads what reads PDF and XLSX

        failing = [
            {"file": f"{period}/{found.file}", "what": str(found)}
            for period in periods
            for found in find_misprints(connection, folder / period, period)
        ]
    judgement = judge_drafts(asset, PRINTED_NUMBERS, _ABOUT_PRINTED, _REMEDY_PRINTED, failing)
    if periods:
        warehouse.verdict.enter(judgement)
    return check_result(warehouse, judgement)


_RELEASES = "released_versions_are_as_released"
_ABOUT_RELEASES = "已发布的通报与发布时一致；every released version is as it was released"
_REMEDY_RELEASES = "从备份恢复该版本；恢复之前，通报不列与它相比的修订，也不能发布下一版"
RELEASES_SPEC = dg.AssetCheckSpec(_RELEASES, asset="publication", blocking=False, description=_ABOUT_RELEASES)


def judge_releases(warehouse: Warehouse, asset: str, home: Path, period: str = "*") -> dg.AssetCheckResult:
    """Judges the released versions of `period`, or of all; not entered into `quality.checks`, as drafts are."""
    failing = [
        {"file": str(version.relative_to(home)), "what": f"{version.parent.name} {version.name}：{altered}"}
        for releases in sorted((home / "releases").glob(period))
        for version in list_versions(releases)
        for altered in list_alterations(version)
    ]
    judgement = judge_drafts(asset, _RELEASES, _ABOUT_RELEASES, _REMEDY_RELEASES, failing, "warning")
    if failing:
        warehouse.verdict.enter(judgement)
    return check_result(warehouse, judgement)


def check_result(warehouse: Warehouse, judgement: Judgement, asset: dg.AssetKey | None = None) -> dg.AssetCheckResult:
    """Dagster's result of a judgement: names, numbers seen, at most 20 failing rows, and what to do, as metadata.

    `asset`: of a dbt test, which judges another asset than `quality.checks` names.
    """
    chinese, _, english = judgement.about.partition("；")
    rows = [dg.TableRecord({"发现": row.text, "文件": row.file, "记录": row.record}) for row in judgement.findings]
    metadata: dict[str, Any] = {
        "名称": chinese,
        "name": english,
        "failing": judgement.count,
        "judged": judgement.judged,
        "seen": _write_range(judgement.lowest, judgement.highest),
        "bounds": _write_range(judgement.least, judgement.most),
        "rows": dg.MetadataValue.table(rows) if rows else None,
        "remedy": judgement.remedy or None,
        **(link_verdict(warehouse) if judgement.count else {}),
        "accepted": dg.MetadataValue.json([found.text for found in judgement.accepted]) if judgement.accepted else None,
    }
    return dg.AssetCheckResult(
        asset_key=asset or dg.AssetKey(judgement.asset.split("/")),
        check_name=judgement.name,
        passed=not judgement.count,
        severity=dg.AssetCheckSeverity.ERROR if judgement.severity == "error" else dg.AssetCheckSeverity.WARN,
        description=_NOTHING if judgement.judged == 0 else say_headline(judgement) if judgement.count else None,
        metadata={key: value for key, value in metadata.items() if value is not None},
    )


def stop_if_failed(warehouse: Warehouse, judgements: Iterable[Judgement]) -> None:
    """Raise dg.Failure if a check that must pass has failed, so that the UI's page of the run says what and why."""
    failed = [judgement for judgement in judgements if judgement.outcome == "failed"]
    if failed:
        words, link = warehouse.words, link_verdict(warehouse)
        lines = [line for judgement in failed for line in say_judgement(judgement, words)]
        lines += [f"{words('ending.accept')}: {say_acceptance(j.name, words)}" for j in failed if j.is_acceptable]
        lines += [words("ending.again"), words("ending.see", link=link["verdict"].value)]
        raise dg.Failure(
            "\n".join(lines),
            metadata={"failed": len(failed), **link},
            allow_retries=False,
        )


def enter_judgements(
    connection: duckdb.DuckDBPyConnection, run_id: str, warehouse: Warehouse, judgements: Sequence[Judgement]
) -> None:
    """Enter judgements into `quality.checks`, which decides about publication, and into the run's verdict."""
    for judgement in judgements:
        found = "; ".join(
            text if row.file in (text := row.text) else f"{row.file}: {text}" for row in judgement.findings
        )
        record_check(
            connection, run_id, judgement.asset, judgement.name, judgement.severity, not judgement.count, found
        )
    warehouse.verdict.enter(*judgements)


def _write_range(lowest: float | None, highest: float | None) -> str | None:
    if lowest is None and highest is None:
        return None
    return f"{'−∞' if lowest is None else f'{lowest:g}'} … {'+∞' if highest is None else f'{highest:g}'}"


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
        every = [(suite.asset, e.name) for suite in suites for e in suite.expectations]
        now = warehouse.fingerprint() if len(selected) == len(every) else None  # a check asked for alone is judged anew
        with warehouse.candidate.connect() as connection:
            standing = warehouse.verdict.repeat(runs_that_judged(connection, now, every))
            if standing is not None:
                yield from (check_result(warehouse, judgement) for judgement in standing)
                return
            try:
                accepted = list_accepted(connection)
                docs = verdict_folder(home.folder) / "data-docs"
                define_masks(connection)
                verdicts = list(judge_suites(connection, great_expectations.helper, suites, selected, accepted, docs))
            except duckdb.CatalogException as error:
                missing = str(error).splitlines()[0]
                raise dg.Failure(f"{missing} Nothing can be judged yet; materialise the models first") from None
            for verdict in verdicts:
                record_findings(connection, context.run.run_id, verdict)
            judgements = [judge_expectation(verdict, accepted) for verdict in verdicts]
            enter_judgements(connection, context.run.run_id, warehouse, judgements)
        yield from (check_result(warehouse, judgement) for judgement in judgements)
        stop_if_failed(warehouse, judgements)

    return plausibility
