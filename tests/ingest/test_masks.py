"""Tests what of an export is shown to people: cells that were set aside, headers, names of files and organisations.

It asserts on single values; test_privacy.py searches a whole landing folder's run.
"""

from __future__ import annotations

import duckdb
import pytest

from ingest import privacy
from ingest.masks import mask_glob, mask_header, mask_path
from ingest.rows.conform import define_conform_macros
from tests.ingest.test_privacy import ID, PHONE


@pytest.fixture(scope="module")
def connection():
    made = duckdb.connect()
    define_conform_macros(made)
    privacy.define_privacy_macros(made)
    return made


@pytest.mark.parametrize(
    ("kind", "alike", "harmless"),
    [
        ("code", 5, "飞鸽传书"),
        ("code", 9, "窗口"),
        ("date", 1, "2022-13-08"),
        ("date", 1, "2022年3月1日 9:00"),
        ("date", 1, "2022-3-1 3:00:00 PM"),
        ("number", 1, "1.5"),
        ("number", 1, "12天"),
        ("text", 1, "6.40122E+17"),
    ],
)
def test_harmless_cells_are_shown(connection, kind, alike, harmless):
    assert show(connection, harmless, kind, alike) == harmless


NAMES = ("马小龙", "张三", "买买提·江", "阿依古丽·玉素甫", "欧阳小龙", "买尔旦江", "John Smith", "张主任", "李女士家属")
NUMBERS = (PHONE, f"证号{ID}", ID.lower(), "6021234", "0951-6021234", "+86 138 1234 5678", "宁A12345", "E12345678")
TEXTS = ("很长" * 21, "两\n行", "崇兴镇韩渠村3组12号", "a@b.cn", "wxid_ab12cd", "6222021234567890123")


@pytest.mark.parametrize("betraying", [*NAMES, *NUMBERS, *TEXTS])
@pytest.mark.parametrize("kind", ["code", "date", "number", "text"])
def test_no_rare_cell_that_may_betray_anybody_is_shown(connection, kind, betraying):
    assert show(connection, betraying, kind, 4) == f"（已遮蔽，{len(betraying)}字）"


@pytest.mark.parametrize(
    "path",
    [
        "hall/cases_202206.csv",
        "平台/办件明细_2022年6月.xlsx",
        "灵武市崇兴镇/20220630/part-1.csv.gz",
        "zhengzhao_20220715.csv.gz",
        "cases_2022-06-30_001.csv",
        "cases_20220630_093000.csv",
        "cases_202206.csv",
        "办件明细2022年6月.xlsx",
        "banjian.csv",
        "ywtb_20220601.csv",
        "WorkOrders2022.csv",
        "马家滩镇/东河镇中心/人力资源和社会保障局.csv",
        "银川市好差评数据明细表（6月）.xlsx",
    ],
)
def test_names_of_files_that_say_what_they_hold_are_shown(path):
    assert mask_path(path, frozenset()) == path


@pytest.mark.parametrize(
    "name",
    [
        *("张三", "买尔旦江", "13912345678", "640181198001011234", "John Smith", "zhangsan", "王主任"),
        *("137.0500.9704", "137_4339_3004", "0951-6987453"),
        *("ZhangWei", "zhangwei", "li_na", "chuqiang", "JonathanSmithson", "褚嫱局", "褚嫱的窗口", "wxid_chuqiang"),
    ],
)
@pytest.mark.parametrize(
    "form", ["hall/{}.csv", "{}/cases_202206.csv", "hall/cases_202206.xlsx/{}", "a.zip/办件_{}.csv"]
)
def test_names_of_files_that_may_name_people_are_masked(name, form):
    masked = mask_path(form.format(name), frozenset({"hall/cases_*.csv"}))
    assert not [word for word in name.split() if word in masked]
    assert masked != mask_path(form.format("李四"), frozenset({"hall/cases_*.csv"}))


def test_headers_are_shown_if_a_mapping_knows_them_or_they_are_nouns():
    header = ["办件编号", "买尔旦江", "张三", "13912345678", "经办人", "applicant_phone", "John Smith", "某列"]
    header += ["褚嫱人", "厉婧窗口", "zhangsan", "wxid_chuqiang", "受理窗口", "Case_No"]
    assert mask_header(header, {"某列"}) == (
        "办件编号",
        "第2列（已遮蔽，4字）",
        "第3列（已遮蔽，2字）",
        "第4列（已遮蔽，11字）",
        "经办人",
        "applicant_phone",
        "第7列（已遮蔽，10字）",
        "某列",
        *(f"第{place}列（已遮蔽，{length}字）" for place, length in ((9, 3), (10, 4), (11, 8), (12, 13))),
        "受理窗口",
        "Case_No",
    )


@pytest.fixture(scope="module")
def with_lists(connection):
    connection.execute("create or replace temp table listed_names as select '税务局' as name")
    return connection


@pytest.mark.parametrize("name", ["县审批局", "崇兴镇民生服务中心", "税务窗口", "马家滩镇", "Waste Office", "养犬登记"])
def test_a_name_is_shown_if_many_rows_have_it(with_lists, name):
    assert show_member(with_lists, name, 5) == name
    assert show_member(with_lists, name, 4) == f"（已遮蔽，{len(name)}字）"


def test_a_name_of_the_lists_is_shown_however_rare(with_lists):
    assert show_member(with_lists, "税务局", 1) == "税务局"


@pytest.mark.parametrize(
    "name", ["买尔旦江", "张三", "13912345678", "局长张三", "崇兴镇韩渠村三组12号", "John van der Smith"]
)
def test_a_person_is_not_shown_among_names_however_many_rows_there_are(with_lists, name):
    assert show_member(with_lists, name, 99) == f"（已遮蔽，{len(name)}字）"


def test_a_drafted_glob_has_a_star_for_each_word_that_may_name_somebody():
    assert mask_glob("hall/ZhangWei_*.csv") == "hall/*_*.csv"
    assert mask_glob("张三/办件_*.xlsx") == "*/办件_*.xlsx"
    assert mask_glob("**/banjian_*.csv") == "**/banjian_*.csv"


def show_member(connection: duckdb.DuckDBPyConnection, name: str, alike: int) -> str:
    return connection.execute("select shown_member($1::varchar, $2)", [name, alike]).fetchone()[0]


def show(connection: duckdb.DuckDBPyConnection, cell: str, kind: str, alike: int) -> str:
    return connection.execute("select shown($1::varchar, $2::varchar, $3)", [cell, kind, alike]).fetchone()[0]
