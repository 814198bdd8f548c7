"""The table of commands: each has its module, its help and both languages; exit codes are documented; starts are light.

Times are measured in benchmarks/starts.py; here only what a start imports is asserted.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dagster_project import settings
from dagster_project.cli.commands import COMMANDS, EXIT_CODES, GROUPS
from dagster_project.cli.main import main

HEAVY = {"dagster", "dbt", "pandas", "numpy", "great_expectations", "altair", "sqlalchemy", "typst", "docx"}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_own_help(name):
    command = main.get_command(click.Context(main), name)
    assert command.name == name and command.help
    assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_help_shows_every_command_once_under_its_group():
    said = CliRunner().invoke(main, ["--help"], env={"LC_ALL": "C.UTF-8"}).output
    assert re.findall(r"^  ([a-z]+)  ", said, re.M) == [*COMMANDS]
    assert [line.rstrip(":") for line in re.findall(r"^[A-Z][^:]*:$", said, re.M)] == [
        "Options",
        *(english for english, _ in GROUPS),
        "Exit codes",
    ]


def test_help_is_chinese_where_the_locale_is():
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        environment = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", variable: "zh_CN.UTF-8"}
        said = CliRunner().invoke(main, ["--help"], env=environment).output
        assert "日常:" in said and all(about.chinese in said for about in COMMANDS.values())
    environment = {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}
    assert "日常" not in CliRunner().invoke(main, ["--help"], env=environment).output


def test_the_documented_exit_codes_are_those_of_the_code():
    page = (settings.PROJECT / "docs" / "operating.md").read_text("utf-8")
    documented = {int(code): words for code, words in re.findall(r"^\| (\d+) \| (.*) \|$", page, re.M)}
    assert documented == {code: english for code, (english, _) in EXIT_CODES.items()}


def test_the_readme_lists_every_command():
    for name in ("README.md", "README.zh-CN.md"):
        page = (settings.PROJECT / name).read_text("utf-8")
        assert not [command for command in COMMANDS if not re.search(rf"tongbao {command}\b", page)], name


def imported(*arguments: str, home: Path) -> set[str]:
    """The top-level modules that a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "dagster_project.cli.main", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "TONGBAO_HOME": str(home), "TONGBAO_JURISDICTION": str(home / "county")},
    )
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    return {match.split(".")[0] for match in re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.M)}


def test_help_imports_neither_duckdb_nor_anything_heavy(tmp_path):
    assert not imported("--help", home=tmp_path) & (HEAVY | {"duckdb", "pydantic", "rich"})


def test_completion_answers_as_lightly(tmp_path, monkeypatch):
    monkeypatch.setenv("_TONGBAO_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "tongbao ")
    monkeypatch.setenv("COMP_CWORD", "1")
    # the console script is named tongbao; run as a module, click looks for the variable of another name
    code = "import sys; sys.argv = ['tongbao']; from dagster_project.cli.main import start; start()"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "TONGBAO_HOME": str(tmp_path)},
    )
    assert {line.partition(",")[2] for line in done.stdout.splitlines()} >= {*COMMANDS}
    assert not re.search(r"\| +(duckdb|dagster|pandas)$", done.stderr, re.M)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_prints_what_a_shell_reads(shell):
    assert "_TONGBAO_COMPLETE" in CliRunner().invoke(main, ["completion", shell]).output
