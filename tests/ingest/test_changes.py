"""Which version of a key is current, and what `changes` records of it.

Orders of arrival at random are tested in `test_versions`. Each state was worked out by hand.
"""

from __future__ import annotations

from datetime import date

import pytest

from ingest.mapping.load import load_contracts
from ingest.rows import settle
from ingest.rows.changes import clear_changes
from ingest.rows.load import remove_files
from ingest.rows.raw_tables import hash_key
from tests.ingest.rows_bench import Bench

RESULTS = ["办件编号", "办结时间", "办结结果", "办件状态", "更新时间"]
DUTIES = ["日期", "制度", "单位"]
STATES = "select case_no, _file_id, _state from raw.case_results order by all"
CHANGES = "select case_no, _file_id, _state from changes.case_results order by all"


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def result(number: str, outcome: str = "准予", updated: str = "") -> list[str]:
    return [number, "2022-03-01 09:00:00", outcome, "办结", updated]


def test_the_newest_version_is_current_by_update_then_export_then_content(bench):
    bench.load("case_results", RESULTS, [result("a", "旧", "2022-03-02"), result("b", "旧"), result("c", "甲")])
    bench.load("case_results", RESULTS, [result("a", "新", "2022-03-01"), result("b", "新")], day=date(2022, 4, 1))
    bench.load("case_results", RESULTS, [result("c", "甲"), result("d"), result("d")])
    bench.settle("case_results", 1)
    assert bench.ask(STATES) == [
        ("a", 1, "loaded"),
        ("a", 2, "superseded"),
        ("b", 1, "superseded"),
        ("b", 2, "loaded"),
        ("c", 1, "loaded"),
        ("c", 3, "duplicate"),
        ("d", 3, "duplicate"),
        ("d", 3, "loaded"),
    ]


@pytest.mark.parametrize(
    ("dataset", "number"),
    [
        ("cases", "case_no"),
        ("case_pauses", "case_no"),
        ("evaluations", "evaluation_no"),
        ("items", "item_code"),
        ("certificates", "certificate_id"),
        ("county_indicators", "county_code"),
    ],
)
def test_a_row_is_found_by_the_number_in_its_key(dataset, number):
    assert hash_key(load_contracts()[dataset], "") == f"(md5_number({number}) & 4294967295)::uinteger"


def test_the_same_number_of_two_sources_is_two_cases(bench):
    bench.load("case_results", RESULTS, [result("a")])
    bench.load("case_results", RESULTS, [result("a")])
    bench.connection.execute("update raw.case_results set source_system = 'hall' where _file_id = 2")
    bench.settle("case_results", 1)
    assert {state for *_, state in bench.ask(STATES)} == {"loaded"}


def test_a_change_names_what_came_and_what_went(bench):
    bench.load("case_results", RESULTS, [result("a", "旧"), result("b")])
    bench.settle("case_results", 1)
    assert bench.ask(CHANGES) == [("a", 1, "came"), ("b", 1, "came")]
    clear_changes(bench.connection)
    assert bench.ask(CHANGES) == []
    bench.load("case_results", RESULTS, [result("a", "新"), result("b"), result("c")], day=date(2022, 4, 1))
    assert bench.settle("case_results", 2) == [1, 2]
    # b is the same row of a newer file: nothing changed for whoever counts it
    assert bench.ask(CHANGES) == [("a", 1, "went"), ("a", 2, "came"), ("c", 2, "came")]


def test_removed_rows_give_way_to_the_version_before(bench):
    bench.load("case_results", RESULTS, [result("a", "旧"), result("b")])
    bench.load("case_results", RESULTS, [result("a", "新"), result("b")], day=date(2022, 4, 1))
    bench.settle("case_results", 1)
    clear_changes(bench.connection)
    assert remove_files(bench.connection, [("desk/2.csv", "case_results"), ("desk/none.csv", "case_results")]) == {
        "case_results"
    }
    bench.settle("case_results", 3)
    assert bench.ask(STATES) == [("a", 1, "loaded"), ("b", 1, "loaded")]
    assert bench.ask(CHANGES) == [("a", 1, "came"), ("a", 2, "went")]
    counts = "rows_read, rows_loaded, rows_superseded, rows_duplicate, rows_quarantined"
    assert bench.ask(f"select path, verdict, {counts} from quality.files order by 1") == [
        ("desk/1.csv", "loaded", 2, 0, 0, 0, 0),
        ("desk/2.csv", "replaced", 0, 0, 0, 0, 0),
    ]


def test_a_superseded_row_that_is_removed_changes_nothing(bench):
    bench.load("case_results", RESULTS, [result("a", "旧")])
    bench.load("case_results", RESULTS, [result("a", "新")], day=date(2022, 4, 1))
    bench.settle("case_results", 1)
    clear_changes(bench.connection)
    remove_files(bench.connection, [("desk/1.csv", "case_results")])
    assert bench.settle("case_results", 3) == []
    assert bench.ask(STATES) == [("a", 2, "loaded")] and bench.ask(CHANGES) == []


def test_rows_without_a_key_stand_as_often_as_one_file_has_them(bench):
    once, twice = ["2022-03-01", "首问负责", "税务局"], ["2022-03-02", "首问负责", "医保局"]
    bench.load("duty_ledger", DUTIES, [once, twice, twice], [twice, once])
    bench.settle("duty_ledger", 1)
    states = "select org_name, _file_id, _record, _state from raw.duty_ledger order by all"
    assert bench.ask(states) == [
        ("医保局", 1, 2, "loaded"),
        ("医保局", 1, 3, "loaded"),
        ("医保局", 2, 1, "duplicate"),
        ("税务局", 1, 1, "loaded"),
        ("税务局", 2, 2, "duplicate"),
    ]


@pytest.mark.parametrize(("old", "new", "is_bulk"), [(0, 4, True), (3, 4, True), (4, 4, False), (0, 2, False)])
def test_where_most_rows_are_new_no_change_is_recorded_and_models_are_built_in_full(
    bench, monkeypatch, old, new, is_bulk
):
    monkeypatch.setattr(settle, "_BULK", 2)
    bench.connection.execute("create table quality.built (made_of varchar)")
    bench.load("case_results", RESULTS, [result(f"o{n}") for n in range(old)])
    bench.load("case_results", RESULTS, [result(f"n{n}") for n in range(new)])
    assert bench.settle("case_results", 2) == ([1, 2] if is_bulk else [2])
    built = bench.ask("select 1 from duckdb_tables() where table_name = 'built'")
    assert bool(built) != is_bulk
    assert len(bench.ask(CHANGES)) == (0 if is_bulk else new)


def test_a_bulk_settles_keys_that_stood_before_too(bench, monkeypatch):
    monkeypatch.setattr(settle, "_BULK", 1)
    bench.load("case_results", RESULTS, [result("a", "旧"), result("b")])
    bench.settle("case_results", 1)
    bench.load("case_results", RESULTS, [result("a", "新"), result("c"), result("d")], day=date(2022, 4, 1))
    bench.settle("case_results", 2)
    assert bench.ask(STATES)[:2] == [("a", 1, "superseded"), ("a", 2, "loaded")]
    remove_files(bench.connection, [("desk/2.csv", "case_results")])
    bench.load("case_results", RESULTS, [result(f"e{n}") for n in range(9)])
    bench.settle("case_results", 3)
    assert bench.ask(STATES)[0] == ("a", 1, "loaded")
