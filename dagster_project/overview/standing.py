"""What is published in a home, how fresh it is, what the last run found and what waits.

`look_at` takes a home and returns a `Standing`, whose fields `tongbao status` prints, or writes as JSON. It reads the
published warehouse, the verdict of the last run, what was accepted into the candidate since, and the names of folders,
and imports neither Dagster nor dbt.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from dagster_project.alerts.tell import describe
from dagster_project.disk import needed_bytes
from dagster_project.gate.spoken import SHOWN, say_row
from dagster_project.gate.verdict import Judgement, RunVerdict, page_path, read_verdicts
from dagster_project.warehouse.damage import read_published
from reports.words.locale import load_locale

_SOURCES = """
    select source, string_agg(distinct dataset, ', ' order by dataset), count(distinct path), sum(rows_loaded),
        sum(rows_quarantined), cast(min(reached) as varchar)
    from (
        select *, max(covers_until) over (partition by source, dataset) as reached
        from quality.files where verdict = 'loaded'
    ) group by source order by source
"""
_CHECKS = "select severity, asset, check_name, found from quality.checks where not is_passed order by all"
_ACCEPTED = "select count(*) from quality.accepted where check_name = $1 and accepted_at >= $2"
_PERIODS = "select kind, period, is_complete from marts.dim_periods order by kind, starts_on, period"


@dataclass(frozen=True)
class Source:
    """`covered_until`: the last day that its files cover, of several datasets the earliest; `days_old`: as of today."""

    source: str
    datasets: str
    files: int
    rows: int
    quarantined: int
    covered_until: str | None
    days_old: int | None


@dataclass(frozen=True)
class FailedCheck:
    """A check that stopped the run: its names, how many rows fail, a few of them in a sentence each, what to do.

    `accepted`: how many findings a person has let pass since, which the next run judges anew.
    """

    check: str
    chinese: str
    english: str
    count: int
    found: list[str]
    remedy: str
    is_acceptable: bool
    accepted: int


@dataclass(frozen=True)
class LastRun:
    """The last run that judged anything; `state` is one of gate/verdict.py, `page` the page of its verdict."""

    run_id: str
    started_at: str
    ended_at: str | None
    state: str
    reason: str
    passed: int
    warned: int
    failed: int
    failed_checks: list[FailedCheck]
    page: str | None


@dataclass(frozen=True)
class OpenCheck:
    """A check that the published warehouse did not pass: a warning, or a finding that a person let pass."""

    severity: str
    asset: str
    check: str
    found: str


@dataclass(frozen=True)
class Periods:
    """Of one kind: the first period, the last that is complete, and the one that runs; None where there is none."""

    first: str
    complete: str | None
    running: str | None


@dataclass(frozen=True)
class Disk:
    """Bytes: the published warehouse, the rest of the home's disk, and what the next run needs there."""

    warehouse_bytes: int
    free_bytes: int
    needed_bytes: int


@dataclass(frozen=True)
class Standing:
    """All of it; moments in UTC. `periods`: kind (month, quarter, half, year) ->; `releases`: period -> versions."""

    home: str
    published_at: str | None
    running: str | None
    is_candidate_waiting: bool
    is_cut_short: bool
    last_run: LastRun | None
    disk: Disk
    alerts: list[str]
    sources: list[Source] = field(default_factory=list)
    checks: list[OpenCheck] = field(default_factory=list)
    periods: dict[str, Periods] = field(default_factory=dict)
    drafts: list[str] = field(default_factory=list)
    releases: dict[str, list[str]] = field(default_factory=dict)


def look_at(home: Path, today: date) -> Standing:
    """Everything about `home`; raises Damaged if the published warehouse can't be read."""
    warehouse = home / "warehouse.duckdb"
    is_published = warehouse.exists()
    standing = Standing(
        home=str(home),
        published_at=_write_moment(warehouse.lstat().st_mtime) if is_published else None,
        running=_find_holder(home),
        is_candidate_waiting=(home / "build" / "candidate.duckdb").exists(),
        is_cut_short=(home / "build" / "publication.json").exists(),
        last_run=_read_last_run(home),
        alerts=[*describe(home)],
        disk=Disk(
            warehouse_bytes=warehouse.stat().st_size if is_published else 0,
            free_bytes=shutil.disk_usage(next(folder for folder in (home, *home.parents) if folder.exists())).free,
            needed_bytes=needed_bytes(home),
        ),
        drafts=[path.name for path in _list_folders(home / "bulletins")],
        releases={
            period.name: [version.name for version in _list_folders(period)]
            for period in _list_folders(home / "releases")
        },
    )
    if is_published:
        with read_published(warehouse) as connection:
            standing.sources.extend(_list_sources(connection, today))
            standing.checks.extend(OpenCheck(*row) for row in connection.execute(_CHECKS).fetchall())
            standing.periods.update(_list_periods(connection))
    return standing


def _list_sources(connection: duckdb.DuckDBPyConnection, today: date) -> Iterator[Source]:
    for *counts, until in connection.execute(_SOURCES).fetchall():
        age = (today - date.fromisoformat(until)).days if until else None
        source, datasets, files, rows, quarantined = counts
        yield Source(source, datasets, files, int(rows), int(quarantined), until, age)


def _list_periods(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Periods]]:
    found: dict[str, list[tuple[str, bool]]] = {}
    for kind, period, is_complete in connection.execute(_PERIODS).fetchall():
        found.setdefault(kind, []).append((period, is_complete))
    for kind in ("month", "quarter", "half", "year"):
        if periods := found.get(kind):
            complete = [period for period, is_complete in periods if is_complete]
            running = None if periods[-1][1] else periods[-1][0]
            yield kind, Periods(periods[0][0], complete[-1] if complete else None, running)


def _read_last_run(home: Path) -> LastRun | None:
    verdict = next(reversed(read_verdicts(home)), None)
    if verdict is None:
        return None
    page = page_path(home, verdict.run_id)
    return LastRun(
        run_id=verdict.run_id,
        started_at=verdict.started_at.isoformat(),
        ended_at=verdict.ended_at.isoformat() if verdict.ended_at else None,
        state=verdict.state,
        reason=verdict.reason,
        passed=len(verdict.of("passed")),
        warned=len(verdict.of("warned")),
        failed=len(verdict.of("failed")),
        failed_checks=[_describe_failure(home, judgement, verdict) for judgement in verdict.of("failed")],
        page=str(page) if page.exists() else None,
    )


def _describe_failure(home: Path, judgement: Judgement, verdict: RunVerdict) -> FailedCheck:
    chinese, _, english = judgement.about.partition("；")
    found, words = judgement.findings[:SHOWN], load_locale()
    return FailedCheck(
        judgement.name,
        chinese,
        english,
        judgement.count,
        [say_row(row, words) for row in found],
        judgement.remedy,
        judgement.is_acceptable,
        _count_accepted(home, judgement.name, verdict.ended_at) if judgement.is_acceptable else 0,
    )


def _count_accepted(home: Path, check: str, since: datetime | None) -> int:
    """Findings of `check` that were accepted into the candidate; 0 where there is none or a program has it open."""
    candidate = home / "build" / "candidate.duckdb"
    if not candidate.exists() or not since:
        return 0
    with suppress(duckdb.Error), duckdb.connect(str(candidate), read_only=True) as connection:
        return connection.execute(_ACCEPTED, [check, since.replace(tzinfo=None)]).fetchone()[0]
    return 0


def _find_holder(home: Path) -> str | None:
    """Who holds the home's lock, without touching it; None if nobody does, or if this system isn't Linux."""
    lock, locks = home / "build" / "lock", Path("/proc/locks")
    if not lock.exists() or not locks.exists():
        return None
    # a line such as "1: FLOCK  ADVISORY  WRITE 4711 fe:00:4302099 0 EOF"; an arrow tells one that waits
    held = [line.split() for line in locks.read_text("ascii").splitlines() if "FLOCK" in line and "->" not in line]
    if not any(words[5].endswith(f":{lock.stat().st_ino}") for words in held):
        return None
    return lock.read_text(encoding="utf-8", errors="replace").strip() or "unknown"


def _list_folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[!.]*") if path.is_dir())


def _write_moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0).isoformat()
