"""What a stage's result becomes in the verdict: rows of a test, the cause of a build that failed, drafts.

Inputs are written by hand in the forms of dbt and of the ledger; no run, no warehouse.
"""

from __future__ import annotations

import pytest

from dagster_project.gate.check_words import CheckWords
from dagster_project.gate.history_chart import draw_history
from dagster_project.gate.ingest_checks import CHECKS
from dagster_project.gate.judgements import (
    judge_build,
    judge_drafts,
    judge_expectation,
    judge_file_check,
    judge_test,
    word_message,
)
from dagster_project.gate.plausibility import Verdict
from dagster_project.gate.suite import Expectation
from dagster_project.gate.verdict import Found
from tests.gate.verdicts import KEYS, REFUSED, VOLUME

WORDS = CheckWords("办件编号不重复", "case_no is unique", "核对来源导出")


def test_a_passed_test_has_neither_rows_nor_a_remedy():
    judged = judge_test("unique_no", "error", 0, None, "", WORDS)
    assert (judged.asset, judged.name, judged.layer) == ("dbt/unique_no", "unique_no", "structure")
    assert (judged.outcome, judged.count, judged.findings, judged.remedy) == ("passed", 0, (), "")
    assert judged.about == "办件编号不重复；case_no is unique"


@pytest.mark.parametrize(("lines", "shown"), [(2, 2), (20, 20), (25, 20)])
def test_a_failed_test_shows_at_most_twenty_of_its_rows_with_their_places(tmp_path, lines, shown):
    rows = tmp_path / "unique_no.csv"
    body = "".join(f"hall/a.csv,{n},A-{n},\n" for n in range(1, lines + 1))
    rows.write_text("path,record,办件编号,empty\n" + body, encoding="utf-8-sig")
    judged = judge_test("unique_no", "warning", lines, rows, "", WORDS)
    assert (judged.outcome, judged.count, judged.remedy) == ("warned", lines, "核对来源导出")
    assert len(judged.findings) == shown
    assert judged.findings[1] == Found(text="办件编号 A-2", file="hall/a.csv", record="2")


def test_a_row_that_words_itself_is_told_in_its_own_words(tmp_path):
    rows = tmp_path / "sums.csv"
    rows.write_text("what,keys,path\n两数不等,2022-06,\n两数不等,,b.csv\n", encoding="utf-8-sig")
    told = [found.text for found in judge_test("sums", "error", 2, rows, "", WORDS).findings]
    assert told == ["两数不等：2022-06", "两数不等"]


def test_a_test_that_could_not_be_carried_out_and_a_model_that_could_not_be_built_tell_the_cause():
    message = "Database Error in model fct_cases\n  Conversion Error: no date\n  LINE 3"
    assert [found.text for found in judge_test("t", "error", 1, None, message, WORDS).findings] == [
        "Conversion Error: no date"
    ]
    built = judge_build("fct_cases", message, WORDS)
    assert (built.asset, built.name, built.count, built.outcome) == ("fct_cases", "build", 1, "failed")
    assert [found.text for found in built.findings] == ["Conversion Error: no date"]
    assert word_message("\n \n") == "dbt gave no reason"
    assert word_message("something broke\nat once") == "something broke"


def test_a_check_of_the_ledger_tells_its_rows_and_what_to_do_only_where_it_failed():
    check = CHECKS[0]
    row = {"path": "hall/a.csv", "record": "3", "what": "缺少列"}
    judged = judge_file_check(check, [row])
    assert (judged.layer, judged.asset, judged.name, judged.about) == (
        "files",
        "quality/files",
        check.name,
        check.about,
    )
    assert judged.findings == (Found(text="缺少列", file="hall/a.csv", record="3"),)
    assert (judged.count, judged.remedy, judge_file_check(check, []).remedy) == (1, check.remedy, "")


def test_an_expectation_tells_its_bounds_what_it_saw_and_what_a_person_accepted():
    expectation = Expectation.model_validate(
        {"name": "near", "expect": "between", "with": {"column": "change", "max_value": 0.6}, "severity": "error"}
        | {"about": "相近；near", "says": "{change}", "remedy": "核对导出"}
    )
    verdict = Verdict(
        asset="figures",
        expectation=expectation,
        judged=9,
        count=2,
        findings=["+70%", "+80%"],
        accepted=["+90%"],
        rows=[{"change": 0.7, "path": None, "record": None}, {"change": 0.8, "path": "hall/a.csv", "record": 7}],
        lowest=0.1,
        highest=0.9,
    )
    judged = judge_expectation(verdict, {("near", "+90%"): ("疫情停办", "审批局")})
    assert (judged.layer, judged.outcome, judged.count, judged.judged) == ("figures", "failed", 2, 9)
    assert (judged.least, judged.most, judged.lowest, judged.highest) == (None, 0.6, 0.1, 0.9)
    assert judged.findings == (
        Found(text="+70%", seen=0.7),
        Found(text="+80%", file="hall/a.csv", record="7", seen=0.8),
    )
    assert judged.accepted == (Found(text="+90%", reason="疫情停办", accepted_by="审批局"),)
    assert judged.remedy == "核对导出" and judged.is_acceptable


def test_drafts_are_judged_with_the_file_of_each_number():
    failing = [{"file": f"2022H1/{n}.html", "what": f"prints {n}"} for n in range(21)]
    judged = judge_drafts("publication", "printed", "数字相符；numbers agree", "找维护人员", failing)
    assert (judged.layer, judged.outcome, judged.count, judged.remedy) == ("presentation", "failed", 21, "找维护人员")
    assert len(judged.findings) == 20 and judged.findings[3] == Found(text="prints 3", file="2022H1/3.html")
    assert judge_drafts("publication", "printed", "", "找维护人员", []).remedy == ""


def test_a_history_has_a_block_a_run_that_is_as_high_as_its_outcome():
    # 30 runs of 8 px; the strip is 18 px high and its blocks stand on y = 18
    drawn = draw_history([KEYS, None, REFUSED], "两次")
    assert 'viewBox="0 0 240 19"' in drawn and 'aria-label="两次"' in drawn
    assert '<path class="passed" d="M217 18v-4h6v4z"/>' in drawn
    assert '<path class="failed" d="M233 18v-18h6v18z"/>' in drawn
    assert "warned" not in drawn and drawn.count("<path") == 3


def test_a_history_with_bounds_is_higher_by_the_plot_of_its_numbers():
    drawn = draw_history([VOLUME], "一次")
    assert 'viewBox="0 0 240 69"' in drawn and 'class="failed" d="M233 68v-18h6v18z"' in drawn
    # -0.72 … 0.6 fill 40 px: -0.72 lies at 42, 0.18 at 14.7, the bounds -0.6 and 0.6 at 38.4 and 2
    assert 'class="bound" d="M0 38.4h240M0 2h240"' in drawn and 'class="seen" d="M236 43.5V13.2"' in drawn


def test_a_history_of_numbers_without_bounds_has_no_plot():
    drawn = draw_history([VOLUME.model_copy(update={"least": None, "most": None})], "一次")
    assert 'viewBox="0 0 240 19"' in drawn and "seen" not in drawn
