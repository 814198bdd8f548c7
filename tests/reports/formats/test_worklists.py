"""Tests the worklists as files: what a spreadsheet makes of their cells, and the same bytes each time.

The warehouse is made here and holds two cases; the cells are read back from the files. Which cases belong on a
worklist is tested with the miniature.
"""

import csv

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from reports.formats.sheets.worklists import write

HARMFUL = '=HYPERLINK("http://example.invalid","点我")'


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    warehouse = duckdb.connect()
    warehouse.execute(f"""
        create schema marts; create schema reference;
        create table reference.jurisdiction as select null as language;
        create table reference.sources as select 'hall' as source, '综合窗口系统' as name;
        create table marts.dim_periods as select unnest([date '2022-05-31', date '2022-06-30']) as as_of_on;
        create table marts.worklist as
            select '东塔镇' as unit_name, 'B' as case_key, 'B' as case_no, 'hall' as source_system,
                '{HARMFUL}' as item_name, '东塔镇中心' as org_name, null as window_name,
                date '2022-06-01' as accepted_on, date '2022-06-29' as due_on,
                null::timestamp as due_by_at, true as is_overdue, 1 as days_over, 0 as working_days_left
            union all by name
            select '东塔镇' as unit_name, 'A' as case_key, '-A' as case_no, 'hr' as source_system, '补办' as item_name,
                '东塔镇中心' as org_name, '1号' as window_name, date '2022-06-20' as accepted_on,
                date '2022-06-30' as due_on,
                timestamp '2022-06-30 16:30' as due_by_at, false as is_overdue, 0 as days_over, 0 as working_days_left
    """)
    return warehouse


def test_cells_and_order(connection, tmp_path):
    assert write(connection, tmp_path) == {"东塔镇": 2}
    rows = CalamineWorkbook.from_path(tmp_path / "东塔镇.xlsx").get_sheet_by_index(0).to_python()
    assert rows[0][0] == "东塔镇督办清单（截至2022-06-30，共2件）"
    assert rows[2] == ["B", HARMFUL, "东塔镇中心", "", "2022-06-01", "2022-06-29", "已超期", 1, 0, "综合窗口系统"]
    assert rows[3] == ["-A", "补办", "东塔镇中心", "1号", "2022-06-20", "2022-06-30 16:30", "今日到期", 0, 0, "hr"]
    with (tmp_path / "东塔镇.csv").open(encoding="utf-8-sig", newline="") as file:
        _, first, second = csv.reader(file)
    assert first[1] == "'" + HARMFUL and second[0] == "'-A"


def test_the_same_bytes_each_time(connection, tmp_path):
    for name in ("one", "two"):
        write(connection, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
