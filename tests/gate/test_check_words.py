"""Every check that a run may enter into `quality.checks` has words for people, in Chinese and in English."""

from __future__ import annotations

import re

import pytest

from dagster_project.gate.check_words import CheckWords, word_checks
from dagster_project.gate.ingest_checks import CHECKS
from dagster_project.gate.suite import load_suites
from tests.shared_dbt import shared_dbt

HAN = re.compile("[一-龥]")


@pytest.fixture(scope="module")
def words() -> dict[tuple[str, str], CheckWords]:
    return word_checks(shared_dbt().manifest, load_suites())


def test_every_check_has_a_chinese_name_an_english_name_and_a_remedy(words):
    nodes = shared_dbt().manifest["nodes"].values()
    tests = {(f"dbt/{node['name']}", node["name"]) for node in nodes if node["resource_type"] == "test"}
    suites = {(suite.asset, e.name) for suite in load_suites() for e in suite.expectations}
    ledger = {("quality/files", check.name) for check in CHECKS}
    assert len(tests) > 100 and len(suites) > 30
    assert tests | suites | ledger <= words.keys()
    for key, word in words.items():
        assert HAN.search(word.chinese) and not HAN.search(word.english) and HAN.search(word.remedy), key
        assert word.english.strip() == word.english and len(word.chinese) <= 60, key


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("not_null_fct_cases_case_key", "办件的办件标识没有空白", "fct_cases.case_key is never blank"),
        (
            "unique_together_figures_period__figure__dimension__member",
            "指标的期间、指标、维度、成员不重复",
            "figures.period, figure, dimension, member is unique",
        ),
        (
            "relationships_stg_cases_source_system__source__source_reference_sources_",
            "办件的数据来源都在数据来源中",
            "stg_cases.source_system is found in sources",
        ),
        ("parts_add_up", "各项之和等于总数", "the members of a complete dimension add up to the total"),
    ],
)
def test_what_a_test_of_dbt_is_called(words, name, chinese, english):
    assert words[f"dbt/{name}", name] == CheckWords(chinese, english, words[f"dbt/{name}", name].remedy)


def test_a_check_of_a_table_that_no_export_fills_sends_nobody_to_the_exports(words):
    def remedy(name: str) -> str:
        return words[f"dbt/{name}", name].remedy

    assert "程序" in remedy("unique_together_int_spans_starts_on__as_of_on")
    assert "导出" in remedy("not_null_fct_cases_case_key")
