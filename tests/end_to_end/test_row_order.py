"""Tests that the order of rows decides nothing: not that of lines in exports, of rows in tables, or of threads.

The exports hold ties of every kind (tied_exports.py). Each build has another physical order of rows and another number
of threads; it asserts equal marts, row for row, and equal worklists. One more test finds the cause by itself: a window
function whose order leaves ties.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from ingest.run import ingest
from reports.formats.sheets import worklists
from tests.end_to_end.compiled_models import CompiledModels
from tests.end_to_end.tied_exports import COPIES, shuffle_warehouse, write_tied_exports

# where a row lay: all that another order of lines may change
_BOOKKEEPING = "_file_id, _record"
# these give tied rows the same number
_TOLERANT = (exp.Rank, exp.DenseRank)


@pytest.fixture(scope="module")
def models(miniature) -> CompiledModels:
    return CompiledModels(miniature.path / "target")


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """seed → the exports with their lines in the order of the seed, ingested but not modelled."""
    return {seed: _ingest(tmp_path_factory.mktemp(f"tied-{seed}"), seed) for seed in (1, 2)}


@pytest.fixture(scope="module")
def first(ingested, models, tmp_path_factory) -> tuple[dict[str, list[tuple]], dict[str, bytes]]:
    """The marts and worklists of the first order, built by one thread."""
    return _build(ingested[1], models, tmp_path_factory.mktemp("first"), seed=1, threads=1)


def test_the_order_of_lines_decides_nothing(ingested):
    """Which version of a row is current follows from its content, wherever it stands in its file."""
    states = []
    for path in ingested.values():
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'raw' order by all"
            ).fetchall()
            rows = f"select * exclude ({_BOOKKEEPING}) from raw."
            states.append({name: connection.execute(f"{rows}{name} order by all").fetchall() for (name,) in tables})
    of_a_province = {"members", "member_cases", "member_figures"}
    assert {name for name, rows in states[0].items() if not rows} == of_a_province and len(states[1]) == len(states[0])
    assert {name for name in states[0] if states[0][name] != states[1][name]} == set()


@pytest.mark.parametrize(("seed", "threads"), [(1, 1), (2, 2), (3, 3), (4, 4)])
def test_the_order_of_rows_and_of_threads_decides_nothing(ingested, first, models, tmp_path, seed, threads):
    marts, lists = _build(ingested[1 + seed % 2], models, tmp_path, seed=seed, threads=threads)
    assert len(marts) > 20 and len(marts["fct_cases"]) > 2048 * 2 and len(lists) > 1
    differing = {
        name: [(one, other) for one, other in zip(first[0][name], marts[name], strict=False) if one != other][:2]
        or (len(first[0][name]), len(rows))
        for name, rows in marts.items()
        if rows != first[0][name]
    }
    assert differing == {}
    assert lists == first[1]


def test_equal_pauses_of_two_sources_are_one(first):
    """Q01 was paused on 15 June and, in two reports, from 20 to 22 June; S01 was settled on 17 June."""
    found = {}
    for key, number, started_at, ended_at, *_ in first[0]["fct_case_pauses"]:
        if key[:3] in ("Q01", "S01"):
            found.setdefault(key, []).append((number, started_at.isoformat(), ended_at.isoformat()))
    early = (1, "2022-06-15T09:30:00", "2022-06-16T10:00:00")
    late = (2, "2022-06-20T10:00:00", "2022-06-22T10:00:00")
    assert len(found) == 2 * COPIES
    by_hand = {"Q01": [early, late], "S01": [early]}
    assert {key: pauses for key, pauses in found.items() if pauses != by_hand[key[:3]]} == {}


def test_every_window_function_has_a_total_order(ingested, models):
    """No two rows of a window agree in what it is ordered by, with ties of every kind among the exports."""
    with duckdb.connect() as connection:
        shuffle_warehouse(ingested[1], connection, seed=1)
        models.build(connection)
        tied, seen = {}, set()
        for name, sql in models.sql.items():
            for query in _find_orders(sql):
                seen.add(name)
                if rows := connection.execute(query).fetchall():
                    tied[name] = rows[:3]
    assert seen >= {"int_case_pauses", "int_pause_days", "dim_date"}
    assert tied == {}


def _find_orders(sql: str) -> list[str]:
    """For each window function in `sql` that orders rows: a query that returns what occurs twice."""
    queries = []
    root = sqlglot.parse_one(sql, dialect="duckdb")
    for window in root.find_all(exp.Window):
        named = window.args.get("alias")
        if isinstance(window.this, _TOLERANT):
            continue
        if named:
            (window,) = [w for w in window.parent_select.args["windows"] if w.this.name == named.name]
        if not window.args.get("order"):
            continue
        keys = [*window.args.get("partition_by", []), *(key.this for key in window.args["order"].expressions)]
        rows = window.parent_select.copy()
        rows.set("with_", None)
        rows.set("windows", None)
        rows.set("expressions", [exp.alias_(key.copy(), f"key_{place}") for place, key in enumerate(keys)])
        tied = exp.select("*").from_(rows.subquery("rows")).group_by("all").having("count(*) > 1")
        if with_ := root.args.get("with_"):
            tied.set("with_", with_.copy())
        queries.append(tied.sql(dialect="duckdb"))
    return queries


def _ingest(folder: Path, seed: int) -> Path:
    exports, county = write_tied_exports(folder, seed)
    path = folder / "candidate.duckdb"
    (folder / "build").mkdir()
    with duckdb.connect(str(path)) as connection:
        report = ingest(connection, county, exports, folder, "run")
        assert (report.refused, report.unclaimed) == ([], [])
        assert connection.execute("select * from quality.quarantine").fetchall() == []
    return path


def _build(
    ingested: Path, models: CompiledModels, folder: Path, *, seed: int, threads: int
) -> tuple[dict[str, list[tuple]], dict[str, bytes]]:
    """Build the models; return the rows of each relation that analysts read, sorted, and the worklists' bytes."""
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {threads}")
        shuffle_warehouse(ingested, connection, seed)
        models.build(connection)
        names = connection.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = 'candidate' and table_schema = 'marts' order by all"
        ).fetchall()
        marts = {name: connection.execute(f"from marts.{name} order by all").fetchall() for (name,) in names}
        worklists.write(connection, folder / "worklists")
    return marts, {path.name: path.read_bytes() for path in sorted((folder / "worklists").iterdir())}
