"""Tests where charts stand on paper: behind the paragraph that names them, whole, and so that pages are filled.

The document is a county's with 104 towns and 50 offices of long names. Its charts are drawn from figures made by hand.
"""

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pypdf
import pytest

from reports.charts import all_charts as charts
from reports.charts.drawing import theme
from reports.document.model import (
    Annex,
    ChartBlock,
    Document,
    Heading,
    KpiStrip,
    ListBlock,
    Paragraph,
    Run,
    Table,
    Tile,
)
from reports.formats.paper import docx, measures, pdf
from reports.proof.edges import find_text_beyond_edges
from reports.text.template import Filled
from reports.words.catalogue import load_words
from tests.reports.formats import paper
from tests.reports.stub_figures import figures

WORDS = load_words("zh")
TOWNS = {f"第{n}镇": (9000 - 80 * n, n * 37 % 91, 3000) for n in range(1, 105)}
OFFICES = {f"宁东能源化工基地第{n}便民服务中心综合受理窗口": 9000 - 170 * n for n in range(1, 51)}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def sentence(words: str) -> Paragraph:
    return Paragraph((Run(words),))


@pytest.fixture(scope="module")
def big() -> Document:
    drawn = charts.draw(
        figures(towns=TOWNS, organisations=OFFICES), 640, ("monthly_volume", "town_share", "organisations")
    )
    months, towns, offices = (ChartBlock(chart, chart) for chart in drawn)
    blocks = (
        KpiStrip((Tile("办件量", (Run("34.9万"),), "件", ()),)),
        sentence("现将有关情况通报如下："),
        Heading(2, (Run("一、总体运行情况"),), "s1"),
        sentence("字" * 28 * 12 + "（见图1）。"),
        months,
        sentence("乡" * 28 * 9 + "（见图2）。"),
        towns,
        Heading(2, (Run("二、单位情况"),), "s2"),
        sentence("窗" * 28 * 4 + "（见图3）。"),
        offices,
        sentence("后" * 28 * 30 + "。"),
        Heading(2, (Run("三、存在问题"),), "s3"),
        sentence("题" * 28 * 14 + "。"),
        sentence("从本期数据看："),
        ListBlock(False, ((Run("第一项"),), (Run("第二项"),))),
        Annex("附件1　数据表", "a1", (sentence("附"),)),
    )
    return paper.document_of(*blocks)


@pytest.fixture(scope="module")
def printed(big) -> tuple[bytes, pdf.Flow]:
    return pdf.pages(big)


@pytest.fixture(scope="module")
def content(printed) -> bytes:
    return printed[0]


@pytest.fixture(scope="module")
def pages(content) -> list[str]:
    return [paper.plain(page.extract_text()) for page in pypdf.PdfReader(BytesIO(content)).pages]


def test_the_first_page_carries_text_and_no_tiles(pages):
    assert pages[0].startswith("关于灵武市2022年上半年政务服务运行情况的通报现将有关情况通报如下：一、总体运行情况字字")


def test_charts_follow_the_paragraph_that_names_them_and_stay_in_their_section(big, pages):
    text = re.sub(r"—\d+—", "", "".join(pages))
    heads = [text.index(heading) for heading in ("一、总体", "二、单位", "三、存在")]
    for chart, (start, end) in zip(paper.charts(big), [heads[:2], heads[:2], heads[1:]], strict=True):
        named = text.index(f"（见图{chart.number}）。") + len("（见图1）。")
        places = [found.start() for found in re.finditer(re.escape(paper.plain(chart.headline)), text)]
        assert len(places) == len(chart.sheets or [0]) and start < named <= places[0] and places[-1] < end
    # no paragraph is cut by a chart: each is one stretch of its character, broken by ends of pages only
    for character, count in {"字": 28 * 12, "乡": 28 * 9, "窗": 28 * 4, "后": 28 * 30, "题": 28 * 14}.items():
        assert character * count in text


def test_a_chart_taller_than_half_a_page_goes_on_with_its_head_and_loses_nothing(big, content, pages):
    text = "".join(pages)
    assert all(f"第{n}镇" in text for n in range(1, 105)) and all(name in text for name in OFFICES)
    by_key = {chart.key: chart for chart in paper.charts(big)}
    assert not by_key["monthly_volume"].sheets and len(by_key["town_share"].sheets) == 9
    assert all(
        paper.plain(by_key["town_share"].source_line) in sheet.replace(" ", "") for sheet in by_key["town_share"].sheets
    )
    assert find_text_beyond_edges(content) == {}


def test_text_beyond_the_edge_is_found(big):
    wide = replace(big, blocks=(sentence("字"), ChartBlock(shifted(paper.charts(big)[0]), None)))
    found = find_text_beyond_edges(pdf.pages(wide)[0])
    assert list(found) == [1] and "数据" in "".join(found[1])


def test_a_line_whose_marks_are_squeezed_is_within_the_page(big):
    """The third line stands on the 442 pt of the text, though its characters could take 518."""
    words = (
        "上半年，全县共受理政务服务办件39件，同比增长1200%（见图1）。按办理地点看，窗口办件9件，占23%；各乡镇（街道）及村"
        "（社区）办件30件，占77%（见图2、图3、图4）。按线上渠道看（各项口径有交叉，不可相加）：“一网通办”综合服务平台办件31件，占"
        "79%；全程网办2件，占5.1%；掌上办2件，占5.1%。"
    )
    content = pdf.pages(replace(big, blocks=(sentence(words),)))[0]
    assert find_text_beyond_edges(content) == {}


def shifted(chart):
    """The chart drawn 400 px to the right, its canvas as it was and nothing cut off."""
    head, body = re.match(r"(<svg[^>]*>)(.*)</svg>", chart.svg, re.DOTALL).groups()
    return replace(chart, svg=f'{head}<g transform="translate(400 0)">{body}</g></svg>')


def test_no_page_of_the_text_is_half_empty(content):
    file = pypdf.PdfReader(BytesIO(content))
    for page in file.pages[: next(n for n, page in enumerate(file.pages) if "附件1" in page.extract_text()) - 1]:
        lowest = []

        def visit(text, outer, inner, *_, lowest=lowest) -> None:
            if text.strip():
                lowest.append((outer[3] * inner[5] + outer[5]) / 72 * 25.4)

        page.extract_text(visitor_text=visit)
        above_the_number = [y for y in lowest if y > 35]
        assert min(above_the_number) < 35 + 225 / 2


def of_height(chart, height):
    """A drawing of the chart's headline alone, on a canvas this high."""
    words = f'<text x="9" y="20" font-family="Noto Sans SC">{chart.headline}</text>'
    size = f'width="640" height="{height}" viewBox="0 0 640 {height}"'
    return replace(chart, svg=f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{words}</svg>')


def test_a_chart_before_a_heading_is_set_smaller_if_it_has_room_then():
    """The first page is full of text. Both charts, 380 and 560 px high, have room on the second if one is smaller."""

    drawn = charts.draw(figures(), 640, ("monthly_volume", "town_share"))
    blocks = [ChartBlock(of_height(chart, height), chart) for chart, height in zip(drawn, (380, 560), strict=True)]
    heading = Heading(2, (Run("二、单位情况"),), "s2")
    content = pdf.pages(paper.document_of(sentence("字" * (28 * 16) + "。"), *blocks, heading, sentence("后。")))[0]
    pages = [paper.plain(page.extract_text()) for page in pypdf.PdfReader(BytesIO(content)).pages]
    assert [n for chart in drawn for n, page in enumerate(pages) if chart.headline in page] == [1, 1]


def test_a_lead_in_stays_with_its_first_item(big, pages):
    for lines in range(14, 36, 3):  # wherever on the page it comes
        blocks = (sentence("题" * 28 * lines), *big.blocks[-3:])
        file = pypdf.PdfReader(BytesIO(pdf.pages(replace(big, blocks=blocks))[0]))
        page = next(page.extract_text() for page in file.pages if "从本期数据看" in page.extract_text())
        assert "第一项" in page


@pytest.fixture(scope="module")
def body(big, printed) -> ElementTree.Element:
    """The body of the DOCX that follows the PDF."""
    pictures = {c.key: [theme.png(svg, 0.1) for svg in c.sheets or (c.svg,)] for c in paper.charts(big)}
    return ElementTree.fromstring(
        zipfile.ZipFile(BytesIO(docx.file(big, pictures, printed[1]))).read("word/document.xml")
    )


def test_pictures_of_the_docx_fit_the_page_and_its_margins(big, body):
    extents = body.iter(f"{WP}extent")
    sizes = [(int(extent.get("cx")) / 36_000, int(extent.get("cy")) / 36_000) for extent in extents]
    assert len(sizes) == sum(len(chart.sheets) or 1 for chart in paper.charts(big))
    assert all(width <= 156.01 and height <= 210.01 for width, height in sizes)  # mm


def test_charts_of_the_docx_stand_where_those_of_the_pdf_do(big, printed, body):
    """Word can't let a chart wait for the end of a page, so each sheet has the place and the size that the PDF gave it.

    The paragraph of 9 lines in front of the sheets of the towns is set behind the first chart, and so on.
    """
    parts = measures.parts_of(measures.split_annexes(big)[0])
    flow = printed[1]
    assert sorted(place for place, _ in flow) == list(range(len(parts))) != [place for place, _ in flow]
    wanted = []
    for place, scale in flow:
        block = parts[place].block
        is_chart = isinstance(block, ChartBlock)
        wanted.append(f"{156 * scale:.1f}" if is_chart else paper.plain(paper.lines(paper.document_of(block))[1]))
    found = []
    for line in body.iter(f"{W}p"):
        sizes = [f"{int(extent.get('cx')) / 36_000:.1f}" for extent in line.iter(f"{WP}extent")]
        found += sizes or [text] if (text := paper.plain("".join(t.text for t in line.iter(f"{W}t")))) or sizes else []
    assert found[1 : len(wanted) - 1] == wanted[: len(wanted) - 2]  # without the title, and up to the list


def test_charts_before_a_heading_share_a_page_if_all_are_set_smaller():
    """Of 22 lines the title takes 5 and the text as many, and each chart takes 7. It takes 6 at 88% of its 58.5 mm:
    with 4 mm above it and the 4.6 mm of a line's gap these are 5.9 lines of 10.23 mm, at 92% they are 6.1.
    """
    drawn = charts.draw(figures(), 640, ("monthly_volume", "town_share"))
    blocks = [ChartBlock(of_height(chart, 240), chart) for chart in drawn]
    heading = Heading(2, (Run("二、单位情况"),), "s2")
    text = sentence("字" * (28 * 5 - 3) + "。")  # and two of the indent
    _, flow = pdf.pages(paper.document_of(text, *blocks, heading, sentence("后。")))
    assert flow == [(0, 1.0), (1, 0.88), (2, 0.88), (3, 1.0), (4, 1.0)]


def test_a_sentence_names_the_charts_that_are_drawn():
    text = Filled("共办件5件\ue006a,b\ue007；另有\ue006c\ue007。", ()).point_to_charts({"b": 3, "a": 1}, WORDS)
    assert text.markdown == "共办件5件（见图1、图3）；另有。"


def test_a_lead_in_is_a_paragraph_before_a_list(big):
    leading = [part.block for part in measures.parts_of(big.blocks) if part.leads]
    assert leading == [sentence("从本期数据看：")]


def test_numbers_keep_their_room_where_a_table_is_too_wide_for_the_smallest_type():
    """A county of 150 offices: 合计 349200 and 348397 touched and read as one number."""
    cells = [(Run("宁东能源化工基地第一便民服务中心综合受理窗口"),), *[(Run("349200", strong=True),)] * 10]
    header = ("单位", *["受理（件）"] * 5, *["用时中位数（工作日）"] * 5)
    table = Table("", header, (tuple(cells),), ("left", *["right"] * 10))
    widths = measures.column_widths(table)
    in_line = [wide * 442 / sum(widths) / measures.table_size(table) for wide in widths]
    assert min(in_line[1:]) > measures.width("349200") + 0.5
    assert in_line[0] > 9.9
    wider = Table("", (*header, *["超期未办（件）"] * 4), ((*cells, *cells[1:5]),), ("left", *["right"] * 14))
    assert measures.headings(wider)[-1] == ["超期", "未办", "（件）"]
    assert measures.headings(replace(table, rows=()))[0] == ["单位"]  # a table without rows has its head
