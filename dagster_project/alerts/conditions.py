"""What an alert is about: a failed run, a blocked gate, a late source, many overdue cases, a disk that fills up.

`find_of_run` takes the verdict of a daily run, `find_of_home` the home and an open warehouse; both return conditions.
A condition carries names of checks and sources, counts and days, never a row of an export. The words are in
`wording.py`.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from dagster_project.disk import needed_bytes
from dagster_project.gate.lateness import judge_sources
from dagster_project.gate.spoken import name_check
from dagster_project.gate.verdict import RunVerdict
from dagster_project.warehouse.candidate import relations
from ingest.jurisdiction.settings import Jurisdiction
from ingest.mapping.contract import Source
from reports.words.catalogue import Words
from reports.words.messages import tell

_RUNS_AHEAD = 2  # for how many runs the disk should have room
OF_RUN = frozenset({"failed", "blocked"})
OF_HOME = frozenset({"late", "overdue", "disk"})


@dataclass(frozen=True)
class Condition:
    """`key` tells it from all others; `parts` fill the sentences `alerts.<kind>` of reports/words."""

    kind: str
    key: str
    parts: dict[str, object] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


def find_of_run(verdict: RunVerdict, words: Words) -> Iterator[Condition]:
    """The condition of a run that was to publish and did not; none if it was stopped by a person."""
    if verdict.state == "failed":
        yield Condition("failed", "failed", {"reason": tell(verdict.reason, words.code) or words("alerts.unknown")})
    if verdict.state == "blocked":
        failed = verdict.of("failed")
        lines = tuple(words("alerts.check", check=name_check(j, words), n=j.count) for j in failed)
        yield Condition("blocked", "blocked " + " ".join(sorted(j.name for j in failed)), {"n": len(failed)}, lines)


def find_of_home(
    connection: DuckDBPyConnection, home: Path, jurisdiction: Jurisdiction, sources: list[Source], today: date
) -> Iterator[Condition]:
    """Late sources and overdue cases of the open warehouse, and what the disk of `home` lacks."""
    there = relations(connection)
    if {"quality.files", "reference.calendar"} <= there:
        for state in judge_sources(connection, sources, today, jurisdiction.weekend):
            if state.is_late:
                parts = {"name": state.source.name, "until": state.covers_until, "expected": state.expected_until}
                yield Condition("late", f"late {state.source.source}", parts)
    if jurisdiction.alert_overdue is not None and "marts.worklist" in there:
        (count,) = connection.execute("select count(*) from marts.worklist where is_overdue").fetchone()
        if count > jurisdiction.alert_overdue:
            yield Condition("overdue", "overdue", {"n": count, "most": jurisdiction.alert_overdue})
    free = shutil.disk_usage(home).free
    if (missing := _RUNS_AHEAD * needed_bytes(home) - free) > 0:
        yield Condition("disk", "disk", {"free": free // 1_000_000, "missing": missing // 1_000_000 + 1})
