"""Bulletins of counties that export little say nothing that nobody measured, in any format.

Each county of thin_counties.py is ingested, modelled and rendered once, with the text of Lingwu's bulletin. Its lines
are counted by hand; the statements that must not appear are those of a reader who took absent for nothing.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports.formats.sheets import worklists
from reports.proof.printed import read_printed
from reports.render import render
from tests.end_to_end.miniature_home import Miniature
from tests.end_to_end.thin_counties import CASES, EVALUATIONS, ThinCounty, write_county

FORMATS = ("html", "docx", "pdf", "xlsx")
# what a bulletin says of a measured nothing; no county of this file measured any of it
UNMEASURED = (
    "没有电子证照",
    "没有收到有效评价",
    "没有差评",
    "无差评",
    "没有全程网办",
    "综合服务平台上",
    "本期平台办件量",
    "没有“超期未办”件",
    "无超期未办",
    "未见超期",
    "没有登记延时服务",
    "没有应建台账",
    "未建立台账",
    "办件0件",
    "办结0件",
    "入库0",
    "差评整改率0",
    "乡镇（街道）及村（社区）办件0",
    "各乡镇均",
    "共0",
    "NaN",
    "None",
)
SAID = {
    CASES.name: (
        "共受理政务服务办件33件",
        "日均受理0.3件",
        "本期没有办件的窗口：档案窗口。",
        "33件办件缺少承诺时限",
        "22件办件的状态为办结或撤销而没有了结时间",
        "二、存在问题",
        "三、下一步工作",
    ),
    EVALUATIONS.name: (
        "有效评价共25次，其中线上0次、线下25次",
        "群众满意度80.0%。",
        "一、数据分析（一）好差评",
        "二、下一步工作",
    ),
}

# annex 3, which is not on paper
SAID_ON_THE_PAGE = {
    CASES.name: "电子证照入库量、证照种类本期没有导出文件提供电子证照",
    EVALUATIONS.name: "办件量、时限不明、办结时间不明、日均办件量本期没有导出文件提供办件",
}


@pytest.fixture(scope="module", params=[CASES, EVALUATIONS], ids=lambda county: county.name)
def thin(request, tmp_path_factory) -> tuple[ThinCounty, Miniature, Path]:
    """A county, its home, and the folder of its bulletin of the half-year."""
    county, root = request.param, tmp_path_factory.mktemp("thin")
    home = Miniature(root / "home", is_empty=True, county=root / "county")
    write_county(county, root / "county", home.path / "exports")
    home.take()
    home.model(is_full=True)
    with home.connect() as connection:
        render(connection, "2022H1", root / "county", root / "bulletin", "1.0")
    return county, home, root / "bulletin"


def text_of(folder: Path, format: str) -> str:
    name = f"bulletin.{format}"
    pieces = read_printed(name, (folder / name).read_bytes()).pieces
    return "\n".join(re.sub(r"\s", "", piece.text) for piece in pieces)


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_said_that_nobody_measured(thin, format):
    county, home, folder = thin
    text = text_of(folder, format)
    assert [statement for statement in UNMEASURED if statement in text] == []
    assert county is CASES or "没有办件的窗口" not in text
    absent = home.ask(
        "select distinct name from marts.figures_absent join marts.figure_definitions using (figure)"
        " where period = '2022H1' and figure not in (select figure from marts.figures where period = '2022H1')"
    )
    assert len(absent) > 15
    for (name,) in absent:
        assert not re.search(rf"(^|[，。；、]){re.escape(name)}[（）\w]{{0,4}}[0/—]", text, re.MULTILINE), name


@pytest.mark.parametrize("format", ["html", "docx", "pdf"])
def test_what_is_known_is_said(thin, format):
    county, _, folder = thin
    text = text_of(folder, format).replace("\n", "")
    said = (*SAID[county.name], *([SAID_ON_THE_PAGE[county.name]] if format == "html" else []))
    assert [statement for statement in said if statement not in text] == []


def test_figures_files_hold_no_row_of_what_is_absent(thin):
    _, home, folder = thin
    lines = (folder / "figures.csv").read_text("utf-8-sig").splitlines()[1:]
    held = {tuple(line.split(",")[1:4]) for line in lines}
    listed = home.ask("select figure, dimension, member from marts.figures where period = '2022H1'")
    assert held == set(listed)
    for figure, dimension, member in home.ask(
        "select figure, dimension, member from marts.figures_absent where period = '2022H1'"
    ):
        assert not [key for key in held if key[:2] == (figure, dimension) and member in (None, key[2])]


def test_no_worklist_is_written_where_no_limit_is_known(thin, tmp_path):
    _, home, _ = thin
    with home.connect() as connection:
        assert worklists.write(connection, tmp_path) == {}
    assert list(tmp_path.iterdir()) == []
