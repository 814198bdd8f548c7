"""The prompt of `tongbao shell` answers statements of several lines, reads one file, and goes on after a mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def ask(home: Path, said: str, *options: str, path: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dagster_project.cli.main", "shell", *options],
        input=said,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "TONGBAO_HOME": str(home),
            "TONGBAO_JURISDICTION": str(home / "county"),
            "PATH": f"{path}:{os.environ['PATH']}",
        },
    )


@pytest.fixture(scope="module")
def ended(analysts) -> subprocess.CompletedProcess[str]:
    lines = [
        "select count(*) + 1000",
        "from marts.fct_cases;",
        "",
        "select nothing;",
        "select * from read_csv('/etc/hostname');",
        "create table marts.mine as select 1;",
        "set enable_external_access = true;",
        ".tables",
        ".columns marts.revisions",
        ".what",
        ".quit",
        "select 'after the end';",
    ]
    return ask(analysts, "\n".join(lines) + "\n", "--plain")


def test_it_answers(ended):
    assert ended.returncode == 0
    assert "1046" in ended.stdout  # 46 cases: the 45 of expected_cases.csv and P21, which has no due day yet
    assert "marts.fct_cases" in ended.stdout and "covered_until" in ended.stdout
    assert "after the end" not in ended.stdout


def test_a_mistake_ends_nothing_and_no_statement_writes_or_reads_beside(ended):
    said = ended.stderr
    assert "nothing" in said and "disabled by configuration" in said and "read-only" in said
    assert "Cannot change configuration" in said and "Traceback" not in said


def test_it_becomes_duckdbs_own_command_line_where_there_is_one(analysts, tmp_path):
    program = tmp_path / "duckdb"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)
    done = ask(analysts, "", path=str(tmp_path))
    assert done.stdout.splitlines() == [
        "-readonly",
        "-cmd",
        "set enable_external_access = false; set lock_configuration = true",
        str(analysts / "warehouse.duckdb"),
    ]
