"""Cells become typed values: times, numbers, codes, words for nothing, defaults; one rule a test.

Whole runs are tested in `test_ingest`. Each value was worked out by hand from the contracts.
"""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from ingest.rows.conform import define_conform_macros
from tests.ingest.rows_bench import Bench

RESULTS = ["办件编号", "办结时间", "办结结果", "办件状态", "更新时间"]
SERVICES = ["日期", "单位", "开始", "次数"]
ITEMS = ["实施编码", "事项名称", "事项状态", "到现场次数", "是否网办", "生效日期"]


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def result(number: object, finished: str = "2022-03-01 09:00:00", outcome: str = "准予", *rest: str) -> list[str]:
    return [str(number), finished, outcome, *(rest or ("办结", ""))]


def fillers(count: int) -> list[list[str]]:
    return [result(f"F{number}") for number in range(count)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2022-03-01 09:05:00", datetime(2022, 3, 1, 9, 5)),
        ("2022-03-01", datetime(2022, 3, 1)),
        ("2022/3/1 9:05:07", datetime(2022, 3, 1, 9, 5, 7)),
        ("2022/3/1 9:05", datetime(2022, 3, 1, 9, 5)),
        ("2022/03/01", datetime(2022, 3, 1)),
        ("20220301090507", datetime(2022, 3, 1, 9, 5, 7)),
        ("20220301", datetime(2022, 3, 1)),
        ("2022年3月1日", datetime(2022, 3, 1)),
        ("2022年3月1日 9:05:07", datetime(2022, 3, 1, 9, 5, 7)),
        ("2022年3月1日 9:05", datetime(2022, 3, 1, 9, 5)),
        ("2022.3.1", datetime(2022, 3, 1)),
        ("２０２２－０３－０１", datetime(2022, 3, 1)),
        ("2022-03-01T09:05:00+08:00", datetime(2022, 3, 1, 9, 5)),
        ("2022-03-01 09:05:00.250", datetime(2022, 3, 1, 9, 5, 0, 250_000)),
        ("44621", datetime(2022, 3, 1)),
        ("44621.5", datetime(2022, 3, 1, 12)),
        ("40000", datetime(2009, 7, 6)),
        ("2022-02-30", None),
        ("2022-03-01 09:05:00 PM", None),
        ("2022-03-01T09:05:00Z", None),
        ("74621", None),
        ("三月一日", None),
    ],
)
def test_a_time_is_read_as_offices_write_it(bench, written, meant):
    bench.load("case_results", RESULTS, [result(1, written), *fillers(60)])
    found = bench.ask("select finished_at from raw.case_results where case_no = '1'")
    assert found == ([(meant,)] if meant else [])
    assert bench.breaches() == ([] if meant else [(1, 1, "finished_at", "not_a_timestamp")])


def test_a_format_of_the_mapping_is_tried_before_the_usual_ones(bench):
    bench.load("case_results", RESULTS, [result(1, "03/01/2022"), result(2)], date_formats=["%d/%m/%Y"])
    times = bench.ask("select finished_at from raw.case_results order by case_no")
    assert times == [(datetime(2022, 1, 3),), (datetime(2022, 3, 1, 9),)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3", 3),
        ("+3", 3),
        ("-2", -2),
        ("03", 3),
        ("3.0", 3),
        ("３", 3),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("3.7", None),
        ("1e3", None),
        ("三次", None),
    ],
)
def test_an_integer_is_never_rounded(bench, written, meant):
    rows = [["2022-03-01", "税务局", "", written], *([["2022-03-01", "税务局", "", "1"]] * 60)]
    bench.load("extended_service", SERVICES, rows)
    assert bench.ask("select times from raw.extended_service where _record = 1") == ([(meant,)] if meant else [])
    assert bench.breaches() == ([] if meant else [(1, 1, "times", "not_a_integer")])


@pytest.mark.parametrize(
    ("written", "meant"), [("1.5", 1.5), ("１.５", 1.5), ("-0.25", -0.25), ("nan", None), ("inf", None), ("多", None)]
)
def test_a_number_is_finite(bench, written, meant):
    header = ["期间", "县区代码", "县区", "指标", "数值"]
    rows = [["2022-03", "640000", "测试县", "超期未办件", written]]
    rows += [["2022-03", str(n), "县", "超期未办件", "1"] for n in range(60)]
    bench.load("county_indicators", header, rows)
    found = bench.ask("select value from raw.county_indicators where county_code = '640000'")
    assert found == ([(meant,)] if meant else [])
    assert bench.breaches() == ([] if meant else [(1, 1, "value", "not_a_number")])


def test_yes_and_no_are_words_of_the_contract_and_of_the_mapping(bench):
    words = {
        "是": True,
        "否": False,
        "1": True,
        "0": False,
        "Y": True,
        "N": False,
        "true": True,
        "false": False,
        "网办": True,
        "": None,
    }
    rows = [[str(n), "许可", "在用", "1", word, "2022-01-01"] for n, word in enumerate(words)]
    rows += [["X", "许可", "在用", "1", "有", "2022-01-01"]]
    rows += [[f"F{n}", "许可", "在用", "1", "是", "2022-01-01"] for n in range(60)]
    bench.load("items", ITEMS, rows, codes={"is_online": {"网办": "是"}})
    found = bench.ask("select is_online from raw.items where length(item_code) = 1 order by item_code")
    assert [value for (value,) in found] == [*words.values()]
    assert bench.breaches() == [(1, len(words) + 1, "is_online", "not_a_boolean")]


def test_a_label_means_what_the_mapping_says_before_what_the_contract_says(bench):
    rows = [result(1, "2022-03-01", "x", "作废", ""), result(2, "2022-03-01", "x", "撤销", ""), result(3)]
    bench.load("case_results", RESULTS, rows, codes={"status": {"作废": "deleted"}})
    found = bench.ask("select status from raw.case_results order by case_no")
    assert found == [("deleted",), ("withdrawn",), ("finished",)]


def test_words_for_nothing_are_nothing_wherever_blanks_are_cut_off(bench):
    words = ["", "\\N", "NULL", "null", "-", "无", "暂缺"]
    padded = [f"　{word}\t" for word in words]
    for place, (cells, flags) in enumerate(
        [(words, {}), ([f" {w} " for w in words], {"edge": True}), (padded, {"edge": True, "wide": True})]
    ):
        rows = [result(f"{place}{n}", outcome=word) for n, word in enumerate(cells)]
        rows += [result(f"{place}x", outcome=" 准 予 " if flags else "准 予"), *fillers(400)]
        bench.load("case_results", RESULTS, rows, null_words=["暂缺"], **flags)
    missing = bench.ask("select count(*) from quality.quarantine where column_name = 'result' and rule = 'required'")
    assert missing == [(3 * len(words),)]
    kept = bench.ask("select distinct result from raw.case_results where case_no like '_x'")
    assert kept == [("准 予",)]


def test_numbers_get_plain_digits_and_texts_keep_theirs(bench):
    bench.load("case_results", RESULTS, [result("Ａ１２－３", outcome="第１批"), result("A4-5", outcome="第２批")])
    found = bench.ask("select case_no, result from raw.case_results order by result")
    assert found == [("Ａ12-3", "第１批"), ("A4-5", "第２批")]


def test_a_default_fills_a_blank_and_an_absent_column(bench):
    bench.load("extended_service", SERVICES, [["2022-03-01", "税务局", "", ""], ["2022-03-02", "税务局", "", "4"]])
    bench.load("extended_service", SERVICES[:3], [["2022-03-03", "税务局", ""]])
    assert bench.ask("select times from raw.extended_service order by served_on") == [(1,), (4,), (1,)]


@pytest.mark.parametrize(
    ("timezone", "written", "meant"),
    [
        ("America/New_York", "2022-07-01T10:00:00-04:00", datetime(2022, 7, 1, 10)),
        ("America/New_York", "2022-01-01T10:00:00-0500", datetime(2022, 1, 1, 10)),
        # in summer this is the zone of another place
        ("America/New_York", "2022-07-01T10:00:00-05:00", None),
        ("America/New_York", "2022-07-01T10:00:00+08:00", None),
        ("Asia/Shanghai", "2022-07-01T10:00:00-04:00", None),
        ("Europe/London", "2022-01-01T10:00:00Z", datetime(2022, 1, 1, 10)),
        ("Europe/London", "2022-07-01T10:00:00Z", None),
    ],
)
def test_an_offset_must_be_that_of_the_jurisdictions_time_zone(timezone, written, meant):
    with duckdb.connect() as connection:
        define_conform_macros(connection, timezone)
        assert connection.execute("select to_time($1)", [written]).fetchall() == [(meant,)]
