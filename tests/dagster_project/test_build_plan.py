"""Tests what decides how much dbt builds, on a manifest of four models and a warehouse in memory.

It asserts the command that a change of files or of models asks for, what a selection builds beside itself, and the
sentence that refuses a selection. Whole runs are tested in `test_selections.py`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse import findings, fingerprint
from dagster_project.warehouse.build_plan import NotReady, blocking_tests, plan_build, published_parents
from dagster_project.warehouse.fingerprint import FULL_BUILD_ROWS, Fingerprint, choose_command, hash_inputs

FULL, DELTA, TEST = ["build", "--full-refresh"], ["build"], ["test"]


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        connection.execute("""
            create schema quality; create schema reference; create schema raw; create schema changes;
            create table quality.files (path varchar, sha256 varchar, run_id varchar, verdict varchar);
            insert into quality.files values ('a.csv', '01', 'run-1', 'loaded'), ('b.csv', '02', 'run-1', 'refused');
            create table reference.calendar as select date '2022-01-01' as date_on, false as is_working_day;
            create table raw.cases (case_no varchar);
            create table changes.cases (case_no varchar);
            insert into changes.cases values ('A1');
        """)
        yield connection


@pytest.fixture
def models(tmp_path) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "fct.sql").write_text("select 1")
    return tmp_path


def test_nothing_changed_is_only_tested_and_everything_else_is_built(warehouse, models):
    now = hash_inputs(warehouse, models)
    assert choose_command(warehouse, now) == FULL
    fingerprint.record_build(warehouse, now)
    assert warehouse.execute("select count(*) from changes.cases").fetchone() == (0,)
    assert choose_command(warehouse, now) == TEST
    assert choose_command(warehouse, Fingerprint("other", now.built_from)) == FULL


@pytest.mark.parametrize(("more", "command"), [(0, FULL), (1, DELTA)])
def test_new_files_are_a_delta_only_behind_a_long_history(warehouse, models, more, command):
    now = hash_inputs(warehouse, models)
    fingerprint.record_build(warehouse, now)
    # table, not rows: the estimate of an exact count is what DuckDB keeps for it
    warehouse.execute(f"create or replace table raw.cases as select i from range({FULL_BUILD_ROWS + more}) as rows (i)")
    assert choose_command(warehouse, Fingerprint(now.made_of, "other files")) == command
    assert choose_command(warehouse, Fingerprint("other models", "other files")) == FULL


CHANGES = {
    "a model": (None, "models/fct.sql"),
    "a new file of the jurisdiction": (None, "sources/hall.yaml"),
    "a reference table": ("update reference.calendar set is_working_day = true", None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_makes_models_stale(warehouse, models, change):
    before = hash_inputs(warehouse, models)
    query, path = CHANGES[change]
    if path:
        (models / path).parent.mkdir(exist_ok=True)
        (models / path).write_text("select 2")
    else:
        warehouse.execute(query)
    after = hash_inputs(warehouse, models)
    assert after.made_of != before.made_of and after.built_from == before.built_from


@pytest.mark.parametrize("path", ["bulletin/template.md", "target/manifest.json", "logs/dbt.log"])
def test_words_and_artefacts_make_no_model_stale(warehouse, models, path):
    before = hash_inputs(warehouse, models)
    (models / path).parent.mkdir()
    (models / path).write_text("words")
    assert hash_inputs(warehouse, models) == before


@pytest.mark.parametrize(
    ("update", "is_change"),
    [
        ("sha256 = '03' where path = 'a.csv'", True),
        ("run_id = 'run-2' where path = 'a.csv'", True),  # read again, by another mapping say
        ("verdict = 'loaded'", True),
        ("sha256 = '03' where path = 'b.csv'", False),  # a refused file has no rows
    ],
)
def test_which_change_of_the_ledger_makes_models_stale(warehouse, models, update, is_change):
    before = hash_inputs(warehouse, models)
    warehouse.execute(f"update quality.files set {update}")
    after = hash_inputs(warehouse, models)
    assert (after.built_from != before.built_from) == is_change and after.made_of == before.made_of


def node(name: str, schema: str, *parents: str, kind: str = "model", materialized: str = "table", severity="ERROR"):
    return {
        "name": name,
        "schema": schema,
        "alias": name,
        "resource_type": kind,
        "fqn": ["tongbao", name],
        "config": {"materialized": materialized, "severity": severity},
        "depends_on": {"nodes": [*parents]},
    }


MANIFEST = {
    "nodes": {
        each["name"]: each
        for each in (
            node("stg", "staging", "source"),
            node("touched", "delta", "stg", "macro-like"),
            node("inline", "intermediate", "touched", materialized="ephemeral"),
            node("fct", "marts", "inline"),
            node("fct_unique", "tests", "fct", kind="test"),
            node("fct_warns", "tests", "fct", kind="test", severity="warn"),
        )
    },
    "sources": {"source": {"name": "cases", "schema": "raw", "identifier": "cases", "resource_type": "source"}},
    "exposures": {"bulletin": {"depends_on": {"nodes": ["fct"]}}},
}
EVERYTHING = {"raw.cases", "staging.stg", "delta.touched", "marts.fct"}


def test_all_models_are_built_by_the_cheapest_command():
    models = {"stg", "touched", "inline", "fct"}
    for command, is_building in ((FULL, True), (TEST, False)):
        plan = plan_build(MANIFEST, models, {"fct_unique"}, EVERYTHING, command)
        assert plan.arguments == (*command, "--exclude-resource-type", "unit_test")
        assert (plan.is_whole, plan.is_building) == (True, is_building)


def test_a_part_is_built_in_full_with_the_working_tables_that_it_reads():
    plan = plan_build(MANIFEST, {"fct"}, {"fct_unique"}, {"staging.stg"}, None)
    assert plan.arguments[:2] == ("build", "--full-refresh")
    assert [a for a in plan.arguments if a.startswith("fqn:")] == [
        "fqn:tongbao.fct",
        "fqn:tongbao.fct_unique",
        "fqn:tongbao.touched",
    ]
    assert (plan.is_whole, plan.is_building) == (False, True)


def test_tests_alone_build_nothing():
    plan = plan_build(MANIFEST, set(), {"fct_unique"}, EVERYTHING, None)
    assert plan.arguments[0] == "test" and "--full-refresh" not in plan.arguments
    assert (plan.is_whole, plan.is_building) == (False, False)


@pytest.mark.parametrize(
    ("selected", "held", "said"),
    [
        ({"stg"}, set(), "stg reads raw.cases, which the candidate does not hold; materialise raw/cases first"),
        ({"fct"}, {"raw.cases"}, "touched reads staging.stg, which the candidate does not hold; materialise stg first"),
    ],
)
def test_a_part_whose_inputs_are_missing_is_refused(selected, held, said):
    with pytest.raises(NotReady, match=said):
        plan_build(MANIFEST, selected, set(), held, None)


def test_only_errors_block_and_only_exposed_models_are_published():
    assert blocking_tests(MANIFEST) == ["fct_unique"]
    assert published_parents(MANIFEST) == {"fct"}


def test_findings_are_kept_as_far_as_the_run_came(tmp_path):
    folder = findings.findings_folder(tmp_path, "run-1")
    assert folder == tmp_path / "runs" / "run-1" and folder == findings.findings_folder(tmp_path, "run-1")
    with duckdb.connect() as connection:
        connection.execute("""
            create schema quality;
            create table quality.files as select 2 as file_id, 'b.csv' as path, 'refused' as verdict
                union all select 1, 'a.csv', 'loaded' union all select 3, 'c.csv', 'unclaimed'
        """)
        findings.keep_findings(connection, folder, "blocked")
        findings.keep_failing_rows(connection, "select i from range(101) as rows (i)", folder / "checks" / "one.csv")
    assert (folder / "reason.txt").read_text("utf-8") == "blocked\n"
    assert (folder / "files.csv").read_text("utf-8-sig").split() == [
        "file_id,path,verdict",
        "2,b.csv,refused",
        "3,c.csv,unclaimed",
    ]
    assert not (folder / "quarantine.csv").exists()
    assert len((folder / "checks" / "one.csv").read_text("utf-8-sig").split()) == 101
