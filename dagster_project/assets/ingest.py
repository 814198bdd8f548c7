"""The ingest stage: exports into `raw/*`, with the ledger `quality/files` and the tables of `reference`.

This module calls `ingest.run`, counts the rows and runs the checks of the ledger. It reads only files of the selected
datasets. When all files are read, it replaces the candidate by a copy with the new rows, so a killed run changes
nothing. `ingest` itself decides how a file becomes rows.
"""

import time
from collections.abc import Iterator
from typing import Literal

import dagster as dg
import duckdb

from dagster_project.assets.exports import sources_by_dataset
from dagster_project.catalogue.columns import contract_schema
from dagster_project.catalogue.groups import Group
from dagster_project.catalogue.links import refer_to_code, refer_to_function
from dagster_project.checks import INGEST_CHECKS, LEDGER, check_result, enter_judgements, stop_if_failed
from dagster_project.code_version import VERSION
from dagster_project.disk import why_no_space
from dagster_project.freshness import export_key, judge_arrivals, record_arrivals
from dagster_project.gate.ingest_checks import judge_ledger
from dagster_project.gate.judgements import judge_file_check
from dagster_project.gate.record import keep_history
from dagster_project.gate.verdict import Judgement
from dagster_project.resources import POOL, Dbt, GreatExpectations, Home, Jurisdiction, Warehouse
from dagster_project.warehouse.backup import check_key
from dagster_project.warehouse.damage import DISCARD, check_ledger
from dagster_project.warehouse.data_versions import read_data_versions
from dagster_project.warehouse.may_publish import begin_ingest, finish_ingest
from ingest.errors import MappingError
from ingest.mapping.contract import Source
from ingest.mapping.load import CONTRACTS, load_contracts
from ingest.run import Report, ingest
from reports.words.locale import words

REFERENCE = dg.AssetKey(["reference"])


class Reading(dg.Config):
    """`again`: which files are read again. Changed ones always; those with quarantined records too; or all."""

    again: Literal["changed", "quarantined", "all"] = "changed"


def build_ingest(sources: list[Source]) -> dg.AssetsDefinition:
    """The multi-asset that reads the exports of `sources`."""

    @dg.multi_asset(name="ingest", specs=_specs(sources), check_specs=INGEST_CHECKS, can_subset=True, pool=POOL)
    def ingest_exports(
        context: dg.AssetExecutionContext,
        config: Reading,
        home: Home,
        jurisdiction: Jurisdiction,
        warehouse: Warehouse,
        dbt: Dbt,
        great_expectations: GreatExpectations,
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        """Bring new and changed exports into the candidate."""
        started = time.monotonic()
        if why := why_no_space(home.folder):
            raise dg.Failure(why)

        def tell_progress(done: int, total: int, name: str) -> None:
            if context.job_name == "daily":  # dbt and great-expectations load while files are read
                dbt.project.load_ahead()
                _ = great_expectations.helper
            context.log.info(f"progress {done / max(total, 1):.0%} {name}")

        selected = context.selected_asset_keys
        try:
            check_key(home.folder)
            jurisdiction.own_figures()  # a mistake in figures.yaml is told before files are read
            unpublished = warehouse.candidate.unpublished_files()
            with warehouse.candidate.replacement() as connection:
                check_ledger(connection, warehouse.candidate.path, DISCARD)
                keep_history(connection, warehouse.verdict.earlier)
                begin_ingest(connection)
                report = ingest(
                    connection,
                    jurisdiction.folder,
                    home.exports,
                    home.folder,
                    context.run.run_id,
                    tell_progress,
                    config.again,
                    frozenset(name for name in load_contracts() if dg.AssetKey(["raw", name]) in selected),
                    unpublished,
                )
                judgements = _judge_ledger(connection, context, jurisdiction, warehouse)
                counts = {name: _count(connection, name) for name in load_contracts()}
                versions = read_data_versions(connection)
                arrivals = [] if context.is_subset else judge_arrivals(connection, jurisdiction)
                finish_ingest(connection)
        except MappingError as error:
            raise dg.Failure(str(error)) from None
        standing = sum(rows for rows, *_ in counts.values())
        if standing and not any(home.exports.glob("*")):
            context.log.warning(words("run.empty_exports", folder=home.exports, rows=standing))
        key = "run.files_again" if report.read_again else "run.files"
        counts_read = {"new": report.new_files, "files": report.files, "again": report.read_again}
        context.log.info(words(key, **counts_read, rows=sum(report.rows_read.values())))
        record_arrivals(context, arrivals)
        for result in _results(report, counts, versions, round(time.monotonic() - started, 1)):
            if result.asset_key in selected:
                yield result
        asked = {key.name for key in context.selected_asset_check_keys}
        judgements = [judgement for judgement in judgements if judgement.name in asked]
        yield from (check_result(warehouse, judgement) for judgement in judgements)
        stop_if_failed(warehouse, judgements)

    return ingest_exports


def _specs(sources: list[Source]) -> list[dg.AssetSpec]:
    exporters = sources_by_dataset(sources)
    raw = [
        dg.AssetSpec(
            ["raw", name],
            deps=[export_key(source) for source in exporters.get(name, [])],
            group_name=Group.RAW,
            description=f"{contract.title}：{contract.grain}",
            kinds={"duckdb", "table"},
            tags={"delivery": "continuous" if contract.is_continuous else "occasional"},
            metadata={
                "dagster/table_name": f"raw.{name}",
                "dagster/column_schema": contract_schema(contract),
                **refer_to_code(CONTRACTS / f"{name}.yaml"),
            },
            code_version=VERSION,
            skippable=True,
        )
        for name, contract in load_contracts().items()
    ]
    about_ledger = "文件台账：每个导出文件的指纹、行数与结论；the ledger of files"
    about_reference = "辖区的来源、区划、机构与工作日历；what makes this county this county"
    every = [export_key(source) for source in sources]
    shared = {"group_name": Group.RAW, "kinds": {"duckdb", "table"}, "code_version": VERSION, "skippable": True}
    return [
        *raw,
        dg.AssetSpec(LEDGER, deps=every, description=about_ledger, metadata=refer_to_function(ingest), **shared),
        dg.AssetSpec(REFERENCE, description=about_reference, metadata=refer_to_function(ingest), **shared),
    ]


def _judge_ledger(
    connection: duckdb.DuckDBPyConnection,
    context: dg.AssetExecutionContext,
    jurisdiction: Jurisdiction,
    warehouse: Warehouse,
) -> list[Judgement]:
    optional = [source.source for source in jurisdiction.sources() if source.is_optional]
    judgements = [judge_file_check(check, failing) for check, failing in judge_ledger(connection, optional)]
    enter_judgements(connection, context.run.run_id, warehouse, judgements)
    return judgements


def _count(connection: duckdb.DuckDBPyConnection, dataset: str) -> tuple[int, int, int]:
    """Current rows of `raw.<dataset>`; quarantined records and bytes of its files."""
    return connection.execute(
        f"select (select count(*) from raw.{dataset} where _state = 'loaded'), "
        "cast(coalesce(sum(rows_quarantined), 0) as bigint), cast(coalesce(sum(size_bytes), 0) as bigint) "
        "from quality.files where dataset = $1 and verdict <> 'replaced'",
        [dataset],
    ).fetchone()


def _results(
    report: Report, counts: dict[str, tuple[int, int, int]], versions: dict[str, str], seconds: float
) -> Iterator[dg.MaterializeResult]:
    for name, (standing, quarantined, size) in counts.items():
        yield dg.MaterializeResult(
            asset_key=["raw", name],
            metadata={
                "dagster/row_count": standing,
                "rows_read": report.rows_read.get(name, 0),
                "rows_quarantined": quarantined,
                "bytes": size,
            },
            data_version=_version(versions, f"raw/{name}"),
        )
    yield dg.MaterializeResult(
        asset_key=LEDGER,
        metadata={
            "files": report.files,
            "new_files": report.new_files,
            "refused": dg.MetadataValue.json(report.refused),
            "unclaimed": dg.MetadataValue.json(report.unclaimed),
            "waiting": dg.MetadataValue.json(report.waiting),
            "rows_quarantined": sum(quarantined for _, quarantined, _ in counts.values()),
            "bytes": sum(size for _, _, size in counts.values()),
            "seconds": seconds,
        },
        data_version=_version(versions, "quality/files"),
    )
    yield dg.MaterializeResult(asset_key=REFERENCE, data_version=_version(versions, "reference"))


def _version(versions: dict[str, str], asset: str) -> dg.DataVersion:
    return dg.DataVersion(versions.get(asset, "no files"))
