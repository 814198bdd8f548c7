"""The asset `bulletin` and its job: one period is rendered from the published warehouse and replaces its draft.

The asset is partitioned by period and external: were it materialised itself, "Materialize all" and every selection
downstream of a model would ask for a period. `publication` renders the periods that are due, the job
`bulletin_of_period` one that somebody asks for; both record the partition. `reports` does the rendering itself.
"""

import time
from pathlib import Path

import dagster as dg
import duckdb

from dagster_project.catalogue.groups import Group
from dagster_project.catalogue.links import link_file, refer_to_code, show_picture
from dagster_project.checks import judge_presentation, judge_releases, link_verdict
from dagster_project.code_version import code_version
from dagster_project.partitions import PERIODS
from dagster_project.resources import POOL, Home, Jurisdiction, Warehouse
from dagster_project.warehouse import due_bulletins
from dagster_project.warehouse.damage import read_published
from dagster_project.warehouse.moves import CutShort, NotPublished, make_moves
from dagster_project.warehouse.publication import empty_staging
from ingest.jurisdiction.settings import load_jurisdiction
from reports.words.locale import words

BULLETIN = dg.AssetKey("bulletin")


BULLETIN_SPEC = dg.AssetSpec(
    BULLETIN,
    deps=[dg.AssetKey("publication")],
    partitions_def=PERIODS,
    group_name=Group.PUBLICATION,
    kinds={"report", "pdf", "excel"},
    description=(
        "通报：每期一份，由已发布的数据仓库生成；one bulletin a period. `publication` renders those that are due; "
        "the job `bulletin_of_period` renders any other again, and its page backfills periods."
    ),
    metadata=refer_to_code(Path(__file__)),
)


@dg.op(name="bulletin", pool=POOL, out=dg.Out(dg.Nothing))
def render_bulletin(
    context: dg.OpExecutionContext, home: Home, jurisdiction: Jurisdiction, warehouse: Warehouse
) -> None:
    """通报：由已发布的数据仓库生成一期；one period's bulletin from the published warehouse."""
    from reports.render import MISTAKES

    if not home.published.exists():
        raise dg.Failure("nothing is published yet; run the daily job first")
    started, period = time.monotonic(), context.partition_key
    aside = empty_staging(home.folder, "draft")
    kind = load_jurisdiction(jurisdiction.folder).bulletin.default_kind
    try:
        with read_published(home.published) as connection:
            headline = render_period(connection, period, home, jurisdiction, aside / period)
            is_usual = due_bulletins.is_usual(connection, period, kind)
            digest = due_bulletins.draft_digest(
                connection, period, home.folder, jurisdiction.folder, with_ledger=is_usual
            )
            judged = judge_presentation(connection, warehouse, "bulletin", aside, [period])
            render_explorer(connection, home, jurisdiction, aside)
        judge_releases(warehouse, "bulletin", home.folder, period)
    except MISTAKES as error:
        raise dg.Failure(str(error)) from None
    if not judged.passed:
        raise dg.Failure(
            "the draft is as it was: the new one prints numbers that are not its figures",
            metadata=link_verdict(warehouse),
        )
    edited = due_bulletins.keep_edited(home.folder, period)
    due_bulletins.keep_digest(aside, period, digest)
    render_index(home, aside)
    pages = [name for name in (due_bulletins.EXPLORER, due_bulletins.INDEX) if (aside / name).exists()]
    names = [each for name in (*pages, period) for each in (f".digests/{name}", name)]
    try:
        warnings = make_moves(home.folder, {f"build/draft/{name}": f"bulletins/{name}" for name in names})
    except (NotPublished, CutShort) as error:
        raise dg.Failure(str(error)) from None
    warehouse.verdict.success = "rendered"
    for warning in [*([edited] if edited else []), *warnings]:
        context.log.warning(warning)
    context.log.info(words("run.rendered", path=home.folder / "bulletins" / period / "bulletin.html"))
    record_draft(context, home.folder, period, headline, time.monotonic() - started)


@dg.job(
    name="bulletin_of_period",
    partitions_def=PERIODS,
    executor_def=dg.in_process_executor,
    description="由已发布的数据仓库重新生成一期通报；one bulletin again, from the published warehouse",
)
def bulletin_job() -> None:
    render_bulletin()


def render_period(
    connection: duckdb.DuckDBPyConnection, period: str, home: Home, jurisdiction: Jurisdiction, target: Path
) -> dict[str, str]:
    """Render the bulletin of `period` into `target`; returns its headline figures. Raises reports.render.MISTAKES."""
    from reports.release.freeze import find_last_version
    from reports.release.revised import read_revised
    from reports.render import render  # altair takes a second to load: only where it draws

    last = read_revised(find_last_version(home.folder / "releases" / period))
    return render(connection, period, jurisdiction.folder, target, code_version(), last)


def render_explorer(connection: duckdb.DuckDBPyConnection, home: Home, jurisdiction: Jurisdiction, aside: Path) -> None:
    """Write the explorer into `aside`, unless the published one is made of the same. Raises dg.Failure."""
    digest = due_bulletins.due_explorer(connection, home.folder, jurisdiction.folder)
    if not digest:
        return
    from reports.formats.html import explorer  # loads pandas: a second, in a run that may need nothing of it

    try:
        if page := explorer.write(connection, jurisdiction.folder, aside):
            due_bulletins.keep_digest(aside, page.name, digest)
    except explorer.MISTAKES as error:
        raise dg.Failure(str(error)) from None


def render_index(home: Home, aside: Path) -> None:
    """Write the list of all bulletins into `aside`, unless the published one says the same."""
    digest = due_bulletins.due_index(home.folder, aside)
    if not digest:
        return
    from reports.formats.html import index

    due_bulletins.keep_digest(aside, index.write(home.folder / "bulletins", aside).name, digest)


def record_draft(
    context: dg.OpExecutionContext, home: Path, period: str, headline: dict[str, str], seconds: float
) -> None:
    """Record that the draft of `period` was rendered, with links to its files, its headline figures and its charts."""
    folder = home / "bulletins" / period
    files = {kind: folder / f"bulletin.{kind}" for kind in ("html", "pdf", "docx", "xlsx")}
    charts = sorted((folder / "charts").glob("*.svg"))
    metadata = {
        **{name: link_file(home, path) for name, path in files.items()},
        "folder": dg.MetadataValue.path(folder),
        "headline": dg.MetadataValue.json(headline),
        **{f"chart_{path.stem}": show_picture(home, path) for path in charts},
        "bytes": sum(path.stat().st_size for path in files.values()),
        "seconds": round(seconds, 1),
    }
    context.log_event(dg.AssetMaterialization(asset_key=BULLETIN, partition=period, metadata=metadata))
