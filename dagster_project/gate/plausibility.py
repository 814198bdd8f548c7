"""Judges whether facts and figures are plausible: computes the frames of the suites and words what fails.

`judge_suites` takes the candidate after the models are built. SQL computes small frames, and a helper process
(`expectations_worker.py`) evaluates them with great-expectations. It returns, for each expectation, one sentence a
failing row. dbt's tests check structure (keys, types, relations), and `ingest_checks.py` checks files.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from dagster_project.gate.suite import FOLDER, Expectation, Frame, Suite
from dagster_project.helper_process import HelperProcess

_NO_ROWS = "expect_no_rows"
_MOST_ROWS = 20


@dataclass(frozen=True)
class Verdict:
    """The outcome of one expectation: a sentence a failing row, at most 20, `count` of them in all.

    `judged`: how many rows were judged; 0 means that there is nothing to compare with yet. `accepted`: sentences of
    failing rows that a person has accepted. `rows`: the columns behind each finding. `lowest` and `highest`: of
    the column that has bounds, over all rows judged.
    """

    asset: str
    expectation: Expectation
    judged: int
    count: int = 0
    findings: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    lowest: float | None = None
    highest: float | None = None

    @property
    def is_passed(self) -> bool:
        return not self.count


@dataclass(frozen=True)
class _Computed:
    """A frame's columns, rows and number of rows. Of rows that must not be there, only the first 20 are read."""

    columns: list[str]
    rows: list[tuple]
    count: int


def judge_suites(
    connection: DuckDBPyConnection,
    helper: HelperProcess,
    suites: Sequence[Suite],
    names: Collection[str],
    accepted: Collection[tuple[str, str]] = (),
    docs: Path | None = None,
) -> Iterator[Verdict]:
    """The verdict on each expectation in `names`; raises HelperError if one could not be evaluated.

    `connection` has the macros of `define_masks`. `accepted`: (name, sentence) of findings that a person has accepted;
    `docs`: the folder for the Data Docs.
    """
    for path in sorted((FOLDER / "prepare").glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))
    asked = []
    for suite in suites:
        for key, frame in suite.frames.items():
            wanted = [expectation for expectation in frame.expectations if expectation.name in names]
            if wanted:
                asked.append((suite, key, wanted, _compute(connection, frame)))
    frames = [_question(f"{suite.asset}.{key}", wanted, made) for suite, key, wanted, made in asked]
    answers = helper.ask({"frames": frames, "docs": docs and str(docs)})
    for (suite, _, wanted, made), answer in zip(asked, answers, strict=True):
        for expectation in wanted:
            yield _verdict(suite.asset, expectation, made, answer[expectation.name], accepted)


def _compute(connection: DuckDBPyConnection, frame: Frame) -> _Computed:
    connection.execute(f"create or replace temp table frame as {frame.query}")
    count = connection.execute("select count(*) from frame").fetchone()[0]
    is_listed = all(expectation.expect == _NO_ROWS for expectation in frame.expectations)
    found = connection.execute(f"select * from frame {f'limit {_MOST_ROWS}' if is_listed else ''}")
    return _Computed([column[0] for column in found.description], found.fetchall(), count)


def _question(name: str, expectations: list[Expectation], made: _Computed) -> dict[str, Any]:
    """What the worker needs: the columns that arguments name, or the number of rows alone."""
    named = {value for e in expectations for value in e.arguments.values() if isinstance(value, str)}
    used = [place for place, column in enumerate(made.columns) if column in named]
    return {
        "name": name,
        "count": made.count,
        "columns": [made.columns[place] for place in used],
        "rows": [[_plain(row[place]) for place in used] for row in made.rows] if used else None,
        "expectations": [
            {"name": e.name, "expect": e.expect, "with": e.arguments, "severity": e.severity} for e in expectations
        ],
    }


def _verdict(
    asset: str,
    expectation: Expectation,
    made: _Computed,
    failing: list[int] | None,
    accepted: Collection[tuple[str, str]],
) -> Verdict:
    """`failing`: ordinals of failing rows; None if the frame as a whole fails because it has rows."""
    rows = made.rows if failing is None else [made.rows[ordinal] for ordinal in failing]
    total = made.count if failing is None else len(failing)
    findings, behind, dropped, kept = [], [], [], []
    for row in rows:
        values = dict(zip(made.columns, row, strict=True))
        sentence = expectation.says.format(**{**expectation.arguments, "allowed": _word_bounds(expectation), **values})
        if any(str(value) in expectation.excepted for value in values.values()):
            dropped.append(sentence)
        elif (expectation.name, sentence) in accepted:
            kept.append(sentence)
        else:
            findings.append(sentence)
            behind.append(values)
    count = total - len(dropped) - len(kept)
    seen = _numbers_with_bounds(expectation, made)
    return Verdict(
        asset,
        expectation,
        made.count,
        count,
        findings[:_MOST_ROWS],
        kept,
        behind[:_MOST_ROWS],
        min(seen, default=None),
        max(seen, default=None),
    )


def _word_bounds(expectation: Expectation) -> str:
    """The bounds of a ratio or of a relative change, as a change: ±60%, or −80%至+60%."""
    bounds = (expectation.arguments.get("min_value"), expectation.arguments.get("max_value"))
    if None in bounds:
        return ""
    least, most = (float(bound) - (bounds[0] > 0) for bound in bounds)
    return f"±{most:.0%}" if round(least + most, 6) == 0 else f"{least:+.0%}至{most:+.0%}"


def _numbers_with_bounds(expectation: Expectation, made: _Computed) -> list[float]:
    column = expectation.arguments.get("column")
    if column not in made.columns or not expectation.has_bounds:
        return []
    place = made.columns.index(column)
    return [float(row[place]) for row in made.rows if row[place] is not None]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
