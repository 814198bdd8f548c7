"""What commands say of a run: of the last one in `tongbao status`, and of one that holds the home meanwhile.

The verdict is made by hand in a home in which nothing is published.
"""

from __future__ import annotations

import json
import os
import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from dagster_project.cli.main import main
from dagster_project.gate.record import create_record_tables
from dagster_project.gate.verdict import Judgement, begin_verdict, keep_verdict, page_path
from dagster_project.overview.standing import look_at
from dagster_project.warehouse.lock import hold_lock
from tests.gate.verdicts import VOLUME, blocked


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("TONGBAO_HOME", str(tmp_path))
    monkeypatch.setenv("TONGBAO_JURISDICTION", "lingwu")
    return tmp_path


def tongbao(*arguments: str, locale: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, [*arguments], env={"LC_ALL": locale})


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
    told = lines[lines.index("last run") + 1 :][:6]
    assert re.fullmatch(r"  blocked  [\d :-]{19} – [\d :-]{19}", told[0])
    assert told[1:3] == ["  checks: 1 passed, 1 warned, 2 failed", "  two checks failed"]
    assert [*map(str.split, told[3:5])] == [["failed:", "·", f"({name})"] for name in "cd"]
    assert told[5] == f"  {home}/quality/r1.html"


def test_a_blocked_run_names_its_failed_checks_and_what_to_do(home):
    keep_verdict(home, blocked(12))
    page_path(home, "run-12").touch()
    run = tongbao("status").stdout
    assert "failed: no export was refused · 没有文件被拒收 (files_are_taken)" in run
    assert "hall/办件_202206.csv: 缺少合同要求的列：办件编号" in run and "请来源单位重新导出该文件" in run
    assert "2022年上半年办件量982件，较上年同期-72%" in run and f"\n  {home}/quality/run-12.html\n" in run
    # a finding of figures may be right, a refused file is not
    assert run.count("tongbao accept") == 1 and "accept volume_near_the_year_before --reason" in run
    (files, volume) = json.loads(tongbao("status", "--json", locale="zh_CN.UTF-8").stdout)["last_run"]["failed_checks"]
    assert files == {
        "check": "files_are_taken",
        "chinese": "没有文件被拒收",
        "english": "no export was refused",
        "count": 1,
        "found": ["hall/办件_202206.csv：缺少合同要求的列：办件编号"],
        "remedy": "请来源单位重新导出该文件",
        "is_acceptable": False,
        "accepted": 0,
    }
    assert volume["is_acceptable"] and volume["accepted"] == 0


def test_what_was_accepted_since_the_run_waits_for_the_next_one(home):
    verdict = blocked(12)
    keep_verdict(home, verdict)
    (home / "build").mkdir(exist_ok=True)
    with duckdb.connect(str(home / "build" / "candidate.duckdb")) as candidate:
        create_record_tables(candidate)
        for day in (-1, 0):  # of the days before the run ended, and of that on which it did
            candidate.execute(
                "insert into quality.accepted values ('volume_near_the_year_before', '', '', '', $1)",
                [verdict.ended_at.replace(tzinfo=None) + timedelta(days=day, hours=1)],
            )
    said = tongbao("status").stdout
    assert "1 accepted since, judged anew by the next run: tongbao run" in said and "tongbao accept" not in said


def test_a_run_that_failed_in_many_ways_fits_one_screen(home):
    verdict = blocked(12)
    for n in range(30):
        verdict.enter(VOLUME.model_copy(update={"name": f"check_{n}", "count": 9}))
    keep_verdict(home, verdict)
    said = tongbao("status").stdout
    assert len(said.splitlines()) <= 30 and "(and 8 more)" in said and "and 28 more checks failed" in said


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
