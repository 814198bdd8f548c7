"""The README's walk “Another county”, command by command: from exports of another shape to a bulletin.

The commands are taken from the README and run in a shell whose home folder is empty but for the exports; the editor is
a script that answers the draft's questions. Expected figures are counted from the rows of another_county.py by hand or
in plain Python.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.another_county import (
    HALL_CASES,
    ID,
    PEOPLE,
    PHONE,
    RATED,
    TOWN_CASES,
    accepted,
    is_finished,
    write_exports,
)

ROOT = Path(__file__).parents[2]


def commands(readme: str, heading: str) -> list[str]:
    """The shell commands of the README's section, without their comments."""
    section = (ROOT / readme).read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = re.search(r"```sh\n(.*?)```", section, flags=re.DOTALL)[1].splitlines()
    return [line.split("  #")[0].strip() for line in lines]


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> tuple[Path, str]:
    """The county's home after the walk, and what the commands printed."""
    home = tmp_path_factory.mktemp("user")
    write_exports(home / "qinghe" / "exports")
    editor = home / "editor"
    editor.write_text(f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -m tests.end_to_end.another_county "$@"\n')
    editor.chmod(0o755)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TONGBAO_", "DAGSTER_"))},
        "HOME": str(home),
        "EDITOR": str(editor),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    script = "\n".join(["set -e", *commands("README.md", "Another county")])
    done = subprocess.run(
        ["bash", "-c", script], cwd=home, env=environment, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return home / "qinghe", done.stdout


def test_both_readmes_walk_alike():
    assert commands("README.md", "Another county") == commands("README.zh-CN.md", "另一个县")


def test_the_walk_ends_with_the_figures_that_the_rows_give(walked):
    home, _ = walked
    in_august = [n for n in range(HALL_CASES) if accepted(n).month == 8]
    in_towns = [n for n in range(TOWN_CASES) if accepted(n).month == 8]
    rated = [n for n in RATED if (accepted(n) + timedelta(days=1)).month == 8]  # rated the day after acceptance
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        figures = {
            (figure, member): value
            for figure, member, value in connection.execute(
                "select figure, member, value from marts.figures where period = '2022-08'"
            ).fetchall()
        }
    assert figures["case_volume", "total"] == len(in_august) + len(in_towns)
    assert figures["case_volume", "hall"] == len(in_august)
    assert figures["case_volume", "township"] == len(in_towns)
    assert figures["mobile", "total"] == len([n for n in in_august if n % 3 == 2])
    assert figures["case_finished", "total"] == len([n for n in (*in_august, *in_towns) if is_finished(n)])
    assert figures["evaluations", "total"] == len(rated)
    # 1 is the best level: whoever reads the numbers from the wrong end gets the rest
    assert figures["satisfaction", "total"] == pytest.approx(len([n for n in rated if n % 21]) / len(rated))


def test_the_bulletin_is_the_county_s_own_and_names_nobody(walked):
    home, said = walked
    page = (home / "bulletins" / "2022-08" / "bulletin.html").read_text(encoding="utf-8")
    assert "关于样河县2022年8月" in page and "样河县行政审批服务局" in page and "全县" in page
    for word in (*PEOPLE, PHONE, ID, "灵武", "银川", "宁夏"):
        assert word not in page + said, word
