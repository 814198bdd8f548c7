"""Asset checks that are not dbt tests: of the ledger, and of the plausibility of facts and figures.

This module turns the results of `gate/` into Dagster's check results. The ingest assets run the checks of the ledger;
`plausibility` is an asset check of its own. The module also records every result in `quality.checks` of the candidate,
which `warehouse/may_publish.py` reads before publication.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb

from dagster_project.gate.ingest_checks import CHECKS
from dagster_project.gate.plausibility import SUITES, judge_suites
from dagster_project.resources import POOL, GreatExpectations, Warehouse
from dagster_project.warehouse.may_publish import INGEST_ASSET, record_check

LEDGER = dg.AssetKey(INGEST_ASSET.split("/"))
_SHOWN = 20

INGEST_CHECKS = [
    dg.AssetCheckSpec(check.name, asset=LEDGER, blocking=check.is_blocking, description=check.about) for check in CHECKS
]


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


@dg.multi_asset_check(
    name="plausibility",
    specs=[
        dg.AssetCheckSpec(s.name, asset=dg.AssetKey(s.asset), blocking=s.severity == "error", description=s.about)
        for s in SUITES
    ],
    can_subset=True,
    pool=POOL,
)
def plausibility(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse, great_expectations: GreatExpectations
) -> Iterator[dg.AssetCheckResult]:
    """The great-expectations suites, as checks of the assets that they judge."""
    selected = {key.name for key in context.selected_asset_check_keys}
    with warehouse.candidate.connect() as connection:
        try:
            judged = list(
                judge_suites(connection, great_expectations.helper, [s for s in SUITES if s.name in selected])
            )
        except duckdb.CatalogException as error:
            missing = str(error).splitlines()[0]
            raise dg.Failure(f"{missing} Nothing can be judged yet; materialise the models first") from None
        results = [
            enter_check(connection, context.run.run_id, dg.AssetKey(s.asset), s.name, s.severity, failing)
            for s, failing in judged
        ]
    yield from results
