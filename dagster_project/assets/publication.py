"""Publication, the last asset of the daily job: renders the bulletins that are due and publishes the candidate.

`warehouse/may_publish.py` decides whether the candidate may be published, `warehouse/due_bulletins.py` which bulletins
are due, and `warehouse/publication.py` moves the files. If anything fails, the published files stay as they were and
the candidate stays for inspection. For each rendered period the asset records a materialisation of `bulletin`.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
from duckdb import DuckDBPyConnection
from pydantic import Field

from dagster_project.assets.bulletin import record_draft, render_explorer, render_index, render_period
from dagster_project.catalogue.groups import Group
from dagster_project.catalogue.links import link_file, refer_to_code
from dagster_project.checks import (
    INGEST_CHECKS,
    LEDGER,
    RELEASES_SPEC,
    judge_presentation,
    judge_releases,
    link_verdict,
    specify_presentation,
)
from dagster_project.code_version import VERSION
from dagster_project.gate.suite import Suite
from dagster_project.partitions import PERIODS
from dagster_project.resources import POOL, Dbt, Home, Jurisdiction, Warehouse
from dagster_project.warehouse import due_bulletins
from dagster_project.warehouse.build_plan import blocking_tests, published_parents
from dagster_project.warehouse.dbt_project import DbtProject
from dagster_project.warehouse.may_publish import INGEST_ASSET, why_unpublishable
from dagster_project.warehouse.moves import CutShort, NotPublished
from dagster_project.warehouse.publication import empty_staging, publish, staging_folder
from ingest.jurisdiction.settings import load_jurisdiction
from reports.words.locale import words


class Rendering(dg.Config):
    """`periods`: rendered besides those that are due, e.g. ["2022-06"]."""

    periods: list[str] = Field(default_factory=list)


def build_publication(project: DbtProject, suites: Sequence[Suite]) -> dg.AssetsDefinition:
    """The asset `publication`, which depends on the models of `project` that a bulletin or worklist reads.

    `suites`: the checks of plausibility, of which those with severity error must have passed.
    """

    @dg.asset(
        deps=[*map(dg.AssetKey, sorted(published_parents(project.manifest))), dg.AssetKey("worklists"), LEDGER],
        check_specs=[specify_presentation("publication"), RELEASES_SPEC],
        group_name=Group.PUBLICATION,
        kinds={"duckdb", "report"},
        code_version=VERSION,
        metadata=refer_to_code(Path(__file__)),
        pool=POOL,
    )
    def publication(
        context: dg.AssetExecutionContext,
        config: Rendering,
        home: Home,
        jurisdiction: Jurisdiction,
        warehouse: Warehouse,
        dbt: Dbt,
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
        """发布：数据仓库、通报与督办清单一同更新；warehouse, bulletins and worklists are swapped together."""
        started = time.monotonic()
        candidate, now = warehouse.candidate, warehouse.fingerprint()
        aside, worklists = empty_staging(home.folder, "bulletins"), staging_folder(home.folder, "worklists")
        kind = load_jurisdiction(jurisdiction.folder).bulletin.default_kind
        with candidate.connect() as connection:
            why_not = why_unpublishable(connection, now, _blocking(dbt.project, suites), worklists)
            if why_not:
                raise dg.Failure(f"nothing was published: {why_not}", metadata=link_verdict(warehouse))
            due = due_bulletins.due_digests(connection, home.folder, jurisdiction.folder, kind)
            for period in config.periods:
                with_ledger = due_bulletins.is_usual(connection, period, kind)
                due[period] = due_bulletins.draft_digest(
                    connection, period, home.folder, jurisdiction.folder, with_ledger=with_ledger
                )
            drafts = _render_due(connection, [*due], home, jurisdiction, aside) if due else {}
            judged = judge_presentation(connection, warehouse, "publication", aside, due)
            periods = due_bulletins.periods_with_figures(connection)
            render_explorer(connection, home, jurisdiction, aside)
        yield judged
        yield judge_releases(warehouse, "publication", home.folder)
        if not judged.passed:
            why_not = "a draft prints numbers that are not its figures"
            raise dg.Failure(f"nothing was published: {why_not}", metadata=link_verdict(warehouse))
        edited = [said for period in due if (said := due_bulletins.keep_edited(home.folder, period))]
        for period, digest in due.items():
            due_bulletins.keep_digest(aside, period, digest)
        render_index(home, aside)
        try:
            warnings = publish(candidate)
        except NotPublished as error:
            raise dg.Failure(f"nothing was published: {error}") from None
        except CutShort as error:
            raise dg.Failure(str(error)) from None
        warehouse.verdict.success = "published"
        for warning in [*edited, *warnings]:
            context.log.warning(warning)
        # a run that is killed here leaves partitions and their records to the next one, which adds all that are missing
        context.instance.add_dynamic_partitions(PERIODS.name, periods)
        for period, (headline, seconds) in drafts.items():
            context.log.info(words("run.published", path=home.folder / "bulletins" / period / "bulletin.html"))
            record_draft(context.op_execution_context, home.folder, period, headline, seconds)
        yield dg.MaterializeResult(
            metadata={
                "warehouse": dg.MetadataValue.path(home.published),
                **link_verdict(warehouse),
                "bulletins": link_file(home.folder, home.folder / "bulletins" / "index.html"),
                "rendered": dg.MetadataValue.json([*drafts]),
                "bytes": home.published.stat().st_size,
                "seconds": round(time.monotonic() - started, 1),
            }
        )

    return publication


def _render_due(
    connection: DuckDBPyConnection, periods: list[str], home: Home, jurisdiction: Jurisdiction, aside: Path
) -> dict[str, tuple[dict[str, str], float]]:
    """Render each period into `aside`; returns period -> headline figures, and the seconds that it took."""
    from reports.render import MISTAKES  # loads the libraries that draw: half a second if nothing is due

    drafts = {}
    for period in periods:
        started = time.monotonic()
        try:
            headline = render_period(connection, period, home, jurisdiction, aside / period)
        except MISTAKES as error:
            raise dg.Failure(str(error)) from None
        drafts[period] = (headline, time.monotonic() - started)
    return drafts


def _blocking(project: DbtProject, suites: Sequence[Suite]) -> list[tuple[str, str]]:
    """(asset, name) of every check that must have passed, as `quality.checks` names them."""
    return [
        *((INGEST_ASSET, check.name) for check in INGEST_CHECKS if check.blocking),
        *((f"dbt/{name}", name) for name in blocking_tests(project.manifest)),
        *((suite.asset, e.name) for suite in suites for e in suite.expectations if e.severity == "error"),
    ]
