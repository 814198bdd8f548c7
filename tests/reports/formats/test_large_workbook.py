"""Tests that the workbook of a large county shows long names, long definitions and tall charts whole, also printed."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pandas as pd
from python_calamine import CalamineWorkbook

from reports.charts import all_charts
from reports.document import tables
from reports.formats.sheets import chart_sheets, workbook
from reports.formats.sheets.book import Book
from tests.reports import stub_figures

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def xml(file: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(file.read(name))


def test_no_page_cuts_a_chart_of_many_bars_and_no_cell_a_long_name():
    """A county of 48 townships: its chart ran on to a second page, and names ended at the number beside them."""
    long = "宁东能源化工基地临河综合工业园区街道办事处"
    towns = {f"第{n}镇": (9000 - n, n, 3000) for n in range(47)} | {long: (100, 2, 300)}
    county = stub_figures.figures(towns=towns)
    book = Book(county.words, "灵武市2022年上半年", county.as_of_on, "样例")
    (chart,) = all_charts.draw(county, 640, ("town_share",))
    chart_sheets.add_chart(book, chart, county)
    mart = pd.DataFrame([key[1:] for key in county.rows], columns=["figure", "dimension"])
    whole, table = replace(county, table=mart), tables.tabulate_towns(county)
    workbook._add_figures(book, whole)
    workbook._add_table(book, county, "乡镇", table)
    with zipfile.ZipFile(BytesIO(book.close())) as file:
        chart_page, figures_page, towns_page = (xml(file, f"xl/worksheets/sheet{n}.xml") for n in (1, 2, 3))
        drawing = file.read("xl/drawings/drawing1.xml").decode()
    assert int(re.search(r"<xdr:to>.*?<xdr:row>(\d+)", drawing)[1]) < 60, "the chart ends about where the table does"
    assert chart_page.find(f"{M}pageSetup").get("fitToHeight") in (None, "1")
    assert figures_page.find(f"{M}pageSetup").get("fitToHeight") == "0"
    for page, place in ((figures_page, 3), (towns_page, 1)):
        widths = {column.get("min"): float(column.get("width")) for column in page.iter(f"{M}col")}
        assert widths[str(place)] > 2 * len(long)


def test_a_definition_is_shown_to_its_last_line(document, read):
    book = workbook.write_workbook(document, read)
    with zipfile.ZipFile(BytesIO(book)) as file:
        rows = xml(file, "xl/worksheets/sheet2.xml").iter(f"{M}row")
        heights = {int(row.get("r")): float(row.get("ht", 15)) for row in rows}
    definitions = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name("口径").to_python()[4:]
    lines = {n: len(row[1]) * 2 / 70 for n, row in enumerate(definitions, start=5)}
    assert max(lines.values()) > 1
    assert {n: heights[n] for n, needed in lines.items() if heights[n] < 15 * needed} == {}
