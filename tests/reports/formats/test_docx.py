"""Tests the DOCX against the document and the official layout, read as the XML that Word reads.

What the words say and how charts are drawn is tested elsewhere.
"""

import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pypdf
import pytest

from reports.charts.drawing import theme, typeface
from reports.document.model import Document, Paragraph, Run
from reports.formats.paper import docx
from tests.reports.formats import paper

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def write_docx(document: Document) -> zipfile.ZipFile:
    pictures = {chart.key: [theme.png(chart.svg, docx.PICTURE_SCALE)] for chart in paper.charts(document)}
    return zipfile.ZipFile(BytesIO(docx.file(document, pictures)))


def part(file: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(file.read(name))


def printed(file: zipfile.ZipFile) -> list[str]:
    """Every paragraph of the body in order, those of tables cell by cell, empty ones left out."""
    body = part(file, "word/document.xml")
    texts = ("".join(text.text or "" for text in line.iter(f"{W}t")) for line in body.iter(f"{W}p"))
    return [paper.plain(text) for text in texts if paper.plain(text)]


@pytest.fixture(scope="module")
def file(document) -> zipfile.ZipFile:
    return write_docx(document)


def test_every_word_and_number_of_the_document_is_there_in_order(document, file):
    assert printed(file) == paper.lines(document)


def test_no_part_of_another_file_is_left_in_it(file):
    """Word takes a file for damaged whose styles differ from those that stylesWithEffects.xml gives once more."""
    names = {*file.namelist()}
    assert {name for name in names if re.search("stylesWithEffects|thumbnail|customXml", name)} == set()
    for name in [name for name in names if name.endswith(".rels")]:
        folder = name.replace("_rels/", "").rpartition("/")[0]
        told = [link.get("Target") for link in part(file, name) if link.get("TargetMode") != "External"]
        assert {target for target in told if "/".join(filter(None, (folder, target))) not in names} == set()


def test_a_number_altered_by_hand_is_found(document):
    assert printed(write_docx(paper.altered(document))) != paper.lines(document)


def test_page_and_line_grid_are_those_of_the_standard(file):
    section = part(file, "word/document.xml").find(f".//{W}sectPr")
    margins = section.find(f"{W}pgMar")
    in_mm = {side: round(int(margins.get(f"{W}{side}")) / 1440 * 25.4) for side in ("top", "bottom", "left", "right")}
    assert in_mm == {"top": 37, "bottom": 35, "left": 28, "right": 26}
    grid = section.find(f"{W}docGrid")
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("lines", "579")
    # an exact line height would crop a picture in the line
    spacing = _style(file, "图").find(f".//{W}spacing[@{W}lineRule]")
    assert spacing.get(f"{W}lineRule") == "auto"


@pytest.mark.parametrize(
    ("style", "font", "half_points", "level"),
    [
        ("BodyText", "仿宋_GB2312", "32", None),
        ("Title", "方正小标宋简体", "44", None),
        ("Heading1", "黑体", "32", "0"),
        ("Heading2", "楷体_GB2312", "32", "1"),
    ],
)
def test_styles_ask_for_the_offices_fonts(file, style, font, half_points, level):
    looks = _style(file, style)
    assert looks.find(f".//{W}rFonts").get(f"{W}eastAsia") == font
    assert looks.find(f".//{W}sz").get(f"{W}val") == half_points
    outline = looks.find(f".//{W}outlineLvl")
    assert (outline.get(f"{W}val") if outline is not None else None) == level


def test_headings_have_heading_styles(document, file):
    styled = [
        "".join(text.text or "" for text in line.iter(f"{W}t"))
        for line in part(file, "word/document.xml").iter(f"{W}p")
        if (style := line.find(f"{W}pPr/{W}pStyle")) is not None and style.get(f"{W}val").startswith("Heading")
    ]
    assert styled == [
        line for line in paper.lines(document) if re.match("[一二三四]、|（[一二三四]）", line) and "。" not in line
    ]


def test_tables_repeat_their_head_and_keep_rows_whole(document, file):
    tables = [t for t in part(file, "word/document.xml").iter(f"{W}tbl") if t.find(f".//{W}tblHeader") is not None]
    assert len(tables) == len(paper.tables(document))
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert [row.find(f".//{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_charts_are_sharp_pictures_with_a_description(document, file):
    drawn = paper.charts(document)
    shapes = list(part(file, "word/document.xml").iter(f"{WP}inline"))
    assert [shape.find(f"{WP}docPr").get("descr") for shape in shapes] == [chart.alt for chart in drawn]
    pixels = {int.from_bytes(file.read(name)[16:20]) for name in file.namelist() if name.endswith(".png")}
    inches = {int(shape.find(f"{WP}extent").get("cx")) / 914_400 for shape in shapes}
    assert {round(count / inch) for count in pixels for inch in inches} == {300}


def test_watermark_and_page_number_stand_on_odd_and_even_pages(document, file):
    sides = [name for name in file.namelist() if re.match(r"word/header\d", name)]
    assert len(sides) == 2
    assert all(f'string="{document.watermark}"' in file.read(name).decode() for name in sides)
    footers = [file.read(name).decode() for name in file.namelist() if re.match(r"word/footer\d", name)]
    assert sorted(re.search(r'<w:jc w:val="(\w+)"', footer)[1] for footer in footers) == ["left", "right"]
    assert all("PAGE" in footer for footer in footers)
    assert "evenAndOddHeaders" in file.read("word/settings.xml").decode()


def test_real_data_stand_under_the_masthead(document):
    signed = (
        ("文号", "灵审发〔2022〕15号"),
        ("主送", "各乡镇"),
        ("署名", "灵武市审批服务管理局"),
        ("成文日期", "2022年8月23日"),
        ("抄送", "市委办公室"),
        ("印发日期", "2022年8月23日印发"),
    )
    real = write_docx(replace(document, watermark=None, masthead="灵武市审批服务管理局文件", metadata=signed))
    lines = printed(real)
    assert lines[:3] == ["灵武市审批服务管理局文件", "灵审发〔2022〕15号", document.title]
    assert "各乡镇：" in lines
    # in the footer of the last side, an even page: neither the words before it nor another program move it there
    sections = re.findall(r"<w:sectPr.*?</w:sectPr>", real.read("word/document.xml").decode(), re.DOTALL)
    assert len(sections) == 2 and '<w:type w:val="evenPage"/>' in sections[-1]
    even = re.search(r'<w:footerReference w:type="even" r:id="(\w+)"', sections[-1])[1]
    links = part(real, "word/_rels/document.xml.rels")
    name = next(link.get("Target") for link in links if link.get("Id") == even)
    foot = part(real, f"word/{name}")
    foot_lines = ["".join(text.text or "" for text in line.iter(f"{W}t")) for line in foot.iter(f"{W}p")]
    assert foot_lines == ["抄送：市委办公室。", "2022年8月23日印发", "— 1 —"]
    signature = lines.index("2.指标口径")
    assert lines[signature + 1 : signature + 3] == ["灵武市审批服务管理局", "2022年8月23日"]
    assert not [name for name in real.namelist() if b"textpath" in real.read(name)]


def test_the_only_date_is_the_as_of_day(file):
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", file.read("docProps/core.xml").decode())) == {"2022-06-30T"}
    assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_page_has_22_lines_in_a_word_processor(tmp_path, document):
    office = shutil.which("soffice") or pytest.skip("needs LibreOffice Writer")
    text = replace(document, watermark=None, blocks=(Paragraph((Run("灵" * 28 * 60),)),))
    (tmp_path / "text.docx").write_bytes(docx.file(text, {}))
    command = [
        office,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        tmp_path,
        tmp_path / "text.docx",
    ]
    # the shipped fonts stand in for the office's, whatever fonts the machine has
    (tmp_path / "fonts.conf").write_text(
        f"<fontconfig><dir>{typeface.FONTS}</dir><cachedir>{tmp_path}/cache</cachedir><match><edit name='family'"
        " mode='assign' binding='same'><string>Noto Serif SC</string></edit></match></fontconfig>"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=environment)
    rows = pypdf.PdfReader(tmp_path / "text.pdf").pages[1].extract_text().splitlines()
    assert [len(row) for row in rows if "灵" in row] == [28] * 22


def _style(file: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return part(file, "word/styles.xml").find(f"{W}style[@{W}styleId='{name}']")
