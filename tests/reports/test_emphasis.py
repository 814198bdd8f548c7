"""Links, emphasis and typed numbers of the office's text in HTML, PDF and DOCX, and what no format has a form for.

The text is Lingwu's with one more paragraph. What a format holds is read by other programs: pypdf, python-docx.
"""

import re
import shutil
from pathlib import Path

import docx
import pypdf
import pytest

from reports.document.markdown import DocumentError, parse_blocks
from reports.figures import load as figures
from reports.proof.presentation import find_misprints
from reports.proof.printed import read_printed
from reports.render import render
from reports.text.template import Parts, fill_template
from tests.reports.conftest import LINGWU

WORDS = (
    "详见[政务服务网](https://zwfw.example.cn/lw?a=1&b=2)，*重点*抓3000件，"
    "上年同月{{ fig('case_volume', period='2022-06').exact() }}件。\n\n"
    "| 事项 | 依据 |\n| --- | --- |\n| *户籍* | [办法](https://zwfw.example.cn/hj) |"
)


@pytest.fixture(scope="module")
def stored(filled):
    """The warehouse with a figure of June."""
    cursor = filled.cursor()
    cursor.execute("begin")
    cursor.execute(
        "insert into marts.figures by name select * replace ('2022-06' as period, 61234 as value) from marts.figures"
        " where period = '2022H1' and figure = 'case_volume' and dimension = 'total'"
    )
    yield cursor
    cursor.execute("rollback")


@pytest.fixture(scope="module")
def folder(stored, tmp_path_factory) -> Path:
    county = Path(shutil.copytree(LINGWU, tmp_path_factory.mktemp("county") / "lingwu"))
    text = county / "bulletin" / "2022H1.md"
    text.write_text(text.read_text("utf-8").replace("本稿用样例", f"{WORDS}\n\n本稿用样例"), "utf-8")
    target = county.parent / "2022H1"
    render(stored, "2022H1", county, target, "1.0")
    return target


def test_the_page_links_stresses_and_marks_what_was_typed(folder):
    page = (folder / "bulletin.html").read_text("utf-8")
    assert '<a href="https://zwfw.example.cn/lw?a=1&amp;b=2">政务服务网</a>，<em>重点</em>抓' in page
    assert re.findall("<mark title=[^>]*>([^<]*)</mark>", page) == ["3000件"]


def test_paper_links_and_stresses_in_another_face(folder):
    reader = pypdf.PdfReader(folder / "bulletin.pdf")
    links = [note.get_object().get("/A", {}) for page in reader.pages for note in page.get("/Annots", [])]
    assert {link.get("/URI") for link in links} == {"https://zwfw.example.cn/lw?a=1&b=2", "https://zwfw.example.cn/hj"}
    word_file = docx.Document(folder / "bulletin.docx")
    cells = next(row.cells for table in word_file.tables for row in table.rows if row.cells[0].text == "户籍")
    (link,) = cells[1].paragraphs[0].hyperlinks
    assert (link.text, link.address) == ("办法", "https://zwfw.example.cn/hj")
    assert "楷体" in cells[0].paragraphs[0].runs[0].element.xml
    line = next(line for line in word_file.paragraphs if "详见" in line.text)
    assert [(link.text, link.address) for link in line.hyperlinks] == [
        ("政务服务网", "https://zwfw.example.cn/lw?a=1&b=2")
    ]
    (stressed,) = (run for run in line.runs if run.text == "重点")
    assert "楷体" in stressed.element.xml
    for name in ("bulletin.html", "bulletin.pdf", "bulletin.docx"):
        assert "3000" in " ".join(piece.text for piece in read_printed(name, (folder / name).read_bytes()).pieces)


def test_a_cited_number_is_proven_by_its_own_row(stored, folder):
    page = (folder / "bulletin.html").read_text("utf-8")
    assert "data-period=2022-06" in page[page.index("上年同月") :][:300]
    assert find_misprints(stored, folder, "2022H1") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("一\n\n见{{ chart('calendar') }}。", r"template\.md:3: chart\(calendar\) needs a line of its own"),
        ("一\n\n\n> 引文如此", r"template\.md:4: a bulletin has no form for blockquote_open: 引文如此"),
        ("一\n\n![图样](a.png)", r"template\.md:3: a bulletin has no form for image: 图样"),
        ("[甲](ftp://x)", r"template\.md:1: a link leads to an http, https or mailto address, not to ftp://x"),
        ("一\n# 通报", r"template\.md:2: '通报': the title is set in jurisdiction\.yaml"),
    ],
)
def test_what_has_no_form_is_told_with_file_and_line(tmp_path, connection, text, message):
    (tmp_path / "template.md").write_text(text, "utf-8")
    made = fill_template(tmp_path, figures.load(connection, "2022H1"), Parts(charts=["calendar"]))
    with pytest.raises(DocumentError, match=message):
        parse_blocks(made, lambda kind, keys: None)
