"""Under a Chinese locale `run`, `bulletin`, `release` and `check` say their own sentences in Chinese.

Nothing runs: a home without exports, a disk without space and events of Dagster made by hand. Whether each language has
every sentence is asserted in tests/reports/test_words.py.
"""

from __future__ import annotations

import logging
import re
from types import SimpleNamespace

import dagster as dg
import pytest
from click.testing import CliRunner

from dagster_project.cli.main import main
from dagster_project.disk import describe_fault
from dagster_project.recovery.proof import prove_home
from dagster_project.settings import PROJECT
from dagster_project.terminal.progress import speech
from dagster_project.warehouse.lock import hold_lock

LINGWU = PROJECT / "jurisdictions" / "lingwu"


@pytest.fixture(autouse=True)
def chinese(tmp_path, monkeypatch):
    for name, value in {"TONGBAO_HOME": str(tmp_path), "TONGBAO_JURISDICTION": "lingwu", "LC_ALL": "zh_CN"}.items():
        monkeypatch.setenv(name, value)


def tongbao(*arguments: str) -> str:
    done = CliRunner().invoke(main, [*arguments])
    assert done.exit_code in (1, 2), done.output
    return done.output


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["run", "--period", "2022-6"], "'2022-6' 不是期间"),
        (["bulletin", "2022H1"], "还不存在；请先运行 `tongbao run`"),
        (["release", "2022H1"], "bulletins/2022H1 还不存在；请先运行 `tongbao bulletin 2022H1`"),
        (["check", "--deep", "--every"], "请去掉 --every 和 --from"),
        (["sql", "select 1"], "warehouse.duckdb 还不存在；请先运行 `tongbao run`"),
    ],
)
def test_a_command_refuses_in_chinese(command, expected):
    assert expected in tongbao(*command)


def test_a_home_that_is_held_and_a_disk_that_is_full_are_told_in_chinese(tmp_path, monkeypatch):
    with hold_lock(tmp_path, "run of a test"):
        (tmp_path / "bulletins" / "2022H1").mkdir(parents=True)
        (tmp_path / "bulletins" / "2022H1" / "provenance.json").write_text('{"period": "2022H1", "code_version": "1"}')
        (tmp_path / "warehouse.duckdb").touch()
        monkeypatch.setattr("reports.text.narrative.list_unwritten", lambda *_: [])
        assert "另有运行正在进行" in tongbao("release", "2022H1")
    monkeypatch.setattr("dagster_project.disk.needed_bytes", lambda home: 1 << 62)
    assert re.search("所在磁盘剩余 [0-9]+ MB，而一次运行约需 [0-9]+ MB", tongbao("run"))
    assert "没有空间可写" in describe_fault("No space left on device", tmp_path)


def test_a_folder_is_checked_in_chinese(tmp_path):
    (tmp_path / "exports").mkdir()
    done = CliRunner().invoke(main, ["check"])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == f"{LINGWU}，导出文件 {tmp_path / 'exports'}"
    assert "  items  没有文件符合" in done.output and lines[-1] == "没有错误：可以 tongbao run"
    assert [line for line in lines if not re.search("[一-鿿]", line)] == []


def test_a_home_is_proven_in_chinese(tmp_path):
    said = [proof.said for proof in prove_home(tmp_path, LINGWU)]
    assert len(said) == 3 and not [line for line in said if not re.search("[一-鿿]{3}", line)]


def test_steps_are_told_in_chinese(capsys):
    logger = speech(dg.build_init_logger_context())
    for kind in (dg.DagsterEventType.STEP_START, dg.DagsterEventType.STEP_SUCCESS):
        about = {"dagster_event": SimpleNamespace(event_type=kind), "step_key": "ingest"}
        logger.log(logging.INFO, "", extra={"dagster_meta": about})
    logger.warning("某事", extra={"dagster_meta": {"orig_message": "某事"}})
    said = capsys.readouterr()
    assert re.fullmatch("读取导出文件\n  完成，用时 [0-9.]+ 秒\n", said.out) and said.err == "  提醒 某事\n"
