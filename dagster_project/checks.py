"""The gate's checks that are not dbt tests: files, rows, and the plausibility of facts and figures.

What dbt tests stands beside the models; what is plausible stands in `plausibility.py`. It hands on asset
checks, of which an error stops publication.
"""

from collections.abc import Iterator

import dagster as dg
from duckdb import DuckDBPyConnection

from dagster_project.resources import Build

LEDGER = dg.AssetKey(["quality", "files"])
_SHOWN = 20

# name -> (blocking, what it asserts, SQL of the failing rows)
_INGEST = {
    "files_are_taken": (True, "没有文件被拒收；no export was refused", """
        select path, reason from quality.files
        where verdict = 'refused' and source not in (select unnest($optional)) order by path"""),
    "rows_are_conserved": (True, "读取 = 入库 + 取代 + 重复 + 隔离；rows are conserved, file by file", """
        select path, rows_read, rows_loaded, rows_superseded, rows_duplicate, rows_quarantined from quality.files
        where rows_read <> rows_loaded + rows_superseded + rows_duplicate + rows_quarantined order by path"""),
    "drift_is_tolerated": (True, "来源变化在合同允许之内；no departure that a contract refuses", """
        select drift.path, concat_ws(' ', drift.kind, drift.column_name, drift.found) as what
        from quality.drift as drift inner join quality.files as files on drift.path = files.path
        where drift.verdict = 'refuse' and files.verdict = 'loaded'
            and drift.source not in (select unnest($optional)) order by all"""),
    "exports_have_not_drifted": (False, "列、代码与行数同以往一致；columns, codes and volumes are as usual", """
        select path, concat_ws(' ', kind, column_name, found) as what, files from quality.drift
        where verdict = 'warn' order by kind <> 'volume', path, what"""),
    "files_are_read_with_their_mapping": (False, "文件均按现行映射读取；no file's mapping changed after it left", """
        select path, reason from quality.files where verdict = 'loaded' and reason is not null order by path"""),
    "files_are_claimed": (False, "每个文件都有来源认领；every file is claimed by one source", """
        select path, reason from quality.files where verdict = 'unclaimed' order by path"""),
    "nothing_is_quarantined": (False, "没有行被隔离；no record was set aside", """
        select path, rows_quarantined from quality.files
        where verdict = 'loaded' and rows_quarantined > 0 order by path"""),
}  # fmt: skip
INGEST_CHECKS = [
    dg.AssetCheckSpec(name, asset=LEDGER, blocking=blocking, description=about)
    for name, (blocking, about, _) in _INGEST.items()
]


def judge_ingest(connection: DuckDBPyConnection, run_id: str) -> Iterator[dg.AssetCheckResult]:
    """Results of the ingest checks on the private warehouse; also entered in `quality.checks`, anew."""
    from dagster_project import settings
    from ingest.mapping.load import load_sources

    optional = [source.source for source in load_sources(settings.jurisdiction()) if source.is_optional]
    connection.execute("delete from quality.checks")
    for name, (blocking, _, query) in _INGEST.items():
        parameters = {"optional": optional} if "$optional" in query else {}
        found = connection.execute(query, parameters)
        columns = [column[0] for column in found.description]
        rows = [dict(zip(columns, map(str, row), strict=True)) for row in found.fetchall()]
        severity = "error" if blocking else "warning"
        said = "; ".join(": ".join([*row.values()][:2]) for row in rows[:_SHOWN])
        enter(connection, run_id, LEDGER, name, severity, not rows, said)
        yield result(LEDGER, name, severity, rows)


def result(asset: dg.AssetKey, name: str, severity: str, failing: list[dict]) -> dg.AssetCheckResult:
    """A Dagster check result with at most 20 failing rows as metadata."""
    metadata: dict[str, dg.MetadataValue | str | int] = {"failing": len(failing)}
    if failing:
        records = [dg.TableRecord({k: str(v) for k, v in row.items()}) for row in failing[:_SHOWN]]
        metadata["rows"] = dg.MetadataValue.table(records)
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=not failing,
        severity=dg.AssetCheckSeverity.ERROR if severity == "error" else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def enter(
    connection: DuckDBPyConnection,
    run_id: str,
    asset: dg.AssetKey,
    name: str,
    severity: str,
    passed: bool,
    found: str,
) -> None:
    """Write one result into `quality.checks`."""
    connection.execute(
        "insert into quality.checks values ($1, $2, $3, $4, $5, $6)",
        [run_id, "/".join(asset.path), name, severity, passed, found],
    )


def plausibility_checks() -> dg.AssetChecksDefinition:
    """The great-expectations suites as checks of the assets that they judge."""
    from dagster_project.gate.plausibility import SUITES

    specs = [
        dg.AssetCheckSpec(s.name, asset=dg.AssetKey(s.asset), blocking=s.severity == "error", description=s.about)
        for s in SUITES
    ]

    @dg.multi_asset_check(name="plausibility", specs=specs)
    def plausibility(context: dg.AssetCheckExecutionContext, build: Build) -> Iterator[dg.AssetCheckResult]:
        from dagster_project.gate.plausibility import judge

        with build.transaction.connect() as connection:
            for suite, failing in judge(connection, build.judge):
                key = dg.AssetKey(suite.asset)
                said = "; ".join(" ".join(map(str, row.values())) for row in failing[:_SHOWN])
                enter(connection, context.run.run_id, key, suite.name, suite.severity, not failing, said)
                yield result(key, suite.name, suite.severity, failing)

    return plausibility
