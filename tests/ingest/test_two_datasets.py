"""Tests a file that feeds two datasets: each has its entry in the ledger, its rows, its counts and its quarantine.

It asserts rows that were worked out on paper. Files of one dataset are tested in test_ingest.py and test_quarantine.py.
"""

from __future__ import annotations

import shutil

import pytest

from tests.ingest.conftest import COUNTY, mapping, read_anew, state

DESK = """source: desk
name: 窗口系统
max_bad_share: 0.5
exports:
  - dataset: cases
    files: ["desk/*.csv"]
    columns: {case_no: [编号], item_name: [事项], org_name: [部门], accepted_at: [受理], finished_at: [办结]}
    null_words: [未办结]
    constants: {venue: hall, channel: counter}
    derived: {status: {from: finished_at, filled: finished, blank: in_progress}}
  - dataset: evaluations
    files: ["desk/*.csv"]
    columns: {case_no: [编号], level: [评价], evaluated_at: [评价时间]}
    constants: {case_source: desk, channel: 大厅平板}
    derived: {evaluation_no: {from: case_no, ordinal: true}}
"""
HEADER = "编号,事项,部门,受理,办结,评价,评价时间"
ROWS = [
    "A1,许可,税务局,2022-01-04,2022-01-05,满意,2022-01-05",
    "A2,许可,税务局,2022-01-04,未办结,满意,2022-01-06",
    "A3,许可,税务局,元月四日,,满意,2022-01-06",
    "A4,许可,税务局,2022-01-04,,,",
    "A5,许可,税务局,2022-01-04,,不详,2022-01-06",
]


@pytest.fixture
def desk(landing, tmp_path):
    landing.county = tmp_path / "county"
    shutil.copytree(COUNTY, landing.county)
    mapping(landing.county, DESK, "desk")
    landing.put("desk/202201.csv", *ROWS, header=HEADER)
    return landing


def entries(landing) -> list[tuple]:
    return landing.ask(
        "select path, dataset, verdict, rows_read, rows_loaded, rows_quarantined, unknown_headers from quality.files "
        "where verdict <> 'replaced' order by path, dataset"
    )


BOTH = [
    ("desk/202201.csv", "cases", "loaded", 5, 4, 1, ""),
    ("desk/202201.csv", "evaluations", "loaded", 5, 3, 2, ""),
]


def test_each_dataset_has_its_entry_its_rows_and_its_quarantine(desk):
    report = desk.run()
    assert (report.files, report.new_files, report.rows_read) == (1, 1, {"cases": 5, "evaluations": 5})
    assert entries(desk) == BOTH
    assert desk.ask("select case_no from raw.evaluations order by 1") == [("A1",), ("A2",), ("A3",)]
    assert desk.ask(
        "select dataset, record, column_name, rule from quality.quarantine join quality.files "
        "using (file_id) order by all"
    ) == [
        ("cases", 3, "accepted_at", "not_a_timestamp"),
        ("evaluations", 4, "evaluated_at", "required"),
        ("evaluations", 4, "level", "required"),
        ("evaluations", 5, "level", "unknown_code"),
    ]


def test_a_status_is_told_by_whether_a_date_is_filled_in(desk):
    desk.run()
    assert desk.ask("select case_no, status, _derived from raw.cases order by 1") == [
        ("A1", "finished", "channel,status,venue"),
        ("A2", "in_progress", "channel,status,venue"),
        ("A4", "in_progress", "channel,status,venue"),
        ("A5", "in_progress", "channel,status,venue"),
    ]


def test_the_next_run_reads_neither_again_and_a_changed_file_both(desk):
    desk.run()
    assert desk.run().new_files == 0
    desk.put("desk/202201.csv", *ROWS[:2], header=HEADER)
    assert desk.run().rows_read == {"cases": 2, "evaluations": 2}
    assert [entry[3:6] for entry in entries(desk)] == [(2, 2, 0), (2, 2, 0)]
    assert state(desk) == read_anew(desk, desk.county)


def test_a_mapping_that_changes_for_one_dataset_reads_the_file_for_that_one(desk):
    desk.run()
    mapping(desk.county, DESK + "    codes: {level: {不详: 基本满意}}\n", "desk")
    assert desk.run().rows_read == {"evaluations": 5}
    assert [entry[4:6] for entry in entries(desk)] == [(4, 1), (4, 1)]
    assert state(desk) == read_anew(desk, desk.county)


def test_a_dataset_that_the_mapping_gives_up_leaves_the_warehouse(desk):
    desk.run()
    mapping(desk.county, DESK[: DESK.index("  - dataset: evaluations")], "desk")
    desk.run()
    assert [entry[:2] for entry in entries(desk)] == [("desk/202201.csv", "cases")]
    assert desk.ask("select count(*) from raw.evaluations") == [(0,)]
    assert desk.ask("select count(*) from raw.cases") == [(4,)]


def test_a_file_may_be_refused_for_one_dataset_and_loaded_for_the_other(desk):
    mapping(desk.county, DESK.replace("max_bad_share: 0.5\n", ""), "desk")
    rows = [row.replace("满意", "不详") for row in ROWS]
    desk.put("desk/202201.csv", *rows, header=HEADER)
    assert [name for name, _ in desk.run().refused] == ["desk/202201.csv"]
    assert [entry[1:6] for entry in entries(desk)] == [
        ("cases", "loaded", 5, 4, 1),
        ("evaluations", "refused", 5, 0, 5),
    ]


def test_one_dataset_twice_or_two_sources_are_still_an_error(desk):
    again = "  - {dataset: cases, files: ['desk/2022*.csv']}\n"
    mapping(desk.county, DESK + again, "desk")
    ((_, reason),) = desk.run().unclaimed
    assert "claimed by desk (cases) and desk (evaluations) and desk (cases)" in reason
    mapping(desk.county, DESK, "desk")
    mapping(desk.county, DESK.replace("source: desk", "source: other"), "other")
    assert len(desk.run().unclaimed) == 1
