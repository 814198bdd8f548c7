"""Tests that a dbt test that a delta narrows still finds a violation among the rows that the delta may have written.

A delta is built on the miniature. Each narrowed test, as that delta compiled it, must find nothing at first, and then a
violation that is planted among the rows that the delta wrote; so must the same test as a full build compiled it. It
also asserts the list of narrowed tests, so that no test is narrowed unnoticed.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse import fingerprint
from ingest.mapping.load import load_contracts
from tests.end_to_end.compiled_models import CompiledModels
from tests.end_to_end.miniature_home import Miniature

LATE = (
    "certificates_202206.csv",
    "evaluations_202206.csv",
    "hr_results_202206.csv",
    "platform_pauses_202206.csv",
    "township_cases_202206.csv",
)
NARROWED = {
    "fct_cases": ["accepted_on", "case_key"],
    "fct_certificates": "certificates.certificate_id",
    "fct_evaluations": "evaluations.evaluation_no",
    "int_accepted_days": "accepted_on",
    "int_case_pauses": "case_key",
    "int_evaluated_days": "finished_on",
    "int_finished_days": "finished_on",
    "int_item_days": "accepted_on",
    "int_late_cases": "case_key",
    "int_shared_cases": "case_key",
    "int_time_used_days": "finished_on",
    "stg_case_results": "case_results._key_hash",
    "stg_cases": "int_touched_reports",
    "stg_evaluations": "evaluations._key_hash",
}


@pytest.fixture(scope="module")
def delta(miniatures: Path) -> Miniature:
    """The miniature built without some of its exports, then with them in a delta."""
    home = Miniature(miniatures / "narrowed", is_empty=True)
    for name in home.names():
        if name not in LATE:
            home.deliver(name)
    home.take()
    home.model()
    for name in LATE:
        home.deliver(name)
    home.take()
    # a run clears the changes once they are built: keep them for the tests, which a delta narrows by them
    with home.connect() as connection:
        connection.execute("create schema kept")
        for name in load_contracts():
            connection.execute(f"create table kept.{name} as from changes.{name}")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fingerprint, "FULL_BUILD_ROWS", 0)
        home.model()
    with home.connect() as connection:
        for name in load_contracts():
            connection.execute(f"insert into changes.{name} from kept.{name}")
    return home


@pytest.fixture(scope="module")
def manifest(delta: Miniature) -> list[dict]:
    nodes = json.loads((delta.path / "target" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    return [node for node in nodes.values() if node["resource_type"] == "test"]


@pytest.fixture
def planted(delta: Miniature, tmp_path: Path):
    """A copy of the warehouse that a test may spoil."""
    shutil.copy(delta.path / "build" / "candidate.duckdb", tmp_path / "candidate.duckdb")
    with duckdb.connect(str(tmp_path / "candidate.duckdb")) as connection:
        yield connection


def _tests(manifest: list[dict], kind: str) -> dict[str, tuple[str, str]]:
    """model -> (name of its narrowed test of this kind, what narrows it)."""
    found = {}
    for node in manifest:
        about = node.get("test_metadata") or {"name": "", "kwargs": {}}
        if about["name"] == kind and "among" in about["kwargs"]:
            found[node["attached_node"].split(".")[-1]] = (node["name"], about["kwargs"]["among"])
    return found


def test_no_other_test_is_narrowed(manifest):
    assert {model: among for model, (_, among) in _tests(manifest, "unique_together").items()} == NARROWED
    macros = {node["name"] for node in manifest if "macro.tongbao.is_delta" in node["depends_on"]["macros"]} | {
        node["name"] for node in manifest if "macro.tongbao.is_to_build" in node["depends_on"]["macros"]
    }
    assert macros == {"cases_are_conserved"}


@pytest.mark.parametrize("model", NARROWED)
def test_a_key_written_twice_is_found(delta, miniature, manifest, planted, model):
    name, among = _tests(manifest, "unique_together")[model]
    in_delta, in_full = CompiledModels(delta.path / "target"), CompiledModels(miniature.path / "target")
    assert in_delta.tests[name] != in_full.tests[name], "the delta did not narrow the test"
    assert planted.execute(in_delta.tests[name]).fetchall() == []
    if model == "stg_cases":
        dataset, column = "cases", "_key_hash"
    else:
        dataset, _, column = (among if isinstance(among, str) else among[-1]).rpartition(".")
    changed = f"changes.{dataset}" if dataset else "delta.int_touched_cases"
    table = f"raw.{model.removeprefix('stg_')}" if model.startswith("stg_") else _table(planted, model)
    values = f"{column} in (select {column} from {changed})" + (" and _state = 'loaded'" if table[:4] == "raw." else "")
    rows = planted.execute(f"insert into {table} from {table} where {values} limit 1").fetchone()
    assert rows == (1,)
    if model == "stg_cases":  # the test reads what the delta gathers of it, in one scan of a long history
        gathered = in_delta.sql["int_touched_reports"]
        planted.execute(f"create or replace table delta.int_touched_reports as {gathered}")
    assert len(planted.execute(in_delta.tests[name]).fetchall()) == 1
    assert len(planted.execute(in_full.tests[name]).fetchall()) == 1


@pytest.mark.parametrize(
    ("days", "found_by_key"), [(0, True), (400, False)], ids=["on a day it writes", "on another day"]
)
def test_an_old_row_that_a_delta_left_is_found(delta, miniature, manifest, planted, days, found_by_key):
    name, _ = _tests(manifest, "unique_together")["fct_cases"]
    in_delta, in_full = CompiledModels(delta.path / "target"), CompiledModels(miniature.path / "target")
    assert planted.execute(in_delta.tests["cases_are_conserved"]).fetchall() == []
    planted.execute(f"""
        insert into marts.fct_cases select * replace (accepted_on - {days} as accepted_on) from marts.fct_cases
        where case_key in (select case_key from delta.int_touched_cases) limit 1
    """)
    assert len(planted.execute(in_delta.tests[name]).fetchall()) == found_by_key
    assert len(planted.execute(in_full.tests[name]).fetchall()) == 1
    for each in (in_delta, in_full):
        assert len(planted.execute(each.tests["cases_are_conserved"]).fetchall()) == 1


def test_a_full_build_gathers_no_changed_cases(tmp_path):
    home = Miniature(tmp_path / "home")
    home.take()
    assert home.ask("select count(*) > 0 from changes.cases") == [(True,)]
    home.model()
    for relation in ("keys", "files", "reports", "cases"):
        assert home.ask(f"select count(*) from delta.int_touched_{relation}") == [(0,)]


def _table(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    return connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where table_name = $1", [name]
    ).fetchone()[0]
