"""Tests which cells of names, texts and numbers read like a person's, and which true names must not.

The names of offices, windows, items and places are those of the shipped jurisdictions and of the sample.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from ingest import privacy
from ingest.rows.conform import define_conform_macros
from tests.ingest.conftest import case, run

JURISDICTIONS = Path(__file__).parents[2] / "jurisdictions"
BARE = (
    "褚嫱",
    "厉婧媛",
    "张三",
    "买尔旦江",
    "买尔吐依沙",
    "欧阳婵娟",
    "阿依古丽·玉素甫",
    "亓官翀",
    "劉禕璇",
    "zhangxiaolong",
    "Zhang Wei",
    "褚\u200b嫱",
)
CALLED = (
    *(
        "褚主任",
        "局长厉婧",
        "亓女士",
        "褚先生",
        "厉婧之子",
        "经办人褚嫱已电话告知",
        "褚嫱、厉婧",
        "褚嫱6648",
        "褚嫱的窗口",
        "褚嫱1980年1月1日生",
    ),
    *(
        "0951-6987453",
        "69874531",
        "664871",
        "137 4401 3662",
        "137.4401.3662",
        "137****3662",
        "640181870919479",
        "E87654321",
    ),
    *("chu@mail.example", "wxid_q7chu", "QQ879654321", "宁A8K7L9", "崇兴镇韩渠村七组41号", "世纪花园17栋2单元901室"),
    *("6222 4492 4377 5012", "92640181MA76XYZ12Q", "户号640181987654", "军字第8765432号"),
)
NAMES = (
    *("县审批局", "卫健", "公安", "水务窗口3号", "石油公司", "高新区", "东河镇中心", "综合窗口2", "11640181MB1234567X"),
    *(
        "户口登记（变更）",
        "养犬登记",
        "公积金",
        "高级职称评审",
        "任职资格核准",
        "营业执照",
        "2022年度补贴（2022-06-30前）",
        "Fallen tree",
    ),
)
NUMBERS = (
    "YL202103106962426",
    "A7",
    "灵审〔2022〕12号",
    "1001",
    "人社1001",
    "640181202203010011",
    "NX-2022-000123",
    "a1",
)


@pytest.fixture(scope="module")
def ask():
    connection = duckdb.connect()
    define_conform_macros(connection)
    privacy.define_privacy_macros(connection)
    return lambda macro, text: connection.execute(f"select {macro}($1::varchar)", [text]).fetchone()[0]


@pytest.mark.parametrize("text", BARE)
def test_a_bare_name_reads_like_a_name(ask, text):
    assert ask("reads_like_a_name", text)
    assert ask("is_no_identifier", text)


@pytest.mark.parametrize("text", CALLED)
def test_a_title_a_number_or_an_address_reads_like_a_person(ask, text):
    assert ask("reads_like_a_person", text)


@pytest.mark.parametrize("text", NAMES)
def test_names_of_offices_windows_and_items_read_like_nobody(ask, text):
    assert not ask("reads_like_a_name", text)
    assert not ask("reads_like_a_person", text)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_a_case_is_an_identifier(ask, number):
    assert not ask("is_no_identifier", number)
    assert not ask("has_personal_form", number)


def test_no_name_of_a_shipped_list_reads_like_a_person(ask):
    names = {
        row[column]
        for path in JURISDICTIONS.glob("*/*.csv")
        for row in csv.DictReader(path.open(encoding="utf-8"))
        for column in ("org_name", "printed_name", "region_name")
        if row.get(column)
    }
    assert len(names) > 50
    assert not {name for name in names if ask("reads_like_a_person", name)}


def test_a_person_in_a_name_is_stored_as_its_length_and_the_row_counts(landing):
    lines = [
        case(1, org_name="褚嫱", item_name="经办人褚嫱已电话告知"),
        case(2, org_name="县行政审批局", item_name="0951-6987453"),
        *(case(n) for n in range(3, 99)),
    ]
    landing.put("hall/202201.csv", *lines)
    run(landing)
    assert landing.ask("select org_name, item_name from raw.cases order by _record limit 3") == [
        ("（已遮蔽，2字）", "（已遮蔽，10字）"),
        ("县行政审批局", "（已遮蔽，12字）"),
        ("县行政审批局", "食品经营许可"),
    ]
    assert landing.counts("hall/202201.csv") == ("loaded", 98, 98, 0, 0, 0)


def test_a_person_in_a_case_number_is_set_aside(landing):
    lines = [
        case(n).replace(f"A{n},", f"{number},", 1)
        for n, number in enumerate(["褚嫱", "13912345678", "褚主任1", "+8613912", "Jonathan Smithson"], 1)
    ]
    landing.put("hall/202201.csv", *lines, *(case(n) for n in range(6, 400)))
    run(landing)
    assert landing.ask("select record, rule from quality.quarantine order by 1") == [
        (record, "not_an_identifier") for record in range(1, 6)
    ]


def test_case_numbers_that_all_look_like_telephones_are_a_platforms_own(landing):
    landing.put("hall/202201.csv", *(case(n).replace(f"A{n},", f"150102{n:05d},", 1) for n in range(1, 60)))
    run(landing)
    assert landing.counts("hall/202201.csv") == ("loaded", 59, 59, 0, 0, 0)
