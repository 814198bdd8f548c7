"""The ingest stage: exports into `raw`, with the ledger and the reference tables.

How a file becomes rows stands in `ingest`; here it is only called, counted and checked. It hands on `raw/*`,
`quality/files` and `reference`.
"""

import time
from collections.abc import Iterator
from typing import Literal

import dagster as dg

from dagster_project import settings
from dagster_project.assets import exports
from dagster_project.checks import INGEST_CHECKS, LEDGER, judge_ingest
from dagster_project.resources import Build
from dagster_project.warehouse import dbt_engine
from ingest.errors import MappingError
from ingest.mapping.load import load_contracts
from ingest.run import ingest

REFERENCE = dg.AssetKey(["reference"])


class Reading(dg.Config):
    """`again`: read once more what has changed (always), what holds quarantined records too, or all."""

    again: Literal["changed", "quarantined", "all"] = "changed"


def _specs() -> list[dg.AssetSpec]:
    sources = exports.datasets()
    every = sorted({exports.key(source) for found in sources.values() for source in found})
    raw = [
        dg.AssetSpec(
            ["raw", name],
            deps=[exports.key(source) for source in sources.get(name, [])],
            group_name="raw",
            description=f"{contract.title}：{contract.grain}",
            kinds={"duckdb"},
        )
        for name, contract in load_contracts().items()
    ]
    about_ledger = "文件台账：每个导出文件的指纹、行数与结论；the ledger of files"
    about_reference = "辖区的来源、区划、机构与工作日历；what makes this county this county"
    return [
        *raw,
        dg.AssetSpec(LEDGER, deps=every, group_name="raw", description=about_ledger, kinds={"duckdb"}),
        dg.AssetSpec(REFERENCE, group_name="raw", description=about_reference, kinds={"duckdb"}),
    ]


@dg.multi_asset(name="ingest", specs=_specs(), check_specs=INGEST_CHECKS)
def ingest_exports(
    context: dg.AssetExecutionContext, config: Reading, build: Build
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Bring new and changed exports into the private warehouse."""
    started = time.monotonic()
    home = settings.home()
    _ = build.judge  # loads meanwhile
    dbt_engine.parse_ahead()
    with build.transaction.connect() as connection:
        try:
            report = ingest(
                connection,
                settings.jurisdiction(),
                home / "exports",
                home,
                context.run_id,
                lambda done, total, name: context.log.info(f"progress {done / max(total, 1):.0%} {name}"),
                config.again,
            )
        except MappingError as error:
            raise dg.Failure(str(error)) from None
        seconds = round(time.monotonic() - started, 1)
        again = f" ({report.read_again} of them read again)" if report.read_again else ""
        context.log.info(
            f"{report.new_files} new of {report.files} files{again}, {sum(report.rows_read.values())} rows"
        )
        for name in load_contracts():
            standing, quarantined = connection.execute(
                f"""
                select (select count(*) from raw.{name} where _state = 'loaded'),
                    (select coalesce(sum(rows_quarantined), 0) from quality.files where dataset = '{name}')
                """
            ).fetchone()
            yield dg.MaterializeResult(
                asset_key=["raw", name],
                metadata={
                    "dagster/row_count": standing,
                    "rows_read": report.rows_read.get(name, 0),
                    "rows_quarantined": int(quarantined),
                },
            )
        yield dg.MaterializeResult(
            asset_key=LEDGER,
            metadata={
                "files": report.files,
                "new_files": report.new_files,
                "refused": dg.MetadataValue.json(report.refused),
                "unclaimed": dg.MetadataValue.json(report.unclaimed),
                "waiting": dg.MetadataValue.json(report.waiting),
                "seconds": seconds,
            },
        )
        yield dg.MaterializeResult(asset_key=REFERENCE)
        results = list(judge_ingest(connection, context.run_id))
    yield from results
