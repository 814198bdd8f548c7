"""What mappings make of exports that lack what the contract asks for: values derived and flagged, totals set aside.

Faults of mappings are tested beside. It asserts rows that were worked out on paper.
"""

from __future__ import annotations

import shutil
from datetime import datetime

import pytest

from tests.ingest.conftest import COUNTY, case, mapping

WINDOWS = """source: hall
name: 大厅
exports:
  - dataset: cases
    files: ["hall/*.csv"]
    date_in_path: '(\\d{4})(\\d{2})(\\d{2})?'
    columns:
      {case_no: [编号], item_name: [事项], window_name: [窗口], org_name: [部门], accepted_at: [受理], status: [状态]}
    ignored: [备注]
    constants: {channel: counter}
    derived:
      org_name: {from: window_name, pattern: '^[^0-9]+', lookup: {税务: 县税务局, 民政: 县民政局}}
      venue: {from: org_name, lookup: organisations.csv}
      town_name: {from: file_name, pattern: '([^/_]+镇)'}
    date_formats: ["%d/%m/%Y"]
    null_words: [暂缺, 未知]
    codes: {status: {"1": in_progress, 结: finished}}
    total_row_markers: [合计, 本页小计]
"""
WINDOWS_HEADER = "编号,事项,窗口,部门,受理,状态,备注"


@pytest.fixture
def hall(landing, tmp_path):
    """The landing folder of a county whose only mapping is `WINDOWS`."""
    landing.county = tmp_path / "county"
    shutil.copytree(COUNTY, landing.county)
    mapping(landing.county, WINDOWS)
    (landing.county / "organisations.csv").write_text(
        "org_name,printed_name,venue,town_name,keeps_ledger\n县税务局,税务窗口,hall,,true\n县民政局,民政窗口,hall,,true\n"
        "河东镇民生服务中心,河东镇民生服务中心,township,河东镇,true\n",
        encoding="utf-8",
    )
    return landing


def test_what_the_export_lacks_is_derived_row_by_row_and_flagged(hall):
    rows = [
        "A1,甲事项,税务3号窗口,,03/04/2022,1,随意",
        "A2,乙事项,税务,河东镇民生服务中心,2022-04-05,在办,",
        "A3,丙事项,民政1,,05/04/2022,结,",
        "A4,丁事项,暂缺,县民政局,2022-04-07,办结,",
    ]
    hall.put("hall/河东镇_202204.csv", *rows, header=WINDOWS_HEADER)
    hall.run()
    assert hall.ask("""
        select case_no, org_name, venue, window_name, accepted_at, status, _derived from raw.cases order by 1
    """) == [
        ("A1", "县税务局", "hall", "税务3号窗口", at(3), "in_progress", "channel,org_name,town_name,venue"),
        ("A2", "河东镇民生服务中心", "township", "税务", at(5), "in_progress", "channel,town_name,venue"),
        ("A3", "县民政局", "hall", "民政1", at(5), "finished", "channel,org_name,town_name,venue"),
        ("A4", "县民政局", "hall", None, at(7), "finished", "channel,town_name,venue"),
    ]
    assert hall.ask("select distinct town_name, unknown_headers from raw.cases, quality.files") == [("河东镇", "")]
    assert hall.ask("select found from quality.drift where kind = 'added'") == []


def test_what_can_not_be_derived_is_set_aside_with_what_it_hangs_on(hall):
    rows = [f"A{n},甲事项,税务{n},,2022-04-03,1," for n in range(1, 100)]
    hall.put("hall/202204.csv", *rows, "A100,甲事项,神秘窗口,,2022-04-03,1,", header=WINDOWS_HEADER)
    hall.run()
    assert hall.counts("hall/202204.csv") == ("loaded", 100, 99, 0, 0, 1)
    assert hall.ask("select record, column_name, rule, value from quality.quarantine order by 2") == [
        (100, "org_name", "not_derived", "（已遮蔽，4字）"),
        (100, "venue", "not_derived", None),
    ]


def test_total_rows_are_set_aside_and_are_no_fault_of_the_file(hall):
    rows = ["A1,甲事项,税务,,2022-04-03,1,", "A2,甲事项,税务,,2022-04-03,1,"]
    totals = ["合　计,,2,,,,", ",合计：2件,,,,,", "本页小计,2", '" 合计",2,,,,,', "合计办件数,,,,,,"]
    hall.put("hall/202204.csv", *rows, *totals, header=WINDOWS_HEADER)
    hall.run()
    assert hall.counts("hall/202204.csv") == ("loaded", 7, 2, 0, 0, 5)
    assert hall.ask("select record, column_name, rule from quality.quarantine order by 1") == [
        (n, "", "total_row") for n in range(3, 8)
    ]


@pytest.mark.parametrize(
    "row", ["A3,合计量器具检定,税务,,2022-04-03,不明,", "合计证A3,合计事项,税务,,,1,", "小计,,,,,,", "A3"]
)
def test_a_row_that_is_wrong_is_no_total(hall, row):
    hall.put("hall/202204.csv", "A1,甲事项,税务,,2022-04-03,1,", row, row, row, header=WINDOWS_HEADER)
    hall.run()
    if row.startswith("合计证"):
        # its number begins like a marker: told apart only by a person, and never loaded
        assert hall.counts("hall/202204.csv") == ("loaded", 4, 1, 0, 0, 3)
    else:
        assert hall.counts("hall/202204.csv")[0] == "refused"


def test_a_row_whose_first_cell_begins_like_a_total_is_none_while_it_has_a_number(hall):
    rows = ["甲事项,A1,税务,,2022-04-03,1,", *(f"合计量器具检定,A{n},税务,,2022-04-03,不明," for n in (2, 3, 4))]
    hall.put("hall/202204.csv", *rows, header="事项,编号,窗口,部门,受理,状态,备注")
    assert "办件状态 unknown_code × 3" in hall.run().refused[0][1]


def test_a_total_in_a_table_without_key_is_no_service(landing):
    landing.county = landing.home / "county"
    shutil.copytree(COUNTY, landing.county)
    text = "source: hall\nname: x\nexports:\n  - {dataset: extended_service, files: ['*.csv']}\n"
    mapping(landing.county, text)
    landing.put("延时.csv", "2022-01-05,税务窗口,5", "总计,2022-01-31,5", header="日期,单位,次数")
    landing.put("延时二.csv", "税务窗口,2022-01-06,2", "总计,2022-01-31,2", header="单位,日期,次数")
    landing.run()
    assert landing.ask("select sum(times), count(*) from raw.extended_service") == [(7, 2)]


DERIVED = "case_source,channel,evaluated_at,evaluation_no"
RATINGS = """source: rating
name: 评价
exports:
  - dataset: evaluations
    files: ["rating/*.csv"]
    date_in_path: '(\\d{4})(\\d{2})(\\d{2})?'
    constants: {case_source: hall, channel: 大厅平板}
    derived:
      evaluation_no: {from: [case_no, round], ordinal: true}
      evaluated_at: {from: file_date}
"""


@pytest.fixture
def ratings(landing, tmp_path):
    landing.county = tmp_path / "county"
    shutil.copytree(COUNTY, landing.county)
    mapping(landing.county, RATINGS, "rating")
    return landing


def test_evaluations_are_numbered_by_case_round_and_place_in_the_file(ratings):
    rows = ["A1,满意,首次", "A2,满意,", "A1,不满意,追评", "A1,非常满意,首次", "A2,满意,"]
    ratings.put("rating/20220405.csv", *rows, header="办件编号,满意度,评价次数")
    ratings.run()
    assert ratings.ask("""
        select evaluation_no, level, evaluated_at, _record, _derived from raw.evaluations order by _record
    """) == [
        ("A1-首次-1", "满意", at(5), 1, DERIVED),
        ("A2-1", "满意", at(5), 2, DERIVED),
        ("A1-追评-1", "不满意", at(5), 3, DERIVED),
        ("A1-首次-2", "非常满意", at(5), 4, DERIVED),
        ("A2-2", "满意", at(5), 5, DERIVED),
    ]


def test_rows_stay_in_file_order_when_they_are_numbered(ratings):
    for month in (1, 2, 3):
        lines = [f"A{n},满意,首次" for n in range(1, 30_001)]
        lines[999] = "A1000,不明,首次"
        ratings.put(f"rating/20220{month}.csv", *lines, header="办件编号,满意度,评价次数")
    ratings.run()
    assert ratings.ask("select count(*) from raw.evaluations where case_no <> 'A' || _record") == [(0,)]
    assert ratings.ask("select distinct record, value from quality.quarantine") == [(1000, "（已遮蔽，2字）")]


def test_numbers_of_satisfaction_without_a_map_are_never_guessed(ratings):
    rows = [f"A{n},满意,首次" for n in range(1, 100)]
    ratings.put("rating/202204.csv", *rows, "A100,5,首次", header="办件编号,满意度,评价次数")
    ratings.put("rating/202205.csv", "A200,1,首次", "A201,5,首次", "A202,5,首次", header="办件编号,满意度,评价次数")
    report = ratings.run()
    assert ratings.ask("select record, column_name, rule, value from quality.quarantine where path like '%04.csv'") == [
        (100, "level", "unknown_code", "（已遮蔽，1字）")
    ]
    ((name, reason),) = report.refused
    assert name == "rating/202205.csv" and "满意度 unknown_code" in reason
    # one line of mapping mends both files
    mapping(ratings.county, RATINGS + "    codes: {level: {'1': 非常满意, '5': 非常不满意}}\n", "rating")
    for path in (ratings.home / "exports" / "rating").iterdir():
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    ratings.run()
    assert ratings.ask("select case_no, level from raw.evaluations where level <> '满意' order by 1") == [
        ("A100", "非常不满意"),
        ("A200", "非常满意"),
        ("A201", "非常不满意"),
        ("A202", "非常不满意"),
    ]


def test_a_file_without_a_date_gives_no_derived_moment(ratings):
    ratings.put("rating/all.csv", *(f"A{n},满意,首次" for n in (1, 2, 3)), header="办件编号,满意度,评价次数")
    assert "评价时间 not_derived × 3" in ratings.run().refused[0][1]


def test_a_constant_is_flagged_and_a_given_cell_is_not(landing):
    landing.put("hall/202201.csv", case(1))
    landing.run()
    assert landing.ask("select _derived from raw.cases") == [("venue",)]


def at(day: int) -> datetime:
    return datetime(2022, 4, day)
