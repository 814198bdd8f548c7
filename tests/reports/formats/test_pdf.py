"""Tests the PDF against the document and GB/T 9704-2012: every word and number, lines a page, tags, fonts, dates.

What the words say and how charts are drawn is tested elsewhere.
"""

import re
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest
import typst
from fontTools.ttLib import TTFont

from reports.charts.drawing.typeface import FONTS
from reports.document.model import Document, Heading, Paragraph, Run
from reports.formats.paper import pdf
from tests.reports.formats import paper


def opened(document: Document) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf.pages(document)[0]))


def printed(document: Document, file: pypdf.PdfReader) -> str:
    """All text but charts, page numbers, watermark and the repeated heads of tables."""
    heads = [paper.plain("".join(table.header)) for table in paper.tables(document)]
    words = ""
    for number, page in enumerate(file.pages, start=1):
        text = paper.plain(page.extract_text())
        if document.watermark:
            assert text.endswith(document.watermark), f"no watermark on page {number}"
            text = text.removesuffix(document.watermark)
        assert text.endswith(f"—{number}—"), f"no page number on page {number}"
        text = text.removesuffix(f"—{number}—")
        for chart in paper.charts(document):
            start = text.find(paper.plain(chart.headline))
            if start >= 0:
                source = paper.plain(chart.source_line)
                text = text[:start] + text[text.index(source, start) + len(source) :]
        repeated = next((head for head in heads if text.startswith(head)), "")
        words += text.removeprefix(repeated)
    return words


def one_paragraph(text: str) -> Document:
    return paper.document_of(Paragraph((Run(text),)))


def test_every_word_and_number_of_the_document_is_printed_in_order(document):
    assert printed(document, opened(document)) == "".join(paper.lines(document))


def test_a_number_altered_by_hand_is_found(document):
    altered = paper.altered(document)
    assert printed(document, opened(altered)) != "".join(paper.lines(document))


def test_charts_are_there_with_their_words_and_description(document):
    file = opened(document)
    text = paper.plain("".join(page.extract_text() for page in file.pages))
    drawn = paper.charts(document)
    assert drawn and all(paper.plain(chart.headline) in text for chart in drawn)
    described = {str(entry["/Alt"]) for entry in _structure(file) if "/Alt" in entry}
    assert {chart.alt for chart in drawn} <= described


def test_a_page_has_22_lines_of_28_characters():
    rows = opened(one_paragraph("灵" * (28 * 60 - 2))).pages[1].extract_text().splitlines()
    assert [len(row) for row in rows[:-1]] == [28] * 22 and rows[-1] == "— 2 —"


def test_tagged_dated_and_searchable(document):
    file = opened(document)
    root = file.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "zh-CN"
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    assert file.metadata.title == document.title
    assert file.metadata["/CreationDate"] == file.metadata["/ModDate"] == "D:20220630000000Z"
    kinds = {str(entry.get("/S")) for entry in _structure(file)}
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure"} <= kinds
    width, height = file.pages[0].mediabox[2:]
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)


def test_headings_are_bookmarks(document):
    def titles(entries) -> list[str]:
        return [t for e in entries for t in (titles(e) if isinstance(e, list) else [e.title])]

    expected = [b for b in paper.lines(document) if re.match("[一二三四]、|（[一二三四]）", b) and "。" not in b]
    assert titles(opened(document).outline) == [*expected, "数据表", "指标口径"]


def test_shipped_fonts_are_embedded(document):
    names = set()
    for page in opened(document).pages:
        for font in page["/Resources"]["/Font"].values():
            names.add(re.sub(r"^/[A-Z]{6}\+", "", font["/BaseFont"]))
            assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"], font["/BaseFont"]
    assert "NotoSansSC-Bold" in names


def test_a_long_table_repeats_its_head(document):
    pages = [paper.plain(page.extract_text()) for page in opened(document).pages]
    first, after = next(n for n, text in enumerate(pages) if text.startswith("附件2")), len(pages)
    assert after - first > 1
    assert all("指标口径计算" in text for text in pages[first:after])


def test_real_data_stand_under_the_masthead(document):
    signed = (
        ("文号", "灵审发〔2022〕15号"),
        ("主送", "各乡镇"),
        ("署名", "灵武市审批服务管理局"),
        ("成文日期", "2022年8月23日"),
        ("抄送", "市委办公室"),
        ("印发日期", "2022年8月23日印发"),
    )
    real = replace(document, watermark=None, masthead="灵武市审批服务管理局文件", metadata=signed)
    pages = [paper.plain(page.extract_text()) for page in opened(real).pages]
    assert pages[0].startswith(f"灵武市审批服务管理局文件灵审发〔2022〕15号{document.title}")
    assert "各乡镇：" in pages[0]
    assert "2.指标口径灵武市审批服务管理局2022年8月23日" in "".join(pages)
    # the 版记 stands on the last side, numbered unless a blank page comes before it
    assert len(pages) % 2 == 0
    number = "" if pages[-2] == "" else f"—{len(pages)}—"
    assert pages[-1].endswith(f"抄送：市委办公室。2022年8月23日印发{number}")


@pytest.mark.parametrize("lines", range(18, 66, 4))
def test_the_imprint_ends_where_the_text_area_does_on_an_even_page(lines):
    signed = (("抄送", "市委办公室"), ("印发日期", "2022年8月23日印发"))
    whole = replace(one_paragraph("字" * 28 * lines), watermark=None, metadata=signed)
    pages = opened(whole).pages
    assert len(pages) % 2 == 0
    heights = []

    def visit(text: str, page: list[float], line: list[float], *_) -> None:
        if "印发" in text:
            heights.append((page[3] * line[5] + page[5]) / 72 * 25.4)

    pages[-1].extract_text(visitor_text=visit)
    assert heights and 35 < heights[0] < 43, heights  # mm from the edge


def test_a_long_title_is_set_in_balanced_lines_that_keep_the_period():
    title = "灵武市人民政府政务服务管理委员会2022年上半年政务服务运行情况分析通报"
    text = opened(replace(one_paragraph("正文"), title=title)).pages[0].extract_text().splitlines()
    assert text[:2] == ["灵武市人民政府政务服务管理委员会", "2022年上半年政务服务运行情况分析通报"]


def test_a_character_no_font_has_is_named():
    with pytest.raises(pdf.PrintError, match=r"\U0002cb4a.*subset\.py"):
        pdf.pages(one_paragraph("名\U0002cb4a"))


@pytest.fixture
def with_office_font(tmp_path, monkeypatch):
    """As if an office's 黑体 had been installed: the shipped bold face under its name."""
    with TTFont(FONTS / "NotoSansSC-Bold.ttf") as font:
        for entry in font["name"].names:
            if entry.nameID in (1, 3, 4, 6, 16):
                entry.string = "SimHei"
        font.save(tmp_path / "simhei.ttf")
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(FONTS), str(tmp_path)])
    return lambda: monkeypatch.setattr(pdf, "_fonts", lambda: fonts)


def test_a_font_that_is_installed_later_changes_no_page_that_was_set_without_it(with_office_font):
    short = one_paragraph("正文")
    short = replace(short, blocks=(Heading(2, (Run("一、总体运行情况"),), "a"), *short.blocks))
    before = pdf.pages(short, ())[0]
    with_office_font()
    assert "SimHei" in pdf.list_office_fonts(short.words)
    assert pdf.pages(short, ())[0] == before
    assert pdf.pages(short, ("SimHei",))[0] != before


def test_a_recorded_font_that_is_gone_is_named():
    with pytest.raises(pdf.PrintError, match="is set in STHeiti, which isn't installed here"):
        pdf.pages(one_paragraph("正文"), ("STHeiti",))


def _structure(file: pypdf.PdfReader) -> list[dict]:
    entries, waiting = [], [file.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        entry = waiting.pop()
        entries.append(entry)
        kids = entry.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        waiting += [kid for kid in (k.get_object() for k in kids) if isinstance(kid, dict) and "/S" in kid]
    return entries
