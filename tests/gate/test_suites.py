"""Tests how suites are read, tuned by a jurisdiction, judged and accepted by a person.

Frames of a few rows take the place of a warehouse. What the suites that ship find is tested in test_deliveries.py.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from dagster_project.cli.main import main
from dagster_project.gate import plausibility, record
from dagster_project.gate.judgements import judge_expectation
from dagster_project.gate.suite import Suite, load_suites, tune_suites
from dagster_project.helper_process import HelperError
from ingest.errors import MappingError
from ingest.jurisdiction.settings import CheckTuning
from tests.gate.verdicts import blocked, clean

SUITE = {
    "asset": "figures",
    "frames": {
        "towns": {
            "query": "select * from (values ('东塔镇', 5), ('崇兴镇', 50), ('街道办', null)) as t (town, value)",
            "expectations": [
                {
                    "name": "towns_are_small",
                    "expect": "expect_column_values_to_be_between",
                    "with": {"column": "value", "max_value": 10},
                    "severity": "error",
                    "about": "乡镇不大；towns are small",
                    "says": "{town}有{value}件，多于{max_value}件",
                    "remedy": "核对",
                }
            ],
        },
        "faults": {
            "query": "select i as record from range(30) as t (i)",
            "expectations": [
                {
                    "name": "nothing_is_wrong",
                    "expect": "expect_no_rows",
                    "severity": "warning",
                    "about": "没有错；nothing is wrong",
                    "says": "第{record}条有误",
                    "remedy": "核对",
                }
            ],
        },
    },
}
NAMES = ["towns_are_small", "nothing_is_wrong"]


@pytest.fixture(autouse=True)
def nothing_to_prepare(tmp_path, monkeypatch):
    monkeypatch.setattr(plausibility, "FOLDER", tmp_path)


def judge(helper, suites=None, accepted=(), docs=None) -> dict[str, plausibility.Verdict]:
    with duckdb.connect() as connection:
        suites = suites or [Suite.model_validate(SUITE)]
        verdicts = plausibility.judge_suites(connection, helper, suites, NAMES, accepted, docs)
        return {verdict.expectation.name: verdict for verdict in verdicts}


def tune(**changes) -> list[Suite]:
    tuning = CheckTuning(reason="大镇", **changes)
    return tune_suites([Suite.model_validate(SUITE)], {"towns_are_small": tuning}, Path("jurisdiction.yaml"))


def test_a_failing_row_is_a_sentence_and_a_null_is_not_judged(helper):
    verdict = judge(helper)["towns_are_small"]
    assert (verdict.judged, verdict.count, verdict.findings) == (3, 1, ["崇兴镇有50件，多于10件"])


def test_the_numbers_seen_and_the_columns_behind_a_finding_are_told(helper):
    verdict = judge(helper)["towns_are_small"]
    assert (verdict.lowest, verdict.highest, verdict.rows) == (5, 50, [{"town": "崇兴镇", "value": 50}])
    accepted = {("towns_are_small", "崇兴镇有50件，多于10件"): ("大镇", "审批局")}
    judged = judge_expectation(judge(helper, accepted=accepted)["towns_are_small"], accepted)
    assert (judged.outcome, judged.most, judged.highest) == ("passed", 10, 50)
    assert [(found.reason, found.accepted_by) for found in judged.accepted] == [("大镇", "审批局")]
    (found, *_) = judge_expectation(judge(helper)["nothing_is_wrong"], {}).findings
    assert (found.text, found.record) == ("第0条有误", "0")


def test_of_a_column_without_bounds_no_numbers_are_told(helper):
    named = {"name": "towns_are_small", "expect": "expect_column_values_to_not_be_null", "with": {"column": "town"}}
    towns = SUITE["frames"]["towns"]
    frame = towns | {"expectations": [towns["expectations"][0] | named | {"says": "没有名称"}]}
    verdict = judge(helper, [Suite.model_validate(SUITE | {"frames": {"towns": frame}})])["towns_are_small"]
    assert (verdict.count, verdict.lowest, verdict.highest) == (0, None, None)


def test_data_docs_show_each_expectation_and_ask_nothing_of_a_host(helper, tmp_path):
    docs = tmp_path / "quality" / "data-docs"
    docs.mkdir(parents=True)
    (docs / "figures.of_a_frame_that_is_gone.html").write_text("old")
    judge(helper, docs=docs)
    pages = {path.name: path.read_text(encoding="utf-8") for path in docs.iterdir()}
    assert {*pages} == {"index.html", "figures.towns.html", "figures.faults.html"}
    assert "50" in pages["figures.towns.html"] and "less than or equal to" in pages["figures.towns.html"]
    for name, page in pages.items():
        assert not re.search(r"https?:|<script|<link|<img|@import|url\(", page), name
        assert "default-src 'none'" in page, name
    judge(helper, docs=tmp_path / "quality" / "data-docs" / "index.html")  # a file: nothing can be written there


def test_of_rows_that_must_not_be_twenty_are_told_and_all_are_counted(helper):
    verdict = judge(helper)["nothing_is_wrong"]
    assert (verdict.count, len(verdict.findings), verdict.findings[0]) == (30, 20, "第0条有误")


def test_a_jurisdiction_changes_bounds_severity_and_exceptions(helper):
    assert judge(helper, tune(max_value=100))["towns_are_small"].is_passed
    assert judge(helper, tune(excepted=["崇兴镇"]))["towns_are_small"].is_passed
    assert judge(helper, tune(max_value=4))["towns_are_small"].count == 2
    assert judge(helper, tune(severity="warning"))["towns_are_small"].expectation.severity == "warning"


@pytest.mark.parametrize(
    ("check", "change", "said"),
    [
        ("towns_are_smal", "max_value: 3", "jurisdiction.yaml:2:3: checks.towns_are_smal: no such check; did you mean"),
        ("towns_are_small", "min_value: 3", "towns_are_small has no min_value that could be changed"),
    ],
)
def test_a_change_of_what_no_check_has_is_refused_with_its_line(tmp_path, check, change, said):
    path = tmp_path / "jurisdiction.yaml"
    path.write_text(f"checks:\n  {check}: {{{change}, reason: 大镇}}\n", encoding="utf-8")
    key, value = change.split(": ")
    tuning = CheckTuning(reason="大镇", **{key: float(value)})
    with pytest.raises(MappingError) as error:
        tune_suites([Suite.model_validate(SUITE)], {check: tuning}, path)
    assert said in str(error.value)


def test_an_expectation_that_can_not_be_evaluated_is_an_error_and_no_finding(helper):
    for change in ({"expect": "expect_wonders"}, {"with": {"column": "nowhere", "max_value": 1}}):
        spoilt = {**SUITE["frames"]["towns"]["expectations"][0], **change}
        frames = {"towns": {**SUITE["frames"]["towns"], "expectations": [spoilt]}}
        with pytest.raises(HelperError, match="towns_are_small"):
            judge(helper, [Suite.model_validate({**SUITE, "frames": frames})])


def test_an_accepted_finding_passes_and_another_does_not(helper):
    accepted = {("towns_are_small", "崇兴镇有50件，多于10件")}
    verdict = judge(helper, accepted=accepted)["towns_are_small"]
    assert verdict.is_passed
    assert verdict.accepted == ["崇兴镇有50件，多于10件"]
    assert not judge(helper, tune(max_value=4), accepted)["towns_are_small"].is_passed


def test_a_person_accepts_the_findings_of_the_last_judgement(helper, tmp_path, monkeypatch):
    monkeypatch.setattr("dagster_project.cli.blocked.accept.find_home", lambda: tmp_path)
    (tmp_path / "build").mkdir()
    check = next(e for suite in load_suites() for e in suite.expectations if e.name == "volume_near_the_year_before")
    verdict = plausibility.Verdict("figures", check, 2, 2, ["2022年第一季度办件量9件", "2022年第二季度办件量8件"])
    with duckdb.connect(str(tmp_path / "build" / "candidate.duckdb")) as connection:
        record.create_record_tables(connection)
        record.record_findings(connection, "run", verdict)
        connection.execute("create schema marts; create table marts.dim_periods (period varchar, name varchar)")
        connection.execute("insert into marts.dim_periods values ('2022Q1', '2022年第一季度')")
    who = ["--reason", "大厅搬迁", "--by", "审批局"]
    done = CliRunner().invoke(main, ["accept", check.name, "--period", "2022Q1", *who])
    assert (done.exit_code, "2022年第一季度办件量9件" in done.output) == (0, True), done.output
    with duckdb.connect(str(tmp_path / "build" / "candidate.duckdb")) as connection:
        accepted = record.list_accepted(connection)
    assert accepted == {(check.name, "2022年第一季度办件量9件"): ("大厅搬迁", "审批局")}
    for name, words in {
        "rows_are_conserved": "is no check of plausibility",
        "months_add_up": "no open finding",
    }.items():
        refused = CliRunner().invoke(main, ["accept", name, *who])
        assert (refused.exit_code, words in refused.output) == (1, True), refused.output


def test_results_of_every_run_that_judged_are_kept_once():
    runs = [run.model_copy(update={"ended_at": datetime.now(UTC)}) for run in (clean(0), blocked(1))]
    with duckdb.connect() as connection:
        for _ in range(2):
            record.keep_history(connection, runs)
        query = "select run_id, check_name, finding_count from quality.check_history where not is_passed order by all"
        failed = connection.execute(query).fetchall()
        tests = connection.execute("select count(*) from quality.check_history where asset like 'dbt/%'").fetchall()
    assert failed == [
        ("run-01", "files_are_taken", 1),
        ("run-01", "times_of_a_certificate_are_in_order", 43),
        ("run-01", "volume_near_the_year_before", 1),
    ]
    assert tests == [(0,)]
