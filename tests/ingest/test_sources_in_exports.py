"""Tests exports whose rows name their source, such as one file of pauses for three systems.

It asserts keys, versions, counts and changes that were worked out on paper. How a file without such a column is read
is tested in test_ingest.py; checks of the ledger in tests/dagster_project.
"""

from __future__ import annotations

import shutil

import pytest

from dagster_project.gate.ingest_checks import judge_ledger
from ingest.errors import MappingError
from ingest.mapping.load import load_sources
from tests.ingest.conftest import COUNTY, case, mapping, state

DESK = """source: desk
name: 乡镇窗口系统
precedence: 2
case_no_scope: own
exports:
  - dataset: cases
    files: ["desk/*.csv"]
    columns: {case_no: [业务编号]}
    constants: {venue: hall}
"""
CENTRE = """source: centre
name: 数据中心
exports:
  - dataset: case_pauses
    files: ["centre/pauses*.csv"]
    date_in_path: '(\\d{4})(\\d{2})(\\d{2})'
    columns: {source_system: [数据来源, 系统]}
    codes: {source_system: {"02": desk}}
  - dataset: evaluations
    files: ["centre/ratings*.csv"]
"""
PAUSES = "数据来源,办件编号,种类,开始时间,结束时间"
RATINGS = "评价编号,办件编号,办件来源,评价渠道,满意度,评价时间"


@pytest.fixture
def centre(landing, tmp_path):
    """A county with two systems that export cases and one that exports the pauses of both; three cases are loaded."""
    landing.county = tmp_path / "county"
    shutil.copytree(COUNTY, landing.county)
    mapping(landing.county, DESK, "desk")
    mapping(landing.county, CENTRE, "centre")
    landing.put("hall/202201.csv", case(1), case(2))
    landing.put("desk/202201.csv", case(1))
    return landing


def pause(source: str, number: int = 1, ended: str = "") -> str:
    return f"{source},A{number},特别程序,2022-02-01 09:00:00,{ended}"


def strays(landing) -> dict[str, list[str]]:
    with landing.connect() as connection:
        judged = {check.name: [row["path"] for row in rows] for check, rows in judge_ledger(connection, [])}
    return {name.split("_")[0]: paths for name, paths in judged.items() if name.endswith("_have_their_case") and paths}


def test_one_file_of_pauses_finds_the_cases_of_every_system(centre):
    rows = [pause("hall"), pause("政务大厅系统", 2), pause("02"), pause("乡镇窗口系统", 9)]
    centre.put("centre/pauses_20220228.csv", *rows, header=PAUSES)
    centre.run()
    assert centre.ask("select source_system, case_no, _derived from raw.case_pauses order by all") == [
        ("desk", "A1", ""),
        ("desk", "A9", ""),
        ("hall", "A1", ""),
        ("hall", "A2", ""),
    ]
    assert strays(centre) == {"pauses": ["centre/pauses_20220228.csv"]}
    centre.put("desk/202202.csv", case(9))
    centre.run()
    assert strays(centre) == {}


@pytest.mark.parametrize("row", [pause("desk", 2), pause("hall", 7)])
def test_a_number_means_something_else_in_a_system_with_numbers_of_its_own(centre, row):
    centre.put("desk/202202.csv", case(7))
    centre.put("centre/pauses_20220228.csv", row, header=PAUSES)
    centre.run()
    assert strays(centre) == {"pauses": ["centre/pauses_20220228.csv"]}


def test_a_source_that_is_none_is_quarantined_and_a_blank_is_not_guessed(centre):
    rows = [pause("hall", number) for number in range(100)]
    centre.put("centre/pauses_20220228.csv", *rows, pause("人社"), pause(""), header=PAUSES)
    centre.run()
    assert centre.ask("select record, column_name, rule, value from quality.quarantine order by all") == [
        (101, "source_system", "unknown_code", "（已遮蔽，2字）"),
        (102, "source_system", "required", None),
    ]
    assert centre.counts("centre/pauses_20220228.csv") == ("loaded", 102, 100, 0, 0, 2)


def test_versions_counts_and_changes_are_told_apart_by_source(centre):
    centre.put("centre/pauses_20220228.csv", pause("hall"), pause("desk"), header=PAUSES)
    centre.run()
    with centre.connect() as connection:
        connection.execute("delete from changes.case_pauses")
    centre.put("centre/pauses_20220301.csv", pause("大厅", 3), pause("desk", 1, "2022-02-03"), header=PAUSES)
    text = CENTRE.replace('"02": desk', '"02": desk, 大厅: hall')
    mapping(centre.county, text, "centre")
    centre.run()
    assert centre.counts("centre/pauses_20220228.csv") == ("loaded", 2, 1, 1, 0, 0)
    assert centre.counts("centre/pauses_20220301.csv") == ("loaded", 2, 2, 0, 0, 0)
    changes = "select source_system, case_no, ended_at::date::varchar, _state from changes.case_pauses order by all"
    assert centre.ask(changes) == [
        ("desk", "A1", "2022-02-03", "came"),
        ("desk", "A1", None, "went"),
        ("hall", "A3", None, "came"),
    ]
    built_by_days = state(centre)
    (centre.home / "build" / "warehouse.duckdb").unlink()
    centre.run()
    assert state(centre) == built_by_days


def test_without_a_word_in_the_mapping_rows_are_of_its_own_source(centre):
    mapping(
        centre.county, CENTRE.replace("source_system: [数据来源, 系统]", "").replace("codes: {source", "#"), "centre"
    )
    centre.put("centre/pauses_20220228.csv", pause("hall"), pause("人社", 2), header=PAUSES)
    centre.run()
    assert centre.ask("select distinct source_system from raw.case_pauses") == [("centre",)]
    # A header that decides nothing is reported, so that nobody takes it for read.
    assert centre.ask("select path, unknown_headers from quality.files where unknown_headers <> ''") == [
        ("centre/pauses_20220228.csv", "数据来源")
    ]


@pytest.mark.parametrize(
    "given",
    [
        "constants: {source_system: desk}",
        "derived: {source_system: {from: file_name, pattern: 'centre/pauses_(desk|hall)'}}",
    ],
)
def test_a_constant_or_the_name_of_a_file_gives_the_source_too(centre, given):
    text = CENTRE.replace("columns: {source_system: [数据来源, 系统]}", given).replace("codes: {source", "#")
    mapping(centre.county, text, "centre")
    centre.put("centre/pauses_desk_20220228.csv", pause(""), header=PAUSES)
    centre.run()
    assert centre.ask("select source_system, _derived from raw.case_pauses") == [("desk", "source_system")]
    assert strays(centre) == {}


def test_the_source_of_an_evaluated_case_may_be_written_by_its_name(centre):
    rows = [f"E{n},A1,{source},PC端,满意,2022-02-01" for n, source in enumerate(["hall", "乡镇窗口系统"])]
    centre.put("centre/ratings.csv", *rows, header=RATINGS)
    centre.run()
    assert centre.ask("select case_source, source_system from raw.evaluations order by all") == [
        ("desk", "centre"),
        ("hall", "centre"),
    ]


@pytest.mark.parametrize(
    ("sound", "wrong", "place"),
    [
        ('"02": desk', '"02": desc', "8:"),
        ("columns: {source_system", "constants: {source_system: desc}\n    columns: {kind", "7:"),
        ("codes: {source", "derived: {source_system: {from: kind, lookup: {转报: desc}}}\n    codes: {source", "8:"),
    ],
)
def test_a_mapping_may_name_only_sources_of_the_jurisdiction(centre, sound, wrong, place):
    path = mapping(centre.county, CENTRE.replace(sound, wrong), "centre")
    with pytest.raises(MappingError) as raised:
        load_sources(centre.county)
    assert str(raised.value).startswith(f"{path}:{place}")
    assert "'desc' is no source of this jurisdiction; did you mean desk?" in str(raised.value)
