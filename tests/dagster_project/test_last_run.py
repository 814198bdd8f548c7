"""What commands say of a run: of the last one in `tongbao status`, and of one that holds the home meanwhile.

The verdict is made by hand in a home in which nothing is published.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dagster_project.cli.main import main
from dagster_project.gate.verdict import Judgement, begin_verdict, keep_verdict, page_path
from dagster_project.overview.standing import look_at
from dagster_project.warehouse.lock import hold_lock


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("TONGBAO_HOME", str(tmp_path))
    monkeypatch.setenv("TONGBAO_JURISDICTION", "lingwu")
    return tmp_path


def tongbao(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments], env={"LC_ALL": "C.UTF-8"})


def test_the_last_run_is_told_with_its_end_its_checks_its_reason_and_its_page(home):
    verdict = begin_verdict("r1")
    for name, count, severity in (("a", 0, "error"), ("b", 2, "warning"), ("c", 1, "error"), ("d", 3, "error")):
        verdict.enter(Judgement(layer="files", asset="f", name=name, severity=severity, count=count))
    keep_verdict(home, verdict)
    assert re.search(r"\n  running  [\d :-]{19} – not ended\n", tongbao("status").stdout)
    verdict.end("blocked", "two checks failed")
    keep_verdict(home, verdict)
    page_path(home, "r1").touch()
    lines = tongbao("status").stdout.splitlines()
    told = lines[lines.index("last run") + 1 :][:4]
    assert re.fullmatch(r"  blocked  [\d :-]{19} – [\d :-]{19}", told[0])
    assert told[1:] == ["  checks: 1 passed, 1 warned, 2 failed", "  two checks failed", f"  {home}/quality/r1.html"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [("publication.json", "a publication was cut short"), ("candidate.duckdb", "a candidate waits to be published")],
)
def test_what_is_unfinished_is_told_only_where_it_is(home, file, sentence):
    (home / "build").mkdir()
    standing = look_at(home, date(2022, 7, 3))
    assert not standing.is_cut_short and not standing.is_candidate_waiting and sentence not in tongbao("status").stdout
    (home / "build" / file).touch()
    standing = look_at(home, date(2022, 7, 3))
    assert [standing.is_cut_short, standing.is_candidate_waiting] == [file[0] == "p", file[0] == "c"]
    with hold_lock(home, "a run"):  # so that the command can't end the publication
        assert sentence in tongbao("status").stdout


@pytest.mark.parametrize("arguments", [["discard"], ["rebuild"], ["accept", "volume_near_the_year_before"]])
def test_a_command_that_finds_the_home_held_says_by_whom_in_one_sentence(home, arguments):
    options = ["--reason", "x", "--by", "y"] if arguments[0] == "accept" else []
    with hold_lock(home, "run of a test"):
        done = tongbao(*arguments, *options)
    holder = f"process {os.getpid()}, run of a test"
    assert done.exit_code == 1
    assert done.stderr == f"Error: another run is in progress ({holder}); wait for it or end it, then run again\n"
