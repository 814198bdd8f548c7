"""Renders a whole folder twice, in processes with different locales and time zones, and compares the bytes.

Also tests which files a rendering writes and when it warns. What each format says is tested beside this file.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from reports.figures.owner import OtherJurisdiction
from reports.formats.html import page as html
from reports.proof.printed import read_printed
from reports.render import render

ROOT = Path(__file__).parents[2]
RENDER = """
import sys, duckdb
from pathlib import Path
from reports.render import render
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    render(connection, "2022H1", Path("jurisdictions/lingwu"), Path(sys.argv[2]), "1.0")
"""
HABITS = (
    {"TZ": "Asia/Shanghai", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/New_York", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "2", "RAYON_NUM_THREADS": "1"},
)


@pytest.fixture(scope="module")
def folders(filled, tmp_path_factory) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("twice")
    filled.execute(f"attach '{home}/warehouse.duckdb' as stored")
    filled.execute("copy from database memory to stored")
    filled.execute("detach stored")
    targets = (home / "first", home / "second")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", RENDER, home / "warehouse.duckdb", target],
            cwd=ROOT,
            env={**os.environ, **habits},
            stderr=subprocess.PIPE,
            text=True,
        )
        for target, habits in zip(targets, HABITS, strict=True)
    ]
    for process in running:
        _, errors = process.communicate(timeout=180)
        assert process.returncode == 0, errors
    return targets


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_inputs_same_bytes(folders):
    first, second = map(contents, folders)
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_all_formats_and_each_chart_twice(folders):
    files = contents(folders[0])
    charts = {Path(name).stem for name in files if name.endswith(".svg")}
    assert charts
    expected = {f"bulletin.{kind}" for kind in ("html", "pdf", "docx", "xlsx")} | {
        "figures.csv",
        "provenance.json",
        "card.png",
    }
    expected |= {f"charts/{key}.{kind}" for key in charts for kind in ("svg", "png")}
    assert set(files) == expected
    for name in files:
        if name.endswith(".png"):
            assert int.from_bytes(files[name][16:20]) == (1800 if name == "card.png" else 1280), name
    assert files["figures.csv"].startswith("\ufeffperiod,".encode())
    assert json.loads(files["provenance.json"])["as_of_on"] == "2022-06-30"


def test_no_format_of_a_chinese_bulletin_separates_thousands(folders):
    """The published bulletin of 2022H1 prints 25477次."""
    for kind in ("html", "pdf", "docx", "xlsx"):
        pieces = read_printed(f"bulletin.{kind}", (folders[0] / f"bulletin.{kind}").read_bytes()).pieces
        # in the CSV behind a chart a comma divides two numbers
        words = " ".join(piece.text for piece in pieces if ".csv behind" not in piece.place)
        assert "25477" in words, kind
        assert re.findall(r"[0-9]{1,3},[0-9]{3}(?![0-9])", words) == [], kind
    with ZipFile(folders[0] / "bulletin.xlsx") as book:
        assert b"#,##0" not in book.read("xl/styles.xml")
        assert b'numFmtId="3"' not in book.read("xl/styles.xml")  # Excel's own number for #,##0


@pytest.mark.parametrize(("limit", "warnings"), [(1000, 1), (html.USUAL_LIMIT, 0)])
def test_a_page_over_the_usual_limit_is_written_and_warned_about(
    filled, tmp_path, monkeypatch, caplog, limit, warnings
):
    monkeypatch.setattr(html, "USUAL_LIMIT", limit)
    render(filled, "2022H1", ROOT / "jurisdictions" / "lingwu", tmp_path, "1.0")
    size = (tmp_path / "bulletin.html").stat().st_size
    assert [record.levelname for record in caplog.records] == ["WARNING"] * warnings
    assert all(f"bulletin.html of 2022H1 has {size // 1000} KB" in message for message in caplog.messages)


def test_the_figures_of_one_county_are_not_rendered_with_the_words_of_another(filled, tmp_path):
    with pytest.raises(OtherJurisdiction, match=r"is 测试县 \(640000\), but this warehouse holds 灵武市"):
        render(filled, "2022H1", ROOT / "tests" / "county", tmp_path / "bulletin", "1.0")
    assert not (tmp_path / "bulletin").exists()
