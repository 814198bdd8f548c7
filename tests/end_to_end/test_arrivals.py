"""Tests that rows may arrive in any order and in any files, and that any part of the rows is counted consistently.

The models are built once, from what ingest made of the arrivals; test_incremental.py tests deltas. It asserts that any
order, any files and any days give the same marts, and that for any rows parts add up to totals, shares lie between 0
and 1, and the proofs agree with the models.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.run import ingest
from reports.proof import verify_figures
from tests.end_to_end.compiled_models import CompiledModels
from tests.end_to_end.miniature_home import MINIATURE, Miniature

# rows without a key: two that are equal are two services in one file, and one service delivered twice in two files
_KEYLESS = ("extended_", "ledger_")
_EXPORTS = {name: (MINIATURE / "exports" / name).read_text(encoding="utf-8").splitlines() for name in Miniature.names()}


@st.composite
def arrivals(draw: st.DrawFn) -> list[dict[str, list[str]]]:
    """Deliveries, each a few files (name -> rows): every row of every export in one of them, in any order."""
    files = []
    for name, (_, *rows) in _EXPORTS.items():
        rows = draw(st.permutations(rows))
        units = sorted({row: None for row in rows}, key=rows.index) if name.startswith(_KEYLESS) else range(len(rows))
        parts = draw(st.integers(1, 3))
        place = {unit: draw(st.integers(1, parts)) for unit in units}
        stem, date = name.rsplit("_", 1)
        for part in range(1, parts + 1):
            held = [row for i, row in enumerate(rows) if place[row if name.startswith(_KEYLESS) else i] == part]
            files.append((name, f"{stem}_{part}_{date}", held))
    files = draw(st.permutations(files))
    cuts = sorted(draw(st.sets(st.integers(1, len(files) - 1), max_size=2)))
    return [
        {file: [_EXPORTS[name][0], *rows] for name, file, rows in files[start:end]}
        for start, end in zip([0, *cuts], [*cuts, len(files)], strict=True)
    ]


@st.composite
def some_rows(draw: st.DrawFn) -> list[dict[str, list[str]]]:
    """One delivery of every export, up to half of its rows left out."""
    kept = {}
    for name, (head, *rows) in _EXPORTS.items():
        left_out = draw(st.sets(st.integers(0, len(rows) - 1), max_size=len(rows) // 2))
        kept[name] = [head, *(row for place, row in enumerate(rows) if place not in left_out)]
    return [kept]


@pytest.fixture(scope="module")
def models(miniature) -> CompiledModels:
    return CompiledModels(miniature.path / "target")


# ratios of two counts of which neither is part of the other, three of the bulletin's and four of figures.yaml
MAY_EXCEED_ONE = ["overdue_open_ratio", "avg_working_days", "daily_average"]
MAY_EXCEED_ONE += ["finish_rate", "satisfied_per_case", "bad_or_unrated", "evaluations_per_case"]

_SETTINGS = settings(
    max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
)


@contextmanager
def _built(arrival: list[dict[str, list[str]]], models: CompiledModels) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse that took in the deliveries one by one and was modelled at the end."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("exports", "build"):
            (home / name).mkdir()
        with duckdb.connect(str(home / "candidate.duckdb")) as connection:
            for number, files in enumerate(arrival):
                for name, lines in files.items():
                    (home / "exports" / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
                report = ingest(connection, MINIATURE / "county", home / "exports", home, f"run-{number}")
                assert (report.refused, report.unclaimed) == ([], [])
            models.build(connection)
            yield connection


@given(arrival=arrivals())
@_SETTINGS
def test_any_arrival_gives_the_same_facts_and_figures(miniature, models, arrival):
    with _built(arrival, models) as connection:
        assert _differing(connection, miniature) == []


@given(delivery=some_rows())
@_SETTINGS
def test_any_rows_count_consistently(models, delivery):
    with _built(delivery, models) as connection:
        for period in ("2022-06", "2022H1"):
            assert verify_figures.find_differences(connection, period) == []
        for test in ("parts_add_up", "towns_are_townships", "cases_are_conserved"):
            assert connection.execute(models.tests[test]).fetchall() == [], test
        assert (
            connection.execute(
                "select period, figure, member from marts.figures inner join marts.figure_definitions using (figure) "
                "where measure = 'ratio' and not list_contains($1, figure) and value not between 0 and 1",
                [MAY_EXCEED_ONE],
            ).fetchall()
            == []
        )


def _differing(connection: duckdb.DuckDBPyConnection, miniature: Miniature) -> list[str]:
    """Tables of marts that don't hold the rows of the miniature taken in at once."""
    connection.execute(f"attach '{miniature.path / 'build' / 'candidate.duckdb'}' as once (read_only)")
    tables = connection.execute(
        "select table_name from information_schema.tables where table_catalog = 'once' and table_schema = 'marts' "
        "and table_name <> 'revisions' order by table_name"
    ).fetchall()
    assert len(tables) > 15
    return [
        table
        for (table,) in tables
        for one, other in (("candidate", "once"), ("once", "candidate"))
        if connection.execute(f"from {one}.marts.{table} except all from {other}.marts.{table} limit 1").fetchall()
    ]
