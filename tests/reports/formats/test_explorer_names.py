"""Tests what the explorer's page calls its periods, figures and sources, by hand, in Chinese and in English.

Its rows are tested in test_explorer.py, what a reader sees of them in test_browser_explorer.py.
"""

import shutil

import pytest

from reports.formats.html import explorer
from tests.reports.conftest import LINGWU
from tests.reports.formats.explored import explored, read_page

# period, kind, starts_on, as_of_on, data_from_on
MORE = [
    ("2021", "year", "2021-01-01", "2021-12-31", None),
    ("2022Q1", "quarter", "2022-01-01", "2022-03-31", "2022-02-10"),
    ("2022-01", "month", "2022-01-01", "2022-01-31", None),
]
# key, name of the part that data cover, heading and year below its place, whether a year begins there
NAMED = [
    ("2021", "2021年（1月1日至12月31日）", "2021年", "", False),
    ("2022-01", "2022年1月（1月1日至1月31日）", "1月", "2022年", True),
    ("2022H1", "2022年上半年（1月1日至6月30日）", "上半年", "2022年", True),
    ("2022Q1", "2022年第一季度（2月10日至3月31日）", "一季", "2022年", True),
    ("2022-03", "2022年3月（3月1日至3月28日）", "3月", "2022年", False),
    ("2022-04", "2022年4月（4月1日至4月28日）", "4月", "2022年", False),
    ("2022-05", "2022年5月（5月1日至5月28日）", "5月", "2022年", False),
    ("2022-07", "2022年7月（7月1日至7月28日）", "7月", "2022年", False),
]


@pytest.fixture
def connection():
    with explored() as made:
        yield made


def test_periods_are_named_and_stand_in_the_order_of_their_days(connection):
    for period, kind, starts_on, as_of_on, data_from_on in MORE:
        connection.execute(
            "insert into marts.dim_periods values (?, ?, '', ?, ?, ?, ?, true, null, null)",
            [period, kind, starts_on, as_of_on, as_of_on, data_from_on],
        )
        connection.execute(
            f"insert into marts.figures select * replace ('{period}' as period) from marts.figures"
            " where period = '2022H1' and figure = 'case_volume' and dimension = 'total'"
        )
    page = explorer.page(connection, LINGWU)
    names, _ = read_page(page)
    described = [(p["key"], p["partial"], p["heading"], p["year"], p["is_first"]) for p in names["periods"]]
    assert described == NAMED
    assert [*names["kinds"].items()] == [("month", "月度"), ("quarter", "季度"), ("half", "半年"), ("year", "年度")]
    assert "数据截至2022年7月28日" in page


def test_only_kinds_of_period_that_have_figures_can_be_chosen(connection):
    names, _ = read_page(explorer.page(connection, LINGWU))
    assert [*names["kinds"]] == ["month", "half"]


def test_parts_of_a_ratio_and_its_style_are_those_of_the_registry(connection):
    names, _ = read_page(explorer.page(connection, LINGWU))
    ratio = names["figures"]["on_time_rate"]
    told = connection.execute(
        "select numerator_words, denominator_words, style, decimals from marts.figure_definitions"
        " where figure = 'on_time_rate'"
    ).fetchone()
    assert (ratio["numerator"], ratio["denominator"], ratio["style"], ratio["decimals"]) == told
    assert told[0] and told[1] and told[0] != told[1] and told[3]


def test_a_page_of_true_data_names_its_source_and_one_of_synthetic_data_bears_the_mark(connection):
    page = explorer.page(connection, LINGWU)
    names, _ = read_page(page)
    assert page.count("<span>样例（合成数据）</span>") == 12
    assert names["mark"] == names["source"] == "样例（合成数据）"
    connection.execute("update quality.files set is_synthetic = false")
    page = explorer.page(connection, LINGWU)
    names, _ = read_page(page)
    assert "<span>样例" not in page and names["mark"] == "" and names["source"] == "灵武市审批服务管理局"


def test_an_english_page_gives_reasons_in_english(connection, tmp_path):
    shutil.copy(LINGWU / "jurisdiction.yaml", tmp_path)
    settings = (tmp_path / "jurisdiction.yaml").read_text("utf-8")
    (tmp_path / "jurisdiction.yaml").write_text(f"language: en\n{settings}", "utf-8")
    names, _ = read_page(explorer.page(connection, tmp_path))
    assert names["absent"] == [["2022-04", "case_volume", "town", "崇兴镇", "x"]]
    assert names["kinds"] == {"month": "Months", "half": "Half-years"}
