"""How Dagster shows whether a source is late: a freshness policy on its exports, and the check `arrives_in_time`.

Dagster's policies know no holidays, so the rhythm is judged by `gate/lateness.py`: a run that finds a source in time
records it as a materialisation of its exports, and the policy asks for such a record every 30 hours. It fails when a
source is late, and when no run has looked. The check gives both days; it warns and never stops publication.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import dagster as dg
from duckdb import DuckDBPyConnection

from dagster_project.gate.lateness import Lateness, find_today, judge_sources
from dagster_project.resources import POOL, Jurisdiction, Warehouse
from dagster_project.warehouse.may_publish import INGEST_ASSET
from ingest.jurisdiction.settings import load_jurisdiction
from ingest.mapping.contract import Source

POLICY = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=30))  # a day, and time for a run and for retries
# The version that Dagster gives to exports of which it has no record: what was read of them isn't shown as outdated.
_UNVERSIONED = {"dagster/data_version": "INITIAL"}


def export_key(source: Source) -> dg.AssetKey:
    """The asset key of a source's exports."""
    return dg.AssetKey(["exports", source.source])


def judge_arrivals(connection: DuckDBPyConnection, jurisdiction: Jurisdiction) -> list[Lateness]:
    """The lateness today of each source that declares a rhythm, by the ledger of the candidate."""
    county = load_jurisdiction(jurisdiction.folder)
    return [*judge_sources(connection, jurisdiction.sources(), find_today(county.timezone), county.weekend)]


def record_arrivals(context: dg.AssetExecutionContext, arrivals: Sequence[Lateness]) -> None:
    """Record the exports of each source that is in time."""
    for state in arrivals:
        if not state.is_late:
            context.log_event(
                dg.AssetMaterialization(
                    asset_key=export_key(state.source), metadata=_describe(state), tags=_UNVERSIONED
                )
            )


def build_arrivals(sources: Sequence[Source]) -> list[dg.AssetChecksDefinition]:
    """The check `arrives_in_time` of each source that declares a rhythm; none if no source does."""
    rhythmic = {export_key(source): source for source in sources if source.arrives}
    if not rhythmic:
        return []

    @dg.multi_asset_check(
        name="arrivals",
        specs=[
            dg.AssetCheckSpec(
                "arrives_in_time",
                asset=key,
                additional_deps=[dg.AssetKey(INGEST_ASSET.split("/"))],
                description=f"导出文件按时到达；exports arrive in time: {source.arrives}",
            )
            for key, source in rhythmic.items()
        ],
        can_subset=True,
        pool=POOL,
    )
    def arrivals(
        context: dg.AssetCheckExecutionContext, jurisdiction: Jurisdiction, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult]:
        """到达时间：各来源的导出文件是否按其规律到达；whether each source's exports are there by its rhythm."""
        with warehouse.candidate.connect() as connection:
            judged = {export_key(state.source): state for state in judge_arrivals(connection, jurisdiction)}
        for key in context.selected_asset_check_keys:
            state = judged[key.asset_key]
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=not state.is_late,
                severity=dg.AssetCheckSeverity.WARN,
                metadata=_describe(state),
            )

    return [arrivals]


def _describe(state: Lateness) -> dict[str, str]:
    return {
        "rhythm": str(state.source.arrives),
        "covers_until": str(state.covers_until or "nothing is loaded"),
        "expected_until": str(state.expected_until),
    }
