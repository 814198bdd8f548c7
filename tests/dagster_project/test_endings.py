"""How runs that fail are told, at the terminal and in Dagster's events: each has its reason, in words of the office.

A county of fifty cases is run twice: with a file that can't be taken, and with a case of 1990, which the calendar does
not reach. Steps that raise all kinds of errors follow, in jobs of one step.
"""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace

import dagster as dg
import pytest
from click.testing import CliRunner

from dagster_project.cli.blocked.discard import discard
from dagster_project.cli.questions.sql import inspect
from dagster_project.gate.verdict import read_verdict
from dagster_project.helper_process import HelperError
from dagster_project.terminal.ending import list_reasons, print_failure, print_warnings
from dagster_project.warehouse.lock import hold_lock
from reports.words.catalogue import load_words
from tests.dagster_project.small_county import County, failure_of, make_county

DAILY = dg.AssetSelection.all() - dg.AssetSelection.assets("bulletin")
WORDS = load_words("zh")


def run_spoilt(path, old: str, new: str, capsys) -> SimpleNamespace:
    county = make_county(path)
    county.deliver()
    export = county.home / "exports" / "hall_cases_202206.csv"
    export.write_text(export.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = county.materialize(DAILY)
    capsys.readouterr()
    print_failure(county.home, result, WORDS, became="broken", checks=150)
    captured = capsys.readouterr()
    return SimpleNamespace(county=county, result=result, said=captured.err + captured.out)


def check_events(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {check.check_name: check for check in result.get_asset_check_evaluations()}


def test_a_refused_file_is_told_with_the_file_the_fault_and_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TONGBAO_ALERT_FILE", str(tmp_path / "alerts.txt"))
    run = run_spoilt(tmp_path, ",办结,", ",不知道,", capsys)
    lines = run.said.splitlines()
    assert lines[0] == "nothing was published · 没有发布：1项核查未通过"
    assert "未通过 “没有文件被拒收”有1处不符" in lines
    assert any(line.startswith("    hall_cases_202206.csv：9条记录中有9条不合规范，超过cases允许的") for line in lines)
    assert "另有139项核查因此没有进行" in lines  # of 150, the eleven of files were carried out
    assert run.said.index("未通过 “") < run.said.index("提醒1项") < run.said.index("还没有发布过任何内容")
    assert run.said.count("skipped") == 0 and "Dagster" not in run.said and "dbt" not in run.said
    assert "tongbao accept" not in run.said  # a refused file can't be accepted
    told = failure_of(run.result)  # what the UI's page of the run shows
    assert "未通过 “没有文件被拒收”有1处不符" in told and "sources/" in told and "Materialize all" in told
    assert re.search(rf"http://\S+/quality/{run.result.run_id}\.html", told) and "tongbao accept" not in told
    check = check_events(run.result)["files_are_taken"]
    assert check.severity == dg.AssetCheckSeverity.ERROR
    assert (check.metadata["名称"].value, check.metadata["name"].value) == ("没有文件被拒收", "no export was refused")
    (row,) = check.metadata["rows"].records
    assert row.data["文件"] == "hall_cases_202206.csv"
    assert "映射" in check.metadata["remedy"].value
    # a run of the UI's "Materialize all" tells as a daily one does, and its verdict speaks the county's language
    assert "没有文件被拒收" in (tmp_path / "alerts.txt").read_text("utf-8")
    page = (run.county.home / "quality" / f"{run.result.run_id}.html").read_text("utf-8")
    assert "9条记录中有9条不合规范" in page and "don't conform" not in unescape(page)


def test_what_another_run_builds_is_not_offered_for_discarding(tmp_path, capsys):
    county = make_county(tmp_path)
    county.deliver()
    with hold_lock(county.home, "run 1"):
        result = county.materialize(DAILY)
        capsys.readouterr()
        print_failure(county.home, result, WORDS, became="broken", checks=150)
    said = capsys.readouterr().err
    assert "run 1" in said and "tongbao discard" not in said


def test_a_test_of_dbt_that_blocks_is_told_in_words_of_the_office(tmp_path, capsys):
    run = run_spoilt(tmp_path, "2022-06-09 09:00:00", "1990-06-09 09:00:00", capsys)
    county: County = run.county
    lines = run.said.splitlines()
    assert "未通过 “工作日历覆盖全部办件及其时限”有1处不符" in lines
    assert any("1件办件的受理日在工作日历首日2004-01-01之前，最早1990-06-09" in line for line in lines)
    assert not any("accepted before the calendar" in line or "Got 1 result" in line for line in lines)
    assert run.said.index("未通过") < run.said.index("提醒 ")
    assert "工作日历覆盖" in failure_of(run.result)
    checks = check_events(run.result)
    passed = checks["not_null_fct_cases_case_key"]
    assert passed.passed and passed.metadata["名称"].value == "办件的办件标识没有空白"
    assert passed.metadata["name"].value == "fct_cases.case_key is never blank"

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TONGBAO_HOME", str(county.home))
        patch.setenv("TONGBAO_JURISDICTION", str(county.jurisdiction))
        answer = CliRunner().invoke(inspect, [])
        assert answer.exit_code == 0, answer.output
        refused = CliRunner().invoke(inspect, ["delete from quality.checks"])
        assert refused.exit_code == 1 and "read-only" in refused.output
        assert "deleted" in CliRunner().invoke(discard, []).output
        gone = CliRunner().invoke(inspect, [])
        assert gone.exit_code == 1 and "there is no candidate" in gone.output


def raise_failure() -> None:
    raise dg.Failure("the template is broken: line 3\nmend it")


def raise_nothing_to_say() -> None:
    raise KeyError


def raise_markup() -> None:
    raise HelperError("dbt_worker ended with exit code -9 [/red]")


def raise_from_another() -> None:
    try:
        raise ValueError("two files have one name")
    except ValueError as error:
        raise RuntimeError("the step failed") from error


@pytest.mark.parametrize(
    ("fail", "reason"),
    [
        (raise_failure, "step：the template is broken: line 3\nmend it"),
        (raise_nothing_to_say, "step：KeyError"),
        (raise_markup, "step：dbt_worker ended with exit code -9 [/red]"),
        (raise_from_another, "step：ValueError: two files have one name"),
    ],
)
def test_a_step_that_fails_has_one_reason_which_is_printed_as_it_is(tmp_path, capsys, fail, reason):
    @dg.asset
    def step() -> None:
        fail()

    @dg.asset(deps=[step])
    def later() -> None: ...

    result = dg.materialize([step, later], raise_on_error=False)
    assert [*list_reasons(tmp_path, result, WORDS, is_blocked=False)] == [reason]
    capsys.readouterr()
    print_failure(tmp_path, result, WORDS, became="broken", checks=0)
    assert f"未通过 {reason}" in capsys.readouterr().err


class Held(dg.ConfigurableResource):
    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        raise dg.Failure("another run holds the home")


def test_a_resource_that_fails_is_a_reason(tmp_path):
    @dg.asset
    def step(held: Held) -> None: ...

    result = dg.materialize([step], resources={"held": Held()}, raise_on_error=False)
    (reason,) = list_reasons(tmp_path, result, WORDS, is_blocked=False)
    assert "another run holds the home" in reason


def test_a_run_that_left_publication_out_does_not_pass_for_a_success(tmp_path, capsys):
    @dg.asset
    def step() -> None: ...

    print_failure(tmp_path, dg.materialize([step]), WORDS, became="nothing_published", checks=0)
    assert "没有发布：有步骤未执行" in capsys.readouterr().err


def test_a_run_without_a_verdict_has_no_warnings(tmp_path, capsys):
    print_warnings(read_verdict(tmp_path, "none"), WORDS)
    assert capsys.readouterr().err == ""
