"""Names from exports and words of the office that try to be formulas, markup, code or paths: they stay words.

Hostile names take the place of towns in the published half-year, which is rendered in every format; hostile templates
are filled. It asserts that each name is printed as it is or disarmed, that no file breaks, and that no text runs on.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from reports import render
from reports.charts.drawing.typeface import FontError, check_glyphs
from reports.formats.sheets import worklists
from reports.formats.spreadsheet import disarm, name_file
from reports.text.narrative import TemplateError
from reports.text.template import fill_template
from tests.reports.conftest import LINGWU, TOWNS, fill

HOSTILE = [
    '=HYPERLINK("file:///etc/passwd","看")',
    "<script>document.title='hit'</script>",
    "<img src=x onerror=\"document.title='hit'\">",
    '#read("/etc/passwd") #sys.inputs',
    "]$\\*_`~</w:t>&lt;镇",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "[点](javascript:document.title='hit')",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The bulletin of 2022H1 with hostile names for its towns."""
    target = tmp_path_factory.mktemp("hostile") / "2022H1"
    with duckdb.connect() as connection:
        fill(connection)
        for town, hostile in zip(TOWNS, HOSTILE, strict=False):
            for table in ("figures", "dimension_members"):
                connection.execute(f"update marts.{table} set member = $1 where member = $2", [hostile, town])
            connection.execute("update marts.dimension_members set label = member where label = $1", [town])
        render.render(connection, "2022H1", LINGWU, target, "test")
    return target


def test_a_browser_runs_nothing_of_a_name(folder):
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install .[dev])")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no chromium on the PATH (apt-get install chromium)")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page, dialogs = browser.new_page(), []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto((folder / "bulletin.html").as_uri())
        page.wait_for_timeout(300)
        assert "hit" not in page.title() and dialogs == []
        assert page.locator("img[src=x], a[href^=javascript]").count() == 0
        assert not [text for text in page.locator("script").all_text_contents() if "hit" in text]
        assert HOSTILE[1] in page.locator("body").inner_text()
        browser.close()


def test_every_part_of_the_documents_is_well_formed(folder):
    for name in ("bulletin.docx", "bulletin.xlsx"):
        with zipfile.ZipFile(folder / name) as parts:
            for part in parts.namelist():
                if part.endswith((".xml", ".rels")):
                    ElementTree.fromstring(parts.read(part))
    for chart in (folder / "charts").glob("*.svg"):
        tree = ElementTree.parse(chart)
        assert not [e for e in tree.iter() if e.tag.endswith(("script", "foreignObject"))]
    words = "".join(page.extract_text() for page in PdfReader(folder / "bulletin.pdf").pages)
    assert "root:" not in words and '#read("/etc/passwd")' in words.replace("\n", "")


def test_no_cell_is_a_formula(folder):
    rows = list(csv.reader(io.StringIO((folder / "figures.csv").read_text("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert f"'{HOSTILE[0]}" in cells and f"'{HOSTILE[5]}" in cells
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]
    assert any(re.fullmatch(r"-?\d+(\.\d+)?", cell) for cell in cells)
    with zipfile.ZipFile(folder / "bulletin.xlsx") as book:
        sheets = [book.read(part) for part in book.namelist() if part.startswith("xl/worksheets/sheet")]
        assert HOSTILE[5].replace("&", "&amp;") in book.read("xl/sharedStrings.xml").decode()
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<hyperlink" in sheet]


def test_a_name_with_hidden_characters_is_told_and_prints_nothing_of_them():
    with pytest.raises(FontError, match=r"“甲镇乙” holds U\+0001 U\+202E, which nobody can see"):
        check_glyphs("甲\u202e镇\x01乙")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("＝1＋1", "'＝1＋1"),
        ("-12.5%", "-12.5%"),
        ("+3", "+3"),
        (-3, -3),
        (None, None),
        ("灵武市", "灵武市"),
    ],
)
def test_words_that_would_be_formulas_get_an_apostrophe(cell, written):
    assert disarm(cell) == written


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("某某镇", "某某镇"),
        ("CON", "_CON"),
        ("com1.csv", "_com1.csv"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("." * 80, "unnamed"),
        ("../../etc/passwd", "etc_passwd"),
        ("镇 .", "镇"),
        ("", "unnamed"),
    ],
)
def test_a_unit_gives_its_file_a_safe_name(name, file):
    assert name_file(name, set()) == file


@given(st.lists(st.text(max_size=200), max_size=8))
@settings(max_examples=200, deadline=None)
def test_names_of_files_are_safe_and_different_on_every_system(names):
    taken: set[str] = set()
    files = [name_file(name, taken) for name in names]
    assert len({file.casefold() for file in files}) == len(names)
    for file in files:
        assert 0 < len(file.encode()) <= 140 and not re.search(r'[\\/:*?"<>|\x00-\x1f\u202a-\u202e]', file)
        assert not file.startswith(".") and not file.endswith((".", " "))


def test_worklists_of_hostile_units_lie_in_their_folder(tmp_path):
    with duckdb.connect() as connection:
        connection.execute("""
            create schema marts; create schema reference; create schema quality;
            create table quality.files as select 'loaded' as verdict, false as is_synthetic;
            create table marts.dim_periods as select '2022-06' as period, date '2022-06-30' as as_of_on;
            create table marts.figures as select '' as period, '' as figure, '' as dimension, 1 as value;
            create table reference.jurisdiction as select 'zh' as language;
            create table reference.sources as select 'hall' as source, '大厅' as name;
            create table marts.worklist as
            select unit as unit_name, '=1+1' as case_no, '@item' as item_name, unit as org_name, null as window_name,
                date '2022-06-01' as accepted_on, date '2022-06-10' as due_on, null::timestamp as due_by_at,
                true as is_overdue, true as is_overdue_counted, 5 as working_days_over, unit as case_key
            from (select unnest(
                ['../../甲', 'CON', '甲\u202e镇', '甲镇', repeat('.', 80), repeat('长', 200), '督办汇总']
            ) as unit)
        """)
        counts = worklists.write(connection, tmp_path / "lists")
    assert len(counts) == 7
    files = [path.name for path in (tmp_path / "lists").iterdir()]
    # a unit that is called like the summary doesn't replace it
    assert len(files) == 16 and {"甲镇.csv", "甲镇_2.csv", "_CON.xlsx", "督办汇总.csv", "督办汇总_2.csv"} <= {*files}
    assert [name for name in files if "/" in name or name.startswith(".")] == []
    assert [path.name for path in tmp_path.iterdir()] == ["lists"]
    assert "'=1+1" in (tmp_path / "lists" / "甲镇.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{{ 'a' * 10**9 }}", r"template\.md:1: calculating with \*"),
        ("{{ 2 ** 999999999 }}", "calculating with"),
        ("{{ '%999999999d' % 1 }}", "calculating with %"),
        ("{{ 'a'.ljust(999999999) }}", "unsafe|ljust"),
        ("{{ '{:>999999999}'.format(1) }}", "unsafe|format|longer"),
        ("{{ 'a' | center(999999999) }}", r"the filter \|center"),
        ("{{ 'a' | indent(999999999) }}", r"the filter \|indent"),
        ("{% set x = 'a' %}{% set x = x ~ x %}", "joined with ~"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "macro"),
        ("{% include 'template.md' %}", "include"),
        ("{% extends 'template.md' %}", "extends"),
        ("{% for a in range(99999) %}{% endfor %}", "range"),
        ("{{ fig.__globals__ }}", "unsafe|__globals__"),
        ("{{ fig('case_volume').__class__.__mro__ }}", "unsafe|__class__"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "unsafe|cycler"),
        (
            "{% set t = fig('case_volume').by('town') %}" + "{% for a in t %}" * 3 + "x" + "{% endfor %}" * 3,
            "loops may lie 2 deep",
        ),
    ],
)
def test_a_text_can_neither_run_on_nor_reach_python(tmp_path, read, text, fault):
    (tmp_path / "template.md").write_text(text, encoding="utf-8")
    started = time.monotonic()
    with pytest.raises(TemplateError, match=fault):
        fill_template(tmp_path, read)
    assert time.monotonic() - started < 2


def test_a_text_that_grows_without_end_is_cut_off(tmp_path, read):
    words = "字" * 20_000
    loops = "{% for a in t %}{% for b in t %}" + words + "{% endfor %}{% endfor %}"
    (tmp_path / "template.md").write_text("{% set t = fig('case_volume').by('town') %}" + loops, encoding="utf-8")
    with pytest.raises(TemplateError, match="longer than 1,000,000 characters"):
        fill_template(tmp_path, read)
