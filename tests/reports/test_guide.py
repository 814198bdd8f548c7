"""Tests that the guide for those who write a bulletin, docs/guide.zh.md, says what the program does.

What it shows is filled with the published figures of Lingwu's 2022H1 bulletin. Its pictures are looked at by people.
"""

import re
import shutil
from pathlib import Path

import pytest

from reports.figures import load as figures
from reports.text.narrative import create_narrative
from reports.text.template import fill_template
from reports.words.catalogue import load_words
from tests.reports.conftest import LINGWU
from tests.reports.test_template_expressions import plain

GUIDE = (Path(__file__).parents[2] / "docs" / "guide.zh.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `(.*\{\{.*)` \| (.*) \|$", GUIDE, re.MULTILINE))
PERIODS = dict(re.findall(r"^\| (2022\S*) \| `(\S+)` \|$", GUIDE, re.MULTILINE))
AS_TYPED_IN_CHINESE = str.maketrans("(),", "（），")


@pytest.fixture
def said(connection, tmp_path):
    """What a text prints, in which 2022Q1 may be cited: a third of the cases."""
    connection.execute(
        "insert into marts.figures by name select * replace ('2022Q1' as period, 116400 as value) from marts.figures"
        " where period = '2022H1' and figure = 'case_volume' and dimension = 'total'"
    )
    connection.execute(
        "insert into marts.dim_periods values ('2022Q1', 'quarter', '2022年第一季度', '2022-01-01', '2022-03-31',"
        " '2022-03-31', null, true, '2021Q4', '2021Q1')"
    )
    published = figures.load(connection, "2022H1", "灵武市审批服务管理局", cited=["2022Q1"])

    def filled(text: str) -> str:
        (tmp_path / "template.md").write_text(text, "utf-8")
        return plain(fill_template(tmp_path, published))

    return filled


@pytest.mark.parametrize("text", ROWS)
def test_what_is_written_so_prints_that(said, text):
    printed = {"另一个时期的办件量": "11.6万"}.get(ROWS[text], ROWS[text])
    assert said(text) == printed
    quotes = iter("‘’" * 9)
    chinese = re.sub("'", lambda _: next(quotes), text.translate(AS_TYPED_IN_CHINESE))
    assert chinese != text and said(chinese) == printed


def test_the_table_of_what_to_write_is_read_whole():
    assert len(ROWS) == 5 and len(PERIODS) == 4


@pytest.mark.parametrize("name", PERIODS)
def test_periods_are_written_so(name):
    assert load_words("zh").period_name(PERIODS[name]) == name


def test_a_section_looks_so_until_it_is_written(tmp_path):
    shown = re.search(r"```\n(## .*?)```", GUIDE, re.DOTALL)[1]
    shutil.copy(LINGWU / "bulletin" / "template.md", tmp_path)
    created = create_narrative(tmp_path, "2022H1", load_words("zh")).read_text("utf-8")
    assert shown.strip() in created
