"""What `tongbao quarantine` shows and exports: records by rule, their place, and words for the office that exports.

How records come into quarantine is tested beside. It asserts lists that were written by hand.
"""

from __future__ import annotations

import csv
import json
import shutil

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from rich.console import Console

from dagster_project.cli.blocked.quarantine import quarantine
from dagster_project.warehouse.findings import FINDINGS
from ingest.rows.quarantine import RULES
from tests.ingest.conftest import case


@pytest.fixture
def published(landing, monkeypatch):
    lines = [case(n) for n in range(200)]
    lines[3] = case(3, channel="=1+1")
    lines[5] = "只有,两格"
    lines[7] = case(7, applicant_key="9.99999E+17")
    landing.put("hall/202201.csv", *lines)
    landing.put("hall/202202.csv", *(case(n) for n in range(99)), case(99, status="不明"))
    landing.run()
    shutil.copyfile(landing.home / "build" / "warehouse.duckdb", landing.home / "warehouse.duckdb")
    monkeypatch.setenv("TONGBAO_HOME", str(landing.home))
    return landing


EXPECTED = [
    ["hall/202201.csv", "4", "办理形式", RULES["unknown_code"][0], "（已遮蔽，4字）", RULES["unknown_code"][1]],
    ["hall/202201.csv", "6", "", RULES["too_few_cells"][0], "", RULES["too_few_cells"][1]],
    [
        "hall/202201.csv",
        "8",
        "申请人证件号码",
        RULES["damaged_by_spreadsheet"][0],
        "（已遮蔽，11字）",
        RULES["damaged_by_spreadsheet"][1],
    ],
    ["hall/202202.csv", "100", "办件状态", RULES["unknown_code"][0], "（已遮蔽，2字）", RULES["unknown_code"][1]],
]


def said(*arguments: str, expect: int = 0) -> str:
    done = CliRunner().invoke(quarantine, [*arguments])
    assert done.exit_code == expect, done.output
    return done.output


def test_scripts_get_every_record_by_its_names(published):
    found = json.loads(said("--json"))
    assert [[row["path"], str(row["record"]), row["header"], row["value"] or ""] for row in found] == [
        [path, record, header, value] for path, record, header, _, value, _ in EXPECTED
    ]
    assert [row["record"] for row in json.loads(said("--json", "--rule", "unknown_code"))] == [4, 100]


def test_a_table_that_is_cut_off_says_how_much_more_there_is(published, monkeypatch):
    wide = Console(width=600)  # so that no cell is broken
    monkeypatch.setattr("dagster_project.cli.blocked.quarantine.console", wide)
    assert "4 records of 2 files" in (whole := said("--limit", "4")) and "more" not in whole
    assert f"unknown_code {RULES['unknown_code'][0]}" in whole
    assert "and 1 more; --limit 4 shows them" in " ".join(said("--limit", "3").split())


def test_the_supplier_gets_a_list_that_no_spreadsheet_runs(published):
    for name in ("退回.xlsx", "退回.csv"):
        said("--export", str(published.home / name))
    sheet = CalamineWorkbook.from_path(published.home / "退回.xlsx").get_sheet_by_index(0).to_python()
    assert [[str(int(c) if isinstance(c, float) else c) for c in row] for row in sheet[1:]] == EXPECTED
    with (published.home / "退回.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:3] == ["文件", "第几条记录", "列"]
    assert rows == EXPECTED
    said("--export", str(published.home / "退回.docx"), expect=2)
    said("--export", str(published.home / "nowhere" / "退回.csv"), expect=1)


def test_quarantine_is_shown_by_rule_then_record_by_record(published):
    shown = said()
    assert "4 records of 2 files" in shown and "unknown_code" in shown and "已遮蔽" in shown
    shown = said("--rule", "unknown_code", "--file", "202202")
    assert "1 records of 1 files" in shown and " 100 " in shown and "too_few_cells" not in shown


def test_what_a_run_found_that_published_nothing_is_shown_first(published):
    kept = published.home / "runs" / "r1" / "quarantine.csv"
    kept.parent.mkdir(parents=True)
    with published.connect() as connection, kept.open("w", encoding="utf-8-sig", newline="") as file:
        found = connection.execute(FINDINGS["quarantine.csv"].replace("where", "where 1 = 1 and"))
        writer = csv.writer(file)
        writer.writerow([column[0] for column in found.description])
        writer.writerows(row for row in found.fetchall() if row[1] == "hall/202202.csv")
    shown = said()
    assert "1 records of 1 files" in shown and "runs/r1/quarantine.csv" in shown


def test_a_home_without_a_run_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGBAO_HOME", str(tmp_path))
    monkeypatch.setenv("TONGBAO_JURISDICTION", "lingwu")
    assert f"{tmp_path} holds no findings yet" in said(expect=1)
