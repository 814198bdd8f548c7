"""Turns the results of checks into judgements of a run's verdict: of the ledger, suites, dbt's tests, and drafts.

Each function takes a result as its stage has it, with failing rows in words, and returns a `Judgement`. The columns
`path` and `record` of a failing row say where it is. The stages enter judgements into the run's `VerdictBook`.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from dagster_project.gate.check_words import CheckWords
from dagster_project.gate.ingest_checks import IngestCheck
from dagster_project.gate.plausibility import Verdict
from dagster_project.gate.verdict import MOST_FINDINGS, Found, Judgement
from dagster_project.warehouse.dbt_messages import without_values
from dagster_project.warehouse.may_publish import INGEST_ASSET

_CAUSE = re.compile(r"[A-Z][\w ]*(Error|Exception): ")


def judge_file_check(check: IngestCheck, failing: Sequence[Mapping[str, str]]) -> Judgement:
    return Judgement(
        layer="files",
        asset=INGEST_ASSET,
        name=check.name,
        severity=check.severity,
        count=len(failing),
        findings=_word_rows(failing),
        about=check.about,
        remedy=check.remedy if failing else "",
    )


def judge_expectation(verdict: Verdict, accepted: Mapping[tuple[str, str], tuple[str, str]]) -> Judgement:
    """`accepted`: (check, finding) -> reason and person, of what was accepted."""
    expectation = verdict.expectation
    column, bounds = expectation.arguments.get("column"), expectation.arguments
    has_bounds = expectation.has_bounds
    return Judgement(
        layer="figures" if verdict.asset == "figures" else "plausibility",
        asset=verdict.asset,
        name=expectation.name,
        severity=expectation.severity,
        count=verdict.count,
        judged=verdict.judged,
        findings=tuple(
            Found(
                text=text,
                file=str(row.get("path") or ""),
                record=_write(row.get("record")),
                seen=row[column] if has_bounds and column in row else None,
            )
            for text, row in zip(verdict.findings, verdict.rows, strict=True)
        ),
        accepted=tuple(
            Found(text=text, reason=reason, accepted_by=by)
            for text in verdict.accepted
            for reason, by in [accepted.get((expectation.name, text), ("", ""))]
        ),
        least=bounds.get("min_value") if has_bounds else None,
        most=bounds.get("max_value") if has_bounds else None,
        lowest=verdict.lowest,
        highest=verdict.highest,
        about=expectation.about,
        remedy=expectation.remedy if verdict.count else "",
    )


def judge_test(
    name: str, severity: str, failures: int, rows: Path | None, message: str, words: CheckWords
) -> Judgement:
    """`failures`: failing rows, 0 if the test passed; `rows`: the CSV file that holds some of them, masked.

    `message`: dbt's, for a test that could not be carried out.
    """
    failing: list[Mapping[str, str]] = []
    if rows and rows.exists():
        with rows.open(encoding="utf-8-sig", newline="") as file:
            failing = [*islice(csv.DictReader(file), MOST_FINDINGS)]
    elif failures:
        failing = [{"what": word_message(message)}]
    return _judge_structure(f"dbt/{name}", name, severity, failures, words).model_copy(
        update={"findings": _word_rows(failing)}
    )


def judge_build(model: str, message: str, words: CheckWords) -> Judgement:
    """Of a model that could not be built; `message` is dbt's."""
    return _judge_structure(model, "build", "error", 1, words).model_copy(
        update={"findings": (Found(text=word_message(message)),)}
    )


def word_message(message: str) -> str:
    """The line of dbt's message that tells the cause, without the values of cells that the database names."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    causes = [line for line in lines if _CAUSE.match(line)]
    return without_values((causes or lines or ["dbt gave no reason"])[0])


def _judge_structure(asset: str, name: str, severity: str, count: int, words: CheckWords) -> Judgement:
    return Judgement(
        layer="structure",
        asset=asset,
        name=name,
        severity=severity,
        count=count,
        about=f"{words.chinese}；{words.english}",
        remedy=words.remedy if count else "",
    )


def judge_drafts(
    asset: str, name: str, about: str, remedy: str, failing: Sequence[Mapping[str, str]], severity: str = "error"
) -> Judgement:
    """`failing`: file and what, of each number that isn't its figure's, or each released version that was altered."""
    return Judgement(
        layer="presentation",
        asset=asset,
        name=name,
        severity=severity,
        count=len(failing),
        findings=tuple(Found(text=row["what"], file=row["file"]) for row in failing[:MOST_FINDINGS]),
        about=about,
        remedy=remedy if failing else "",
    )


def _word_rows(rows: Sequence[Mapping[str, str]]) -> tuple[Found, ...]:
    return tuple(
        Found(text=_word_row(row), file=row.get("path") or "", record=row.get("record") or "")
        for row in rows[:MOST_FINDINGS]
    )


def _word_row(row: Mapping[str, str]) -> str:
    """A row's own sentence, with what it lists, else its columns with their names."""
    if row.get("what") and row.get("keys"):
        return f"{row['what']}：{row['keys']}"
    columns = "，".join(f"{name} {value}" for name, value in row.items() if value and name not in ("path", "record"))
    return row.get("what") or row.get("reason") or columns


def _write(record: Any) -> str:
    return "" if record is None else str(record)
