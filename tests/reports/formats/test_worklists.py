"""Tests the worklists as files: what a spreadsheet makes of their cells, what proves them, the same bytes each time.

The warehouse is made here and holds three cases; the cells are read back from the files. Which cases belong on a
worklist is tested with the miniature.
"""

import csv
import datetime as dt
import re
import zipfile
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from reports.formats.sheets.worklists import write
from reports.proof.verify_lists import verify_worklists
from reports.release.folder import SUMS, format_sums

HARMFUL = '=HYPERLINK("http://example.invalid","点我")'
HEADS = ["序号", "办件编号", "事项", "经办窗口", "受理", "应办结", "超期工作日", "办理情况", "销号"]
MARK = "样例（合成数据）"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """One overdue case that the bulletin counts, one that it doesn't, and one that is due on the day of the lists."""
    warehouse = duckdb.connect()
    warehouse.execute(f"""
        create schema marts; create schema reference; create schema quality;
        create table reference.jurisdiction as select null as language;
        create table quality.files as select 'loaded' as verdict, false as is_synthetic;
        create table marts.dim_periods as
            select unnest(['2022-05', '2022-06', '2022H1']) as period,
                unnest([date '2022-05-31', date '2022-06-30', date '2022-06-30']) as as_of_on;
        create table marts.figures as
            select unnest(['2022-05', '2022-06', '2022H1']) as period, 'overdue_open' as figure, 'total' as dimension,
                unnest([7.0, 1.0, 1.0]) as value;
        create table marts.worklist as
            select '东塔镇' as unit_name, 'B' as case_key, 'B' as case_no, '{HARMFUL}' as item_name,
                '东塔镇中心' as org_name, null as window_name, date '2022-05-01' as accepted_on,
                date '2022-06-14' as due_on, null::timestamp as due_by_at, true as is_overdue,
                true as is_overdue_counted, 12 as working_days_over
            union all by name
            select '东塔镇' as unit_name, 'A' as case_key, '-A' as case_no, '补办' as item_name,
                '东塔镇中心' as org_name, '1号' as window_name, date '2022-06-20' as accepted_on,
                date '2022-06-30' as due_on, timestamp '2022-06-30 16:30' as due_by_at, false as is_overdue,
                true as is_overdue_counted, 0 as working_days_over
            union all by name
            select '税务窗口' as unit_name, 'C' as case_key, 'C' as case_no, '申报' as item_name,
                '税务局' as org_name, '2号' as window_name, date '2022-06-20' as accepted_on,
                date '2022-06-21' as due_on, null::timestamp as due_by_at, true as is_overdue,
                false as is_overdue_counted, 7 as working_days_over
    """)
    return warehouse


@pytest.fixture
def synthetic(connection) -> duckdb.DuckDBPyConnection:
    connection.execute("update quality.files set is_synthetic = true")
    return connection


def read(path: Path) -> list[list]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.reader(file)]


def made(connection: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """The worklists with their sums, as a run leaves them."""
    write(connection, folder)
    (folder / SUMS).write_text(format_sums(folder), "utf-8")
    return folder


def test_cells_and_order(connection, tmp_path):
    assert write(connection, tmp_path) == {"东塔镇": 2, "税务窗口": 1}
    rows = read(tmp_path / "东塔镇.xlsx")
    note = "截至2022年6月30日，共2件：已超期1件（其中计入通报“超期未办”1件），三个工作日内到期1件（“超期工作日”为空）"
    assert (rows[0][0], rows[1][0], rows[3]) == ("东塔镇督办清单", note, HEADS)
    assert rows[4] == [1, "B", HARMFUL, "东塔镇中心", dt.date(2022, 5, 1), dt.date(2022, 6, 14), 12, "", ""]
    due = dt.datetime(2022, 6, 30, 16, 30)
    assert rows[5] == [2, "-A", "补办", "1号", dt.date(2022, 6, 20), due, "", "", ""]
    header, first, second = read_csv(tmp_path / "东塔镇.csv")
    assert header == HEADS and first[2] == "'" + HARMFUL
    assert second == ["2", "'-A", "补办", "1号", "2022-06-20", "2022-06-30 16:30", "", "", ""]


def test_the_summary_says_why_it_holds_more_cases_than_the_bulletin(connection, tmp_path):
    write(connection, tmp_path)
    rows = read(tmp_path / "督办汇总.xlsx")
    assert rows[4:6] == [[1, "东塔镇", 2, 1, 1, 1, 12], [2, "税务窗口", 1, 1, 0, 0, 7]]
    assert rows[6] == ["", "合计", 3, 2, 1, 1, 12]
    assert [row[0] for row in rows[8:11]] == [
        "清单列出全部来源已超期和三个工作日内到期的在办件，共3件：已超期2件，三个工作日内到期1件。",
        "通报“超期未办”同日为1件，比清单少的，是不纳入超期统计的来源的超期件1件和尚未超期的1件。",
        "通报的数字截至其期末，清单截至2022年6月30日；期末以后办结或新超期的，两者不同。",
    ]
    assert read_csv(tmp_path / "督办汇总.csv")[1:] == [
        ["1", "东塔镇", "2", "1", "1", "1", "12"],
        ["2", "税务窗口", "1", "1", "0", "0", "7"],
    ]


def test_a_list_can_be_printed_and_filled_in(connection, tmp_path):
    write(connection, tmp_path)
    parts = zipfile.ZipFile(tmp_path / "东塔镇.xlsx")
    sheet, styles = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert all(words in sheet for words in ('paperSize="9"', 'orientation="landscape"', 'fitToHeight="0"'))
    assert "第&amp;P页，共&amp;N页" in sheet and "$4:$4" in parts.read("xl/workbook.xml").decode()
    borders = re.findall("<border>.*?</border>", styles)
    used = [int(number) for number in re.findall(r'<xf [^>]*borderId="(\d+)"', styles.partition("<cellXfs")[2])]
    row = re.search('<row r="5".*?</row>', sheet)[0]
    cells = [used[int(style)] for style in re.findall(r'<c r="[A-I]5" s="(\d+)"', row)]
    assert len(cells) == 9
    assert all(borders[cell].count('style="thin"') == 4 for cell in cells)


def test_every_file_of_synthetic_data_says_so(synthetic, tmp_path):
    write(synthetic, tmp_path)
    files = [*tmp_path.iterdir()]
    assert len(files) == 6
    for path in files:
        if path.suffix == ".csv":
            header, *rows = read_csv(path)
            assert header[-1] == MARK and all(row[-1] == "" for row in rows)
        else:
            assert read(path)[1][0].endswith(f"　{MARK}")
            assert f"&amp;C&amp;16{MARK}" in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()


def without_mark(content: bytes) -> bytes:
    return content.replace(f",{MARK}".encode(), b"")


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("东塔镇.csv", without_mark, "样例"),
        ("东塔镇.csv", lambda content: content.replace(b",12,", b",2,"), "12,,,"),
        ("督办汇总.csv", lambda content: content.replace(b",2,1,", b",1,1,"), "prints 1"),
        ("东塔镇.xlsx", lambda content: content[:-1], ""),
        ("税务窗口.xlsx", None, "missing"),
    ],
)
def test_what_was_altered_is_found_also_with_new_sums(synthetic, tmp_path, name, change, said):
    folder = made(synthetic, tmp_path / "2022-06-30")
    assert verify_worklists(synthetic, folder, tmp_path / "untouched") == []
    path = folder / name
    if change:
        path.write_bytes(change(path.read_bytes()))
    else:
        path.unlink()
    (folder / SUMS).write_text(format_sums(folder), "utf-8")
    found = verify_worklists(synthetic, folder, tmp_path / "fresh")
    assert {finding.file for finding in found} == {name}
    assert any(said in f"{finding.printed}{finding.expected}" for finding in found), found


def test_a_mark_taken_out_of_a_workbook_is_found(synthetic, connection, tmp_path):
    folder = made(synthetic, tmp_path / "2022-06-30")
    connection.execute("update quality.files set is_synthetic = false")
    write(connection, tmp_path / "unmarked")
    (folder / "东塔镇.xlsx").write_bytes((tmp_path / "unmarked" / "东塔镇.xlsx").read_bytes())
    connection.execute("update quality.files set is_synthetic = true")
    found = verify_worklists(synthetic, folder, tmp_path / "fresh")
    assert "东塔镇.xlsx" in {finding.file for finding in found}
    assert any(MARK in finding.expected for finding in found)


def test_lists_of_an_earlier_day_are_compared_with_their_sums(connection, tmp_path):
    folder = made(connection, tmp_path / "2022-06-29")
    connection.execute("delete from marts.worklist")
    assert verify_worklists(connection, folder, tmp_path / "fresh") == []
    (folder / "东塔镇.csv").write_text("0", "utf-8")
    (finding,) = verify_worklists(connection, folder, tmp_path / "fresh")
    assert finding.file == "东塔镇.csv"
    (folder / SUMS).unlink()
    (finding,) = verify_worklists(connection, folder, tmp_path / "fresh")
    assert str(finding).startswith("SHA256SUMS, whole file: missing")


def test_the_same_bytes_each_time(connection, tmp_path):
    for name in ("one", "two"):
        write(connection, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
