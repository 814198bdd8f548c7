"""What a failed check says: in words of the office, with rows and their places, what to do, and never as an error if
it only warns. The sentences expected here are those that an office asked for.
"""

from __future__ import annotations

from dagster_project.gate.check_words import CheckWords
from dagster_project.gate.judgements import judge_build, judge_test, word_message
from dagster_project.gate.spoken import say_headline, say_judgement
from dagster_project.gate.verdict import Found, Judgement
from reports.words.catalogue import load_words
from tests.gate.verdicts import ORDER, REFUSED, VOLUME

ZH, EN = load_words("zh"), load_words("en")
WORDS = CheckWords("办件的办件标识不重复", "fct_cases.case_key is unique", "核对来源导出")


def test_a_figure_that_fails_is_said_in_one_sentence_and_what_to_do():
    assert say_judgement(VOLUME, ZH) == [
        "未通过 2022年上半年办件量982件，较上年同期-72%，超出±60%",
        "  核查：办件量与上年同期相近（volume_near_the_year_before）",
        "  处理：核对各来源的导出是否齐全",
    ]


def test_a_file_that_fails_is_named_before_its_fault():
    assert say_judgement(REFUSED, ZH) == [
        "未通过 “没有文件被拒收”有1处不符",
        "  核查：files_are_taken",
        "    hall/办件_202206.csv：缺少合同要求的列：办件编号",
        "  处理：请来源单位重新导出该文件",
    ]


def test_a_warning_is_no_error_and_of_many_rows_five_are_shown():
    said = say_judgement(ORDER, ZH)
    assert said[0].startswith("提醒 ") and not any("未通过" in line for line in said)
    assert [line.split()[1] for line in said if "入库早于发证" in line and line.startswith(" ")] == [
        f"第{n}条：入库早于发证" for n in range(2, 6)
    ]
    assert "    另有38处，见核查结论" in said


def test_a_row_of_a_test_is_said_with_its_file_and_record_in_one_language():
    row = Found(text="受理日在日历之前 · accepted before the calendar", file="hall.csv", record="3")
    judgement = Judgement(layer="structure", asset="dbt/a", name="a", severity="error", count=1, findings=(row,))
    assert "    hall.csv 第3条：受理日在日历之前" in say_judgement(judgement, ZH)
    assert "    hall.csv record 3: accepted before the calendar" in say_judgement(judgement, EN)


def test_another_language_names_the_check_in_english():
    assert say_headline(REFUSED, EN) == "“no export was refused” does not hold in 1 places"
    assert say_headline(REFUSED) == "“没有文件被拒收”有1处不符"


def test_only_plausibility_may_be_accepted():
    assert [judgement.name for judgement in (REFUSED, VOLUME, ORDER) if judgement.is_acceptable] == [
        "volume_near_the_year_before"
    ]


def test_a_model_that_cannot_be_built_says_why_without_the_values_of_cells():
    message = """Runtime Error in model fct_cases (models/marts/facts/fct_cases.sql)
  Conversion Error: Could not convert string '张三 13900000000' to INT32"""
    cause = "Conversion Error: Could not convert string '…' to INT32"
    assert word_message(message) == cause
    assert say_judgement(judge_build("fct_cases", message, WORDS), ZH)[2] == f"    {cause}"
    assert word_message("") == "dbt gave no reason"
    overflow = "Out of Range Error: Overflow in multiplication of INT32 (95367174 * 3600)!"
    assert word_message(overflow) == "Out of Range Error: Overflow in multiplication of INT32 ('…' * 3600)!"


def test_a_test_that_cannot_be_carried_out_says_why(tmp_path):
    judgement = judge_test("a", "error", 1, None, "Binder Error: no column x", WORDS)
    assert [found.text for found in judgement.findings] == ["Binder Error: no column x"]
    assert judge_test("a", "error", 0, None, "", WORDS).findings == ()
