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
    "fct_cases": "case_key",
    "fct_certificates": "certificates.certificate_id",
    "fct_evaluations": "evaluations.evaluation_no",
    "int_accepted_days": "accepted_on",
    "int_case_pauses": "case_key",
    "int_evaluated_days": "finished_on",
    "int_finished_days": "finished_on",
    "int_item_days": "accepted_on",
    "int_late_cases": "case_key",
    "int_shared_cases": "case_key",
    "stg_case_results": "case_results._key_hash",
    "stg_cases": "cases._key_hash",
    "stg_evaluations": "evaluations._key_hash",
}
# an old row of a case that the delta wrote anew stays on another day
STRAYS = {"fct_cases": "* replace (accepted_on - 400 as accepted_on)"}


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
    assert {model: among for model, (_, among) in _tests(manifest, "names_existing").items()} == {
        "fct_evaluations": "case_key"
    }
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
    dataset, _, column = among.rpartition(".")
    changed = f"changes.{dataset}" if dataset else "delta.int_touched_cases"
    table = f"raw.{model.removeprefix('stg_')}" if model.startswith("stg_") else _table(planted, model)
    values = f"{column} in (select {column} from {changed})" + (" and _state = 'loaded'" if table[:4] == "raw." else "")
    rows = planted.execute(
        f"insert into {table} select {STRAYS.get(model, '*')} from {table} where {values} limit 1"
    ).fetchone()
    assert rows == (1,)
    assert len(planted.execute(in_delta.tests[name]).fetchall()) == 1
    assert len(planted.execute(in_full.tests[name]).fetchall()) == 1
    if model == "fct_cases":
        assert len(planted.execute(in_delta.tests["cases_are_conserved"]).fetchall()) == 1


def test_an_evaluation_of_no_case_is_found(delta, miniature, manifest, planted):
    name, _ = _tests(manifest, "names_existing")["fct_evaluations"]
    in_delta, in_full = CompiledModels(delta.path / "target"), CompiledModels(miniature.path / "target")
    assert planted.execute(in_delta.tests[name]).fetchall() == []
    planted.execute(
        "insert into marts.fct_evaluations select * replace ('nowhere' as case_key) from marts.fct_evaluations limit 1"
    )
    planted.execute("insert into delta.int_touched_cases (case_key) values ('nowhere')")
    assert planted.execute(in_delta.tests[name]).fetchall() == [("nowhere",)]
    assert planted.execute(in_full.tests[name]).fetchall() == [("nowhere",)]


def _table(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    return connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where table_name = $1", [name]
    ).fetchone()[0]
