"""Rows that break a rule are set aside, and files are judged: one rule a test.

Cells are tested in `test_conform`, whole runs in `test_ingest`. Each verdict was worked out by hand from the contracts.
"""

from __future__ import annotations

from datetime import date

import pytest

from ingest.errors import Refused
from ingest.rows.read import read_batch
from tests.ingest.rows_bench import Bench

RESULTS = ["办件编号", "办结时间", "办结结果", "办件状态", "更新时间"]


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def result(number: object, finished: str = "2022-03-01 09:00:00", outcome: str = "准予", *rest: str) -> list[str]:
    return [str(number), finished, outcome, *(rest or ("办结", ""))]


def fillers(count: int) -> list[list[str]]:
    return [result(f"F{number}") for number in range(count)]


@pytest.mark.parametrize(
    ("row", "breach"),
    [
        (result("", "2022-03-01"), ("case_no", "required")),
        (result("1", ""), ("finished_at", "required")),
        (result("1", "1989-12-31 23:59:59"), ("finished_at", "implausible_date")),
        (result("1", "1990-01-01 00:00:00"), None),
        (result("1", "2099-12-31 23:59:59"), None),
        (result("1", "2100-01-01 00:00:00"), ("finished_at", "implausible_date")),
        (result("1" * 50), None),
        (result("1" * 51), ("case_no", "too_long")),
        (result("1.23457E+17"), ("case_no", "damaged_by_spreadsheet")),
        (result("9.9E+9"), ("case_no", "damaged_by_spreadsheet")),
        (result("6.40122e17"), ("case_no", "damaged_by_spreadsheet")),
        (result("640122202201010123.0"), ("case_no", "damaged_by_spreadsheet")),
        (result("A9.9E+9"), None),
        (result("9E12"), None),
        (result("2022.1"), None),
        (result("1", "2022-03-01", "请找13912345678"), ("result", "personal")),
        (result("1", "2022-03-01", "准予", "不明", ""), ("status", "unknown_code")),
        (["合计", "", "61", "", ""], ("", "total_row")),
        (["合计：61", "", "", "", ""], ("", "total_row")),
        (["总计件数", "", "", "", ""], ("", "total_row")),
        (RESULTS, ("", "repeated_header")),
        (["1", "三月", "办结结果", "办结", ""], ("finished_at", "not_a_timestamp")),
        (result("1", "2022-03-01", "1.23457E+17"), None),
        (["1", "2022-03-01"], ("", "too_few_cells")),
        ([*result("1"), "多"], ("", "too_many_cells")),
        (["合计", "61"], ("", "total_row")),
    ],
)
def test_a_row_that_breaks_a_rule_is_set_aside_by_its_name(bench, row, breach):
    bench.load("case_results", RESULTS, [*fillers(60), row, *fillers(1)])
    assert bench.breaches() == ([(1, 61, *breach)] if breach else [])
    assert bench.ask("select count(*), max(_record) from raw.case_results") == [(61 + (breach is None), 62)]


def test_a_record_without_any_value_is_a_fault_and_no_total(bench):
    bench.load("case_results", RESULTS, [["", "", "", "", ""], *fillers(60)])
    assert [rule for *_, rule in bench.breaches()] == ["required"] * 3


def test_a_date_may_be_missing_only_where_the_status_excuses_it(bench):
    header = ["办件编号", "事项名称", "办理形式", "受理部门", "办理地点", "办件状态", "受理时间"]
    rows = [
        [f"{n}", "许可", "窗口办理", "税务局", "政务大厅", status, ""]
        for n, status in enumerate(["待受理", "不予受理", "作废", "删除", "在办", "办结"])
    ]
    rows += [[f"F{n}", "许可", "窗口办理", "税务局", "政务大厅", "在办", "2022-03-01"] for n in range(200)]
    bench.load("cases", header, rows)
    assert bench.breaches() == [(1, 5, "accepted_at", "required"), (1, 6, "accepted_at", "required")]


def test_a_broken_row_whose_name_begins_like_a_total_is_a_fault(bench):
    header = ["日期", "单位", "次数"]
    rows = [
        ["小计量器具检定所", "", "1"],
        ["小计", "", "9"],
        ["合计0件", "", ""],
        *([["2022-03-01", "税务局", "1"]] * 99),
    ]
    (judgement,) = bench.load("extended_service", header, rows)
    assert (judgement.quarantined, judgement.refusal) == (3, None)
    assert bench.breaches() == [
        (1, 1, "org_name", "required"),
        (1, 1, "served_on", "not_a_date"),
        (1, 2, "", "total_row"),
        (1, 3, "", "total_row"),
    ]


def test_rows_of_a_file_after_a_malformed_one_keep_their_ordinals(bench):
    first = [result("a"), [], ["短"], result("b"), ["短"], result("c"), *fillers(200)]
    second = [["短", "短"], result("d"), result("e"), *fillers(200)]
    bench.load("case_results", RESULTS, first, second, [result("g")])
    found = bench.ask(
        "select _file_id, _record, case_no from raw.case_results where case_no not like 'F%' order by all"
    )
    assert found == [(1, 1, "a"), (1, 3, "b"), (1, 5, "c"), (2, 2, "d"), (2, 3, "e"), (3, 1, "g")]
    assert [row[:2] for row in bench.breaches()] == [(1, 2), (1, 4), (2, 1)]


def test_a_second_look_at_a_batch_loads_no_row_twice(bench):
    # rows of other batches must not pass for rows of this one
    bench.load("case_results", RESULTS, fillers(500), fillers(500))
    bench.next_id = 4
    first = [result("a"), *fillers(100)]
    second = [result("b", "2022-13-01"), result("c"), ["短"], result("d", "2022-03-01", "找王小明2022"), *fillers(200)]
    third = [result("e", "2022-13-01"), result("f"), *fillers(100)]
    judgements = bench.load("case_results", RESULTS, first, second, third)
    assert [(j.quarantined, j.refusal) for j in judgements] == [(0, None), (2, None), (1, None)]
    ours = "from raw.case_results where _file_id >= 4"
    counts = bench.ask(f"select _file_id, count(*), count(distinct _record) {ours} group by 1 order by 1")
    assert counts == [(4, 101, 101), (5, 202, 202), (6, 101, 101)]
    found = bench.ask(f"select _file_id, _record, case_no {ours} and case_no not like 'F%' order by all")
    assert found == [(4, 1, "a"), (5, 2, "c"), (5, 4, "d"), (6, 2, "f")]


def test_reading_leaves_the_settings_of_the_connection_as_they_were(bench):
    settings = "select current_setting('threads'), current_setting('preserve_insertion_order')"
    before = bench.ask(settings)
    assert before != [(1, False)]
    bench.load("case_results", RESULTS, [result("a"), result("b", "2022-13-01")])
    assert bench.ask(settings) == before


def test_what_duckdb_says_of_a_file_it_can_not_read_is_told_by_its_line_without_its_cells(bench):
    for message, place in (("CSV Error on Line: 7, 王小明", " at line 7"), ("no place, 王小明", "")):
        with pytest.raises(Refused) as refused:
            read_batch(bench.connection, None, f"select error('{message}')")
        assert str(refused.value) == f"can't be read as CSV{place}; export it again"


def test_a_row_carries_file_day_content_and_key(bench):
    bench.load("case_results", RESULTS, [result("a")], [result("a"), result("b")], day=None)
    bench.load("case_results", RESULTS, [result("a", "2022-03-05")], day=date(2022, 3, 5))
    rows = bench.ask(
        "select _file_id, _exported_on, source_system, _derived, _state from raw.case_results order by all"
    )
    assert rows == [
        (1, None, "desk", "", "loaded"),
        *[(2, None, "desk", "", "loaded")] * 2,
        (3, date(2022, 3, 5), "desk", "", "loaded"),
    ]
    hashes = "select count(distinct _row_hash), count(distinct _key_hash) from raw.case_results where case_no = 'a'"
    assert bench.ask(hashes) == [(2, 1)]
    expected = "select (md5_number('a') & 4294967295)::uinteger = any_value(_key_hash) from raw.case_results "
    assert bench.ask(expected + "where case_no = 'a'") == [(True,)]


@pytest.mark.parametrize(("bad", "is_refused"), [(2, False), (3, True)])
def test_a_file_is_refused_above_the_share_that_the_contract_tolerates(bench, bad, is_refused):
    rows = [result(n, "2022-03-01", "x", "不明", "") for n in range(bad)] + fillers(100 - bad)
    rows[-2:] = [["合计", "", "", "", ""], ["合计", "98"]]
    (judgement,) = bench.load("case_results", RESULTS, rows)
    assert bool(judgement.refusal) == is_refused
    assert judgement.quarantined == (100 if is_refused else bad + 2)
    if is_refused:
        assert judgement.refusal == (
            "3 of 100 records don't conform, more than the 2% that case_results tolerates: "
            "办件状态 unknown_code × 3 (（已遮蔽，2字）: give each its code under `codes` of the mapping); "
            "total_row × 2"
        )


def test_a_refusal_names_the_three_commonest_faults_in_words(bench):
    rows = [["短"]] * 4 + [result("1", "", "x")] * 3 + [result("1", "2022-03-01", "x", "不明", "")] * 2
    rows += [result("", "2022-03-01")]
    (judgement,) = bench.load("case_results", RESULTS, rows)
    assert judgement.refusal.endswith(
        "too_few_cells × 4; 办结时间 required × 3; 办件状态 unknown_code × 2 (（已遮蔽，2字）: "
        "give each its code under `codes` of the mapping)"
    )
    rows = [result("1", "2022-03-01", "x", "不明", ""), ["短"], result("1", ""), result("", "2022-03-01")]
    (judgement,) = bench.load("case_results", RESULTS, rows)
    assert judgement.refusal.endswith("too_few_cells × 1; 办件编号 required × 1; 办结时间 required × 1")


def test_a_refusal_shows_three_values_without_names_and_what_the_mapping_can_do(bench):
    dates = ["15/03/2022", "16/03/2022", "王小明", "17/03/2022", "99/03/2022"]
    (judgement,) = bench.load("case_results", RESULTS, [result(n, date) for n, date in enumerate(dates)])
    assert judgement.refusal.endswith(
        "办结时间 not_a_timestamp × 5 (15/03/2022、16/03/2022、17/03/2022: if these are dates, give their form under "
        "`date_formats`, as in %d/%m/%Y; if they mean no value, list them under `null_words`)"
    )
    (judgement,) = bench.load("case_results", RESULTS, [result(n, "王小明") for n in range(3)])
    assert "× 3 (（已遮蔽，3字）: if" in judgement.refusal


@pytest.mark.parametrize(
    ("records", "bad", "share", "is_refused"),
    [
        (2, 2, None, False),
        (3, 3, None, True),
        (100, 3, 0.1, False),
        (100, 10, 0.1, False),
        (100, 11, 0.1, True),
        (1000, 3, 0.0, True),
        (1000, 2, 0.0, False),
    ],
)
def test_a_mapping_may_tolerate_more_or_less_and_two_bad_rows_always(bench, records, bad, share, is_refused):
    rows = [result(n, "2022-03-01", "x", "不明", "") for n in range(bad)] + fillers(records - bad)
    (judgement,) = bench.load("case_results", RESULTS, rows, max_bad_share=share)
    assert bool(judgement.refusal) == is_refused
    assert judgement.quarantined == (records if is_refused else bad)


def test_a_last_record_that_is_cut_off_refuses_the_file_and_a_total_there_does_not(bench):
    (cut,) = bench.load("case_results", RESULTS, [*fillers(99), ["99", "2022"]], end="")
    assert cut.refusal == "is cut off in record 100; fetch or export it again"
    (total,) = bench.load("case_results", RESULTS, [*fillers(99), ["合计", "99"]], end="")
    (whole,) = bench.load("case_results", RESULTS, [*fillers(99), ["99", "2022"]])
    assert (total.refusal, total.quarantined, whole.refusal, whole.quarantined) == (None, 1, None, 1)


def test_quarantine_shows_what_the_office_wrote_but_nobody_s_name(bench):
    rows = [
        result("1", "王小明", "准予"),
        result("2", "2022-13-01", "准予"),
        result("3", "2022-03-01", "请找13912345678"),
        result("4", "2022-03-01", "x", "不明", ""),
        ["短"],
        *fillers(400),
    ]
    bench.load("case_results", RESULTS, rows)
    found = bench.ask("select record, header, rule, value, path, run_id from quality.quarantine order by record")
    assert [row[:4] for row in found] == [
        (1, "办结时间", "not_a_timestamp", "（已遮蔽，3字）"),
        (2, "办结时间", "not_a_timestamp", "2022-13-01"),
        (3, "办结结果", "personal", "（已遮蔽，13字）"),
        (4, "办件状态", "unknown_code", "（已遮蔽，2字）"),
        (5, "", "too_few_cells", None),
    ]
    assert {row[4:] for row in found} == {("desk/1.csv", "run")}
