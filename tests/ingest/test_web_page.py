"""Tests web pages that systems name .xls: which table is read, and which pages are refused.

It asserts cells that were read off by eye. Whole files of this kind are among the hostile files in tests/faults.
"""

from __future__ import annotations

import csv

import pytest

from ingest.errors import Refused
from ingest.reading.web_page import is_web_page, write_table


def rows(tmp_path, page: str | bytes) -> list[list[str]]:
    content = page if isinstance(page, bytes) else page.encode()
    assert is_web_page(content)
    write_table(content, ",", tmp_path / "page.csv")
    with (tmp_path / "page.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_cells_are_the_text_that_a_browser_shows(tmp_path):
    page = """<html><head><style>td {color: red}</style></head><body><table>
        <tr><th>编号</th><th colspan="2">名称</th></tr>
        <!-- <tr><td>draft</td></tr> -->
        <tr><td> A1 </td><td>甲&nbsp;&amp;<b>乙</b></td><td>第一行<br>第二行</td></tr>
        <tr><td>A2<td>未关<td>1 &lt; 2<script>if (a < b) document.write("<td>x</td>")</script>
    </table></body></html>"""
    assert rows(tmp_path, page) == [
        ["编号", "名称", ""],
        ["A1", "甲 &乙", "第一行\n第二行"],
        ["A2", "未关", "1 < 2"],
    ]


def test_the_largest_table_is_taken_and_one_within_a_cell_is_its_own(tmp_path):
    page = """<table><tr><td>导航</td><td>首页</td><td>帮助</td></tr></table>
        <table><tr><td>外<table><tr><td>内1</td></tr><tr><td>内2</td></tr><tr><td>内3</td></tr></table></td></tr></table>
        """
    assert rows(tmp_path, page) == [["内1"], ["内2"], ["内3"]]


@pytest.mark.parametrize(
    "content",
    [
        '<html><meta charset="gb2312"><table><tr><td>办件</td></tr></table>'.encode("gb18030"),
        "<html><table><tr><td>办件</td></tr></table>".encode("gb18030"),
        "<html><table><tr><td>办件</td></tr></table>".encode("utf-8-sig"),
        "<html><table><tr><td>办件</td></tr></table>".encode("utf-16"),
    ],
)
def test_a_page_is_read_in_its_encoding(tmp_path, content):
    assert rows(tmp_path, content) == [["办件"]]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<html><form><input type='PassWord'></form><table><tr><td>登录</td></tr></table>", "is a login page"),
        ("<html><p>请登录</p>", "is a web page, not a table"),
        ("<html><table><tr><td>1</td></tr>", "cut off in mid-table"),
        ("<html><table></table></table><table><tr><td>1</td></tr>", "cut off in mid-table"),
        ("<html><table><tr><td rowspan='2'>1</td></tr><tr></tr></table>", "span several rows"),
        ("<table><tr><td>1<td>2<tr><td>3<td>4</table>" * 2, "2 tables alike"),
        ("<table><tr><td>\0</td></tr></table>", "holds NUL characters"),
        ("<html>" + "<div>" * 5_000 + "<table><tr><td>1</td></tr></table>", "is a web page"),
        ("<table><tr><td>1</td></tr></table>" + "<b>" * 5_000 + "<table><tr><td>2</td></tr></table>", "not every row"),
        ("<table><tr><td>1</td></tr><tr><td>" + "长" * 6_000_000 + "</td></tr></table>", "not every row"),
    ],
)
def test_a_page_that_is_no_whole_table_is_refused(tmp_path, page, said):
    with pytest.raises(Refused, match=said):
        rows(tmp_path, page)
