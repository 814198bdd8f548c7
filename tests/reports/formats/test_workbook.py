"""Tests the workbook: values are read back by calamine, looks from its XML, and compared with the document's numbers.

How figures are counted and what the text says is tested elsewhere.
"""

import re
import zipfile
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from xml.etree import ElementTree

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from reports.charts import all_charts
from reports.document.model import ChartBlock
from reports.figures import load as figures
from reports.formats.sheets import chart_sheets, workbook
from reports.formats.sheets.book import Book
from tests.reports import stub_figures
from tests.reports.formats import paper

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HEADER_ROW = 3
COLUMNS = {
    "value": "数值",
    "numerator": "分子",
    "denominator": "分母",
    "previous_value": "上期",
    "yoy": "同比",
    "mom": "环比",
}


@pytest.fixture(scope="module")
def book(document, whole) -> bytes:
    return workbook.write_workbook(document, whole)


def sheet(book: bytes, name: str) -> list[dict]:
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [dict(zip(rows[HEADER_ROW], row, strict=True)) for row in rows[HEADER_ROW + 1 :]]


def test_every_figure_of_the_period_is_there_exactly(book, whole):
    rows = {row["编号"]: row for row in sheet(book, "指标")}
    expected = whole.table
    ids = "2022H1/" + expected["figure"] + "/" + expected["dimension"] + "/" + expected["member"]
    assert sorted(rows) == sorted(ids)
    for name, column in (("value", "数值"), ("denominator", "分母"), ("year_ago_value", "上年同期")):
        amounts = [rows[key][column] for key in ids]
        # Excel keeps sixteen digits
        wanted = ["" if pd.isna(amount) else pytest.approx(amount, rel=1e-14) for amount in expected[name]]
        assert amounts == wanted


def test_every_number_printed_in_a_table_shows_the_same_in_its_cell(document, book):
    """As Excel would show it: the cell's value in the cell's number format."""
    cells = _cells_as_excel_shows_them(book)
    numbers = [
        run for table in paper.tables(document) for row in table.rows for cell in row for run in cell if run.figure_id
    ]
    assert len(numbers) > 80
    for run in numbers:
        text = cells[run.figure_id, COLUMNS[run.part]]
        assert re.sub("^(增长|提高|下降|增加|减少)", "", text) == run.text, (run, text)


def test_a_sheet_a_chart_with_its_data(document, book):
    names = CalamineWorkbook.from_filelike(BytesIO(book)).sheet_names
    drawn = paper.charts(document)
    assert names == ["指标", "口径", "乡镇（街道）", "单位", "修订", *(f"图{chart.number}" for chart in drawn)]
    for chart in drawn:
        rows = [row for row in sheet(book, f"图{chart.number}") if next(iter(row.values())) != "全市"]
        frame = chart.table.astype(object).where(chart.table.notna(), "")
        assert [list(row.values()) for row in rows] == frame.to_numpy().tolist()


def test_totals_are_those_of_the_city(book):
    """The published half-year: 405 overdue of 17,400 on the platform."""
    last = sheet(book, "乡镇（街道）")[-1]
    assert [*last.values()][:2] == ["全市", 349_200] and last["超期未办（件）"] == 405
    assert [*sheet(book, "图2")[-1].values()] == ["全市", pytest.approx(100 * 405 / 17_400), 405, 17_400]


def test_each_chart_has_the_total_that_its_rows_are_parts_of(document):
    """Months add up to 349,200, a year before 465,600; the townships' 43,200 cases are a whole; 构成 overlaps."""
    read, columns = stub_figures.figures(), {}
    blocks = tuple(ChartBlock(chart, chart) for chart in all_charts.draw(read, 640))
    book = Book(read.words, "", read.as_of_on, None)
    for block in blocks:
        chart_sheets.add_chart(book, block.chart, read)
    made = book.close()
    columns = {number: [*sheet(made, f"图{number}")[-1].values()] for number in range(1, 6)}
    assert columns[1] == ["全市", 349_200, 465_600, -25]
    assert columns[2][0] == "掌上办"
    assert columns[3] == ["合计", 43_200, 100]
    assert columns[4] == ["全市", pytest.approx(100 * 405 / 17_400), 405, 17_400]
    assert columns[5] == ["全市", 64_000, ""]
    parts = zipfile.ZipFile(BytesIO(made))
    drawn = [parts.read(f"xl/charts/chart{number}.xml").decode() for number in range(1, 6)]
    kinds = [re.search("<c:barDir val=.(...)", native)[1] for native in drawn]
    assert kinds == ["col", "bar", "bar", "bar", "col"]


def test_a_history_is_drawn_over_its_periods_and_a_running_one_hollow():
    """Not the towns in the oldest quarter, under a headline of the newest."""
    read = stub_figures.figures(is_complete=False)
    (chart,) = all_charts.draw(read, 640, ("volume_history",))
    book = Book(read.words, "", read.as_of_on, None)
    chart_sheets.add_chart(book, chart, read)
    native = zipfile.ZipFile(BytesIO(book.close())).read("xl/charts/chart1.xml").decode()
    last, whole = chr(ord("A") + len(read.history)), HEADER_ROW + 2
    asked = re.findall("<c:f>[^<]*!([^<]*)</c:f>", native)
    assert asked == [f"$A${whole}", f"$B${whole - 1}:${last}${whole - 1}", f"$B${whole}:${last}${whole}"]
    hollow = re.findall(r'<c:dPt><c:idx val="(\d+)"/>.*?<a:noFill/>', native)
    assert hollow == [str(len(read.history) - 1)]


def test_columns_of_numbers_hold_numbers_alone_and_say_their_unit(book):
    for name in CalamineWorkbook.from_filelike(BytesIO(book)).sheet_names:
        rows = sheet(book, name)
        for title in rows[0] if rows else ():
            kinds = {type(row[title]) for row in rows if row[title] != ""}
            assert len(kinds) <= 1, (name, title, kinds)
            is_of_many_units = name in ("指标", "修订")  # each row says its unit there
            is_rate = title in ("超期占比", "按时办结率", "提前办结率")  # the cells show %
            if float in kinds and not is_of_many_units and not is_rate:
                assert title.endswith("）"), (name, title)


def test_every_chart_is_one_of_excel_over_its_data(document, book):
    file = zipfile.ZipFile(BytesIO(book))
    natives = [file.read(name).decode() for name in file.namelist() if name.startswith("xl/charts/chart")]
    assert len(natives) == len(paper.charts(document)) > 1
    for chart in paper.charts(document):
        (native,) = [text for text in natives if f"图{chart.number}'!" in text or f"图{chart.number}!" in text]
        assert f"$A${HEADER_ROW + 2}:$A${HEADER_ROW + 1 + len(chart.table)}" in native
        assert chart.headline in native


def test_every_revision_is_listed_with_what_it_was(document, whole):
    rows = [(row.figure, row.dimension, row.member, 1.0, row.value) for group in whole.rows.values() for row in group]
    revised = replace(whole, revisions=tuple(rows), revised_version="v1", why="补报")
    made = workbook.write_workbook(document, revised)
    listed = sheet(made, "修订")
    assert len(listed) == len(rows) > 18
    volume = next(row for row in listed if row["编号"] == "2022H1/case_volume/total/total")
    assert (volume["此前公布"], volume["现为"], volume["相差"], volume["单位"]) == (1, 349_200, 349_199, "件")
    (note,) = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_name("修订").to_python()[1][:1]
    assert note.startswith("与已发布的v1相比。补报")


def test_what_looks_like_a_formula_is_text(document, whole):
    chart = paper.charts(document)[0]
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x"]
    block = ChartBlock(replace(chart, table=pd.DataFrame({"=名": hostile})), chart)
    book_ = workbook.write_workbook(replace(document, blocks=(block,)), whole)
    assert [row["=名"] for row in sheet(book_, "图1")] == hostile
    file = zipfile.ZipFile(BytesIO(book_))
    assert not [name for name in file.namelist() if b"<f>" in file.read(name) or b"hyperlink" in file.read(name)]
    assert b"quotePrefix" in file.read("xl/styles.xml")


def test_head_frozen_and_watermark_on_every_sheet(document, book):
    file = zipfile.ZipFile(BytesIO(book))
    sheets = [file.read(name).decode() for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets and all('ySplit="4"' in text and 'state="frozen"' in text for text in sheets)
    assert all(document.watermark in re.search("<oddHeader>(.*)</oddHeader>", text)[1] for text in sheets)


def test_the_only_date_is_the_as_of_day(book):
    file = zipfile.ZipFile(BytesIO(book))
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", file.read("docProps/core.xml").decode())) == {"2022-06-30T"}
    assert {datetime(*entry.date_time) for entry in file.infolist()} == {datetime(1980, 1, 1)}


@pytest.fixture(scope="session")
def whole(filled) -> figures.Figures:
    return figures.load(filled, "2022H1", "灵武市审批服务管理局")


def _cells_as_excel_shows_them(book: bytes) -> dict[tuple[str, str], str]:
    """(figures row, column) to the text that a cell of sheet 指标 shows, worked out from value and number format."""
    file = zipfile.ZipFile(BytesIO(book))
    words = ["".join(t.text or "" for t in si.iter(f"{M}t")) for si in _xml(file, "xl/sharedStrings.xml")]
    styles = _xml(file, "xl/styles.xml")
    custom = {node.get("numFmtId"): node.get("formatCode") for node in styles.iter(f"{M}numFmt")}
    builtin = {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%"}
    forms = [(builtin | custom)[xf.get("numFmtId")] for xf in styles.find(f"{M}cellXfs")]
    rows = []
    for row in _xml(file, "xl/worksheets/sheet1.xml").find(f"{M}sheetData")[HEADER_ROW - 1 :]:
        cells = []
        for cell in row:
            value = cell.findtext(f"{M}v")
            is_text = cell.get("t") == "s"
            if value is None:
                cells.append("")
                continue
            cells.append(words[int(value)] if is_text else _as_shown(float(value), forms[int(cell.get("s", 0))]))
        rows.append(cells)
    header = rows[0]
    return {(row[-1], name): text for row in rows[1:] for name, text in zip(header, row, strict=True)}


def _as_shown(value: float, form: str) -> str:
    sections = form.split(";")
    if len(sections) == 3:
        form, value = sections[0 if value > 0 else 1 if value < 0 else 2], abs(value)
    literal = re.findall('"([^"]*)"', form)
    pattern = re.sub('"[^"]*"', "", form)
    if not pattern:
        return literal[0]
    places = len(pattern.partition(".")[2].rstrip("%"))
    value *= 100 if pattern.endswith("%") else 1
    number = f"{value + 1e-9:{',' if ',' in pattern else ''}.{places}f}{'%' if pattern.endswith('%') else ''}"
    return "".join([*literal[:1], number, *literal[1:]]) if literal else number


def _xml(file: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(file.read(name))
