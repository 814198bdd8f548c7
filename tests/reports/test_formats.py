"""Tests what a new format must have: its title, `verify` reads it back, and the index of bulletins links it.

It renders one bulletin and passes each file to `reports/proof` and to the index. The looks of a format are tested
beside it.
"""

import re
from pathlib import Path

import pypdf
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from reports import render
from reports.formats.html import index
from reports.proof.printed import READERS
from reports.release.folder import list_files

LINGWU = Path(__file__).parents[2] / "jurisdictions" / "lingwu"
PICTURES = {".svg", ".png"}


@pytest.fixture(scope="module")
def bulletins(filled, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "bulletins"
    render.render(filled, "2022H1", LINGWU, folder / "2022H1", "1.0")
    return folder


def test_each_format_is_read_back_by_verify(bulletins):
    suffixes = {Path(name).suffix for name in list_files(bulletins / "2022H1")}
    assert suffixes - PICTURES - READERS.keys() == set(), "add a reader to READERS in reports/proof/printed.py"


def test_each_format_is_linked_by_the_index(bulletins):
    index.write(bulletins)
    page = (bulletins / "index.html").read_text("utf-8")
    names = [path.name for path in (bulletins / "2022H1").glob("bulletin.*")]
    assert len(names) >= 4
    assert [name for name in names if f'href="2022H1/{name}"' not in page] == [], "add it to the formats of index.py"


@pytest.mark.parametrize(
    ("period", "kind", "ends_on", "named"),
    [
        ("2022-06", "month", "2022-06-30", "2022年6月"),
        ("2022H1", "half", "2022-06-30", "2022年上半年"),
        ("2022H1", "half", "2022-07-31", "2022年上半年（截至6月30日）"),
        ("2022", "year", "2022-12-31", "2022年（截至6月30日）"),
    ],
)
def test_each_format_names_the_period_and_how_far_a_running_one_reaches(
    connection, tmp_path, period, kind, ends_on, named
):
    connection.execute("delete from marts.dim_periods where period = '2022-06'")
    connection.execute("update marts.figures set period = ?", [period])
    connection.execute("update marts.dim_periods set period = ?, kind = ?, ends_on = ?", [period, kind, ends_on])
    render.render(connection, period, LINGWU, tmp_path, "1.0")
    title = f"关于灵武市{named}政务服务运行情况的通报"
    page = (tmp_path / "bulletin.html").read_text("utf-8")
    assert f"<title>{title}｜" in page
    assert title in re.sub(r"</?span[^>]*>", "", page[page.index("<h1>") : page.index("</h1>")])
    assert title in re.sub(r"\s", "", pypdf.PdfReader(tmp_path / "bulletin.pdf").pages[0].extract_text())
    assert title in "".join(line.text.replace("\n", "") for line in Document(tmp_path / "bulletin.docx").paragraphs[:3])
    sheet = CalamineWorkbook.from_path(tmp_path / "bulletin.xlsx").get_sheet_by_index(0)
    assert sheet.to_python()[0][0].startswith(title)
