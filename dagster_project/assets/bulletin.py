"""The asset `bulletin`: renders one period from the published warehouse and replaces the draft of that period.

It is partitioned by period and writes `bulletins/<period>/`. The daily job does not include this asset: `publication`
renders the periods that are due and records their partitions. `reports` does the rendering itself.
"""

import base64
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb

from dagster_project.checks import judge_presentation, judge_releases, specify_presentation, specify_releases
from dagster_project.code_version import code_version
from dagster_project.partitions import PERIODS
from dagster_project.resources import POOL, Home, Jurisdiction, Warehouse
from dagster_project.warehouse import due_bulletins
from dagster_project.warehouse.damage import read_published
from dagster_project.warehouse.moves import CutShort, NotPublished, make_moves
from dagster_project.warehouse.publication import empty_staging
from ingest.jurisdiction.settings import load_jurisdiction

BULLETIN = dg.AssetKey("bulletin")


@dg.asset(
    deps=[dg.AssetKey("publication")],
    check_specs=[specify_presentation("bulletin"), specify_releases("bulletin")],
    partitions_def=PERIODS,
    group_name="publication",
    kinds={"html", "altair", "typst"},
    pool=POOL,
)
def bulletin(
    context: dg.AssetExecutionContext, home: Home, jurisdiction: Jurisdiction, warehouse: Warehouse
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
    """通报：由已发布的数据仓库生成一期；one period's bulletin from the published warehouse."""
    from reports.formats.html import index
    from reports.render import MISTAKES

    if not home.published.exists():
        raise dg.Failure("nothing is published yet; run the daily job first")
    period = context.partition_key
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
    except MISTAKES as error:
        raise dg.Failure(str(error)) from None
    yield judged
    yield judge_releases(warehouse, "bulletin", home.folder, period)
    if not judged.passed:
        raise dg.Failure("the draft is as it was: the new one prints numbers that are not its figures")
    edited = due_bulletins.keep_edited(home.folder, period)
    due_bulletins.keep_digest(aside, period, digest)
    index.write(home.folder / "bulletins", aside)
    names = ("index.html", f".digests/{period}", period)
    try:
        warnings = make_moves(home.folder, {f"build/draft/{name}": f"bulletins/{name}" for name in names})
    except (NotPublished, CutShort) as error:
        raise dg.Failure(str(error)) from None
    warehouse.verdict.success = "rendered"
    for warning in [*([edited] if edited else []), *warnings]:
        context.log.warning(warning)
    context.log.info(f"rendered {home.folder / 'bulletins' / period / 'bulletin.html'}")
    yield dg.MaterializeResult(metadata=describe_draft(home.folder / "bulletins" / period, headline))


def render_period(
    connection: duckdb.DuckDBPyConnection, period: str, home: Home, jurisdiction: Jurisdiction, target: Path
) -> dict[str, str]:
    """Render the bulletin of `period` into `target`; returns its headline figures. Raises reports.render.MISTAKES."""
    from reports.release.freeze import find_last_version
    from reports.release.revised import read_revised
    from reports.render import render  # altair takes a second to load: only where it draws

    last = read_revised(find_last_version(home.folder / "releases" / period))
    return render(connection, period, jurisdiction.folder, target, code_version(), last)


def describe_draft(folder: Path, headline: dict[str, str]) -> dict[str, dg.MetadataValue]:
    """Metadata of a rendered bulletin: its files, headline figures and charts."""
    pictures = {
        f"chart_{path.stem}": dg.MetadataValue.md(_image(path)) for path in sorted((folder / "charts").glob("*.svg"))
    }
    return {
        "bulletin": dg.MetadataValue.path(folder / "bulletin.html"),
        **{kind: dg.MetadataValue.path(folder / f"bulletin.{kind}") for kind in ("pdf", "docx", "xlsx")},
        "headline": dg.MetadataValue.json(headline),
        **pictures,
    }


def _image(path: Path) -> str:
    return f"![](data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode()})"
