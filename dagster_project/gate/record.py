"""What the warehouse remembers of checks: findings in words, findings that a person accepted, and earlier results.

It takes the candidate and writes `quality.findings`, `quality.accepted` and `quality.check_history`, which stay in the
published file. The results that decide about publication are in `quality.checks` (`warehouse/may_publish.py`).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from duckdb import DuckDBPyConnection

from dagster_project.gate.plausibility import Verdict
from dagster_project.gate.verdict import RunVerdict
from ingest.sql import Columns, create_table

_KEPT = timedelta(days=366)
_FINDINGS: Columns = {
    "run_id": ("varchar", "运行编号 · run that checked"),
    "asset": ("varchar", "对象 · asset that was checked"),
    "check_name": ("varchar", "检查 · name of the check"),
    "severity": ("varchar", "级别 · error stops publication, warning does not"),
    "finding": ("varchar", "发现 · what is wrong, in a sentence; at most 20 a check"),
    "remedy": ("varchar", "处理 · what to do"),
    "is_accepted": ("boolean", "是否经人确认 · whether a person accepted it"),
}
_ACCEPTED: Columns = {
    "check_name": ("varchar", "检查 · name of the check"),
    "finding": ("varchar", "发现 · the finding that was accepted, word for word"),
    "reason": ("varchar", "理由 · why it is right all the same"),
    "accepted_by": ("varchar", "确认人 · office or person that accepted it"),
    "accepted_at": ("timestamp", "确认时间 · when, UTC"),
}
_HISTORY: Columns = {
    "run_id": ("varchar", "运行编号 · run that checked"),
    "ended_at": ("timestamp", "时间 · when that run ended, UTC"),
    "asset": ("varchar", "对象 · asset that was checked"),
    "check_name": ("varchar", "检查 · name of the check"),
    "severity": ("varchar", "级别 · error stops publication, warning does not"),
    "is_passed": ("boolean", "是否通过 · whether it passed"),
    "finding_count": ("integer", "发现数 · failing rows"),
}


def create_record_tables(connection: DuckDBPyConnection) -> None:
    """Create the three tables, or add columns that an older release's tables lack."""
    connection.execute("create schema if not exists quality")
    create_table(connection, "quality.findings", "检查发现 · one row a failing row of a check of this run", _FINDINGS)
    create_table(connection, "quality.accepted", "人工确认 · one row a finding that a person accepted", _ACCEPTED)
    create_table(connection, "quality.check_history", "历次检查 · one row a check of an earlier run", _HISTORY)


def keep_history(connection: DuckDBPyConnection, verdicts: Iterable[RunVerdict]) -> None:
    """Add the results of runs that the table lacks, published or not; of dbt's tests only those that failed.

    Results are kept for a year, because they are published: no setting of one machine changes them.
    """
    create_record_tables(connection)
    kept = {run for (run,) in connection.execute("select distinct run_id from quality.check_history").fetchall()}
    rows = [
        [
            verdict.run_id,
            _naive(verdict.ended_at or verdict.started_at),
            j.asset,
            j.name,
            j.severity,
            not j.count,
            j.count,
        ]
        for verdict in verdicts
        if verdict.run_id not in kept
        for j in verdict.judgements
        if j.count or j.layer != "structure"
    ]
    if rows:
        connection.executemany("insert into quality.check_history values (?, ?, ?, ?, ?, ?, ?)", rows)
    oldest = _naive(datetime.now(UTC) - _KEPT)
    connection.execute("delete from quality.check_history where ended_at < $1", [oldest])


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def record_findings(connection: DuckDBPyConnection, run_id: str, verdict: Verdict) -> None:
    """Write the findings of `verdict` in place of earlier ones of the same check."""
    expectation = verdict.expectation
    connection.execute(
        "delete from quality.findings where asset = $1 and check_name = $2", [verdict.asset, expectation.name]
    )
    told = [*((text, False) for text in verdict.findings), *((text, True) for text in verdict.accepted)]
    for text, is_accepted in told:
        connection.execute(
            "insert into quality.findings values (?, ?, ?, ?, ?, ?, ?)",
            [run_id, verdict.asset, expectation.name, expectation.severity, text, expectation.remedy, is_accepted],
        )


def list_accepted(connection: DuckDBPyConnection) -> dict[tuple[str, str], tuple[str, str]]:
    """(check, finding) -> reason and person, of everything that a person accepted."""
    accepted = connection.execute("select check_name, finding, reason, accepted_by from quality.accepted").fetchall()
    return {(check, finding): (reason, by) for check, finding, reason, by in accepted}


def list_findings(connection: DuckDBPyConnection, check: str, period: str | None) -> list[str]:
    """The open findings of `check`, or those that name `period` by its key or in words."""
    found = connection.execute(
        """
        select finding from quality.findings
        where check_name = $1 and not is_accepted and (
            $2 is null or contains(finding, $2)
            or contains(finding, (select name from marts.dim_periods where period = $2))
        )
        order by finding
        """,
        [check, period],
    )
    return [finding for (finding,) in found.fetchall()]


def accept_findings(
    connection: DuckDBPyConnection, check: str, findings: Iterable[str], *, reason: str, by: str
) -> None:
    """Record that a person accepts `findings` of `check`; the next judgement lets exactly these pass."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    for finding in findings:
        connection.execute("insert into quality.accepted values (?, ?, ?, ?, ?)", [check, finding, reason, by, now])
