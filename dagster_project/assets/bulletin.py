"""The last stage: render the bulletin aside, then publish the warehouse and the bulletin together.

How a bulletin is rendered stands in `reports`; how files are swapped in `transaction.py`. It hands on
`bulletins/<period>/` and the published warehouse.
"""

import subprocess
from importlib.metadata import version

import dagster as dg
from dagster import MetadataValue

from dagster_project import settings
from dagster_project.partitions import PERIODS, latest_complete
from dagster_project.resources import Build

READ_BY_BULLETIN = ["figures", "figure_definitions", "dim_periods", "fct_cases", "fct_overdue_items", "fct_evaluations",
          "fct_certificates", "fct_extended_service", "figure_proofs", "worklist",
          "fct_county_indicators", "dim_date", "dim_organisations"]  # fmt: skip


@dg.asset(
    deps=[*map(dg.AssetKey, READ_BY_BULLETIN), dg.AssetKey("worklists"), dg.AssetKey(["quality", "files"])],
    partitions_def=PERIODS,
    group_name="publication",
    kinds={"html", "altair", "typst"},
)
def bulletin(context: dg.AssetExecutionContext, build: Build) -> dg.MaterializeResult:
    """通报：渲染后与数据仓库一同发布；rendered aside and published together with the warehouse."""
    from reports.figures.revised import read_revised
    from reports.formats.html import index
    from reports.release.freeze import find_last_version
    from reports.render import render  # altair takes a second to load: only where it draws

    # a job launched without a period renders what the schedule would
    period = context.partition_key if context.has_partition_key else latest_complete()
    transaction = build.transaction
    with transaction.connect() as connection:
        headline = render(
            connection, period, settings.jurisdiction(), transaction.staged(period), code_version(),
            read_revised(find_last_version(settings.home() / "releases" / period)),
        )  # fmt: skip
    previews = {
        f"chart_{path.stem}": MetadataValue.md(_image(path.read_text(encoding="utf-8")))
        for path in sorted((transaction.staged(period) / "charts").glob("*.svg"))
    }
    transaction.commit()
    index.write(settings.home() / "bulletins")
    published = settings.home() / "bulletins" / period
    context.log.info(f"published {published / 'bulletin.html'}")
    return dg.MaterializeResult(
        metadata={
            "bulletin": MetadataValue.path(published / "bulletin.html"),
            **{kind: MetadataValue.path(published / f"bulletin.{kind}") for kind in ("pdf", "docx", "xlsx")},
            "warehouse": MetadataValue.path(transaction.published),
            "headline": MetadataValue.json(headline),
            **previews,
        }
    )


def code_version() -> str:
    """The project's version, with the commit where it runs from a git checkout."""
    found = subprocess.run(
        ["git", "-C", str(settings.PROJECT), "rev-parse", "--short=12", "HEAD"],
        capture_output=True,
        text=True,
    )
    return f"{version('tongbao')}+{found.stdout.strip()}" if found.returncode == 0 else version("tongbao")


def _image(svg: str) -> str:
    import base64

    return f"![](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"
