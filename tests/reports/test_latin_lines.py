"""Tests lines, titles and charts in a language of Latin letters: breaks at blanks, blanks at line ends, no Chinese.

It draws every chart in English from the stub's figures, whose members keep their Chinese names, and lays out words
written here.
"""

import re
from dataclasses import replace
from datetime import date

import pytest

from reports.charts import all_charts
from reports.charts.drawing.typeface import measure, wrap
from reports.document.markdown import parse_blocks
from reports.document.model import Document, Paragraph, Table
from reports.figures.labels import relabel
from reports.formats.paper import measures
from reports.text.filling import MARK_CLOSE, MARK_OPEN, MARK_TEXT, Mark
from reports.text.template import Filled
from reports.words.catalogue import load_words
from tests.reports import stub_figures

SENTENCE = "Only Northgate, of all neighbourhoods, has a higher overdue ratio than the city: 12.34% (of 1,234 cases)."


@pytest.mark.parametrize("width", [120, 160, 240, 344, 700])
def test_a_line_breaks_between_words_only(width):
    lines = wrap(SENTENCE, width, 13)
    assert " ".join(lines) == SENTENCE
    assert all(measure(line, 13) <= width for line in lines)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["It rose.", "Then it fell."], "It rose. Then it fell."),
        (["up to", "12 cases"], "up to 12 cases"),
        (["上半年，", "全市受理"], "上半年，全市受理"),
        (["共0", "件"], "共0 件"),  # as ever: a blank after Latin digits
    ],
)
def test_a_line_end_is_a_blank_between_latin_signs(lines, expected):
    (paragraph,) = parse_blocks(Filled("\n".join(lines), ()), lambda kind, keys: None)
    assert "".join(run.text for run in paragraph.runs) == expected


def test_a_line_end_beside_a_number():
    number = f"{MARK_OPEN}0{MARK_TEXT}28%{MARK_CLOSE}"
    mark = Mark("2024H1/case_volume/total/total", "yoy", 0.28)
    for text, expected in ((f"up {number}\nand", "up 28% and"), (f"增加{number}\n，其中", "增加28%，其中")):
        (paragraph,) = parse_blocks(Filled(text, (mark,)), lambda kind, keys: None)
        assert isinstance(paragraph, Paragraph)
        assert "".join(run.text for run in paragraph.runs) == expected


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Average time (working days)", ["Average", "time", "(working days)"]),
        ("On-time rate", ["On-time", "rate"]),
        ("Closed", ["Closed"]),
        ("平均用时（工作日）", ["平均用时", "（工作日）"]),
    ],
)
def test_a_column_title_breaks_before_its_unit_and_between_words(title, lines):
    assert measures.header_lines(title) == lines


def test_a_title_breaks_between_words():
    document = Document(
        "Service requests in Sampleton, first half of 2024",
        "2024H1",
        "first half of 2024",
        "",
        date(2024, 6, 30),
        None,
        (),
        None,
        (),
    )
    lines = measures.title_lines(document)
    assert " ".join(lines) == document.title and len(lines) == 2
    assert "first half of 2024" in lines[1]


@pytest.mark.parametrize("period", ["2022年6月", "2022年上半年", "2022年第二季度"])
def test_a_chinese_title_breaks_behind_its_period(period):
    """GB/T 9704-2012, 7.3.1: 词意完整; two lines of equal length would part 政务 in the title of a month."""
    title = f"关于灵武市{period}政务服务运行情况的通报"
    document = Document(title, "", period, "", date(2022, 6, 30), None, (), None, ())
    assert measures.title_lines(document) == [f"关于灵武市{period}", "政务服务运行情况的通报"]


def test_a_column_of_units_may_touch_its_numbers_in_each_language():
    for unit in ("单位", "Unit"):
        assert not measures.needs_gap(Table("", ("A", unit), (), ("right", "left")), 1)
    assert measures.needs_gap(Table("", ("A", "Part"), (), ("right", "left")), 1)


@pytest.mark.parametrize("width", [640, 352])
def test_charts_in_english_hold_no_chinese_but_names_of_members(width):
    figures = stub_figures.figures()
    figures = replace(
        figures, words=load_words("en"), source_line="Source: nobody.", short_name="H1 2022", city_word="the city"
    )
    figures = relabel(replace(figures, table=figures.table.assign(figure=[], unit=[])), {})
    names = {row.member for rows in figures.rows.values() for row in rows}
    charts = all_charts.draw(figures, width, all_charts.KEYS)
    assert len(charts) > 5
    for chart in charts:
        text = " ".join(re.findall(r">([^<]+)</text>", chart.svg)) + chart.alt + " ".join(map(str, chart.table))
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, "")
        assert re.findall("[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]", text) == [], chart.key
