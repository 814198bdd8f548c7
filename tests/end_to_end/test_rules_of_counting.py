"""Removes each rule of counting in turn from the models: a figure computed by hand must then fail.

The miniature holds a case for every rule; a rule whose removal changes nothing would be a rule that nothing tests. It
asserts, for each removal, the figure that must come out wrong, and that with all rules every figure is right.
"""

from __future__ import annotations

import shutil

import duckdb
import pytest

from tests.end_to_end.compiled_models import CompiledModels
from tests.end_to_end.test_miniature import FIGURES, is_as_by_hand

# rule -> (model, regular expression of the SQL to remove, SQL in its place, figure that must fail)
RULES = {
    "void cases are not counted": ("int_counted_cases", "'void', ", "", "case_volume"),
    "deleted cases are not counted": ("int_counted_cases", ", 'deleted'", "", "case_volume"),
    "declined cases are not counted": ("int_counted_cases", "'declined', ", "", "case_volume"),
    "pending cases are not counted": ("int_counted_cases", "'pending', ", "", "case_volume"),
    "a case reported by two sources is one case": (
        "int_case_reports", r"sources\.case_no_scope = 'own'", "true", "case_volume"),
    "equal numbers of an own source are different cases": (
        "int_case_reports", r"sources\.case_no_scope = 'own'", "false", "case_volume"),
    "the source of higher precedence says what the case is": (
        "int_shared_cases", r"min\(precedence\)", "max(precedence)", "case_volume"),
    "of a row's versions the newest stands": ("stg_cases", "_state = 'loaded'", "_state <> 'duplicate'", "case_volume"),
    "a repeated row counts once": ("stg_cases", "_state = 'loaded'", "_state <> 'superseded'", "case_volume"),
    "fully online needs an online channel": (
        "fct_cases", r"cases\.channel in \('web', 'mobile'\) and ", "", "fully_online"),
    "working days are moved": (
        "dim_date", r"sum\(case when is_working_day", "sum(case when extract(isodow from date_on) < 6", "on_time_rate"),
    "day 1 is the next working day": (
        "int_case_dues", r"(limits\.limit_length)( \+ case when paused.{15,30}else paused\.working)", r"\1 - 1\2",
        "on_time_rate"),
    "a limit may be in calendar days": ("int_case_dues", "'calendar_day'", "'never'", "on_time_rate"),
    "immediate cases are due the same day": (
        "int_case_limits", r"when case_type = 'immediate' then 'immediate'", "", "limit_unknown"),
    "without a limit of its own the item's applies": (
        "int_case_limits", r"when has_item_limit then 'item'", "", "limit_unknown"),
    "a pause moves the due day": (
        "int_case_dues", r" \+ case when paused.{15,30}else paused\.working_days_within end", "", "overdue_finished"),
    "a pause after the limit does not": (
        "int_paused_cases", r"pauses\.counted_working_days_before <= limits\.limit_length", "true", "overdue_open"),
    "overlapping pauses are one": (
        "int_case_pauses", "case when started_at <= reached_at then 0 else 1 end", "1", "avg_working_days"),
    "a case paused at the end is not overdue": (
        "fig_overdue_open", r"and not exists \(.*?\n\)", "", "overdue_open"),
    "a case that stands paused is paused": ("int_clock_stops", r"status = 'paused'", "false", "overdue_open"),
    "only the platform's overdue cases are listed": (
        "fig_overdue_open", r"overdue\.is_overdue_counted\s+and not", "not", "overdue_open"),
    "what was settled after the end was open at the end": (
        "fig_overdue_open", r"\(overdue\.settled_on is null or overdue\.settled_on > spans\.as_of_on\)",
        "overdue.settled_on is null", "overdue_open"),
    "what ended on an unknown day is not open": ("int_late_cases", "and not is_settled_undated", "", "overdue_open"),
    "the computed due day rules where a limit is known": (
        "int_case_limits", r"when has_own_limit then 'case'",
        "when due_at is not null then 'platform' when has_own_limit then 'case'", "due_disagreeing"),
    "what ended on an unknown day is not finished": (
        "fct_cases", r"cast\(cases\.finished_at as date\) as finished_on",
        "cast(case when cases.status = 'finished' then coalesce(cases.finished_at, cases.accepted_at) end as date) "
        "as finished_on", "case_finished"),
    "suspended items are not in force": (
        "fig_items", r"and \(items\.in_force_until_on is null or .*?\)", "", "item_coverage"),
    "invalid evaluations are not counted": ("int_evaluation_days", r"\n    is_valid\n", "\n    true\n", "evaluations"),
    "a default evaluation is an evaluation": (
        "int_evaluated_cases", r"\n    is_valid\n", "\n    is_valid and not is_default\n", "evaluation_rate"),
    "a default evaluation is no active one": ("int_evaluated_cases", "not is_default", "true", "active_rate"),
    "a case rated twice is one evaluated case": (
        "int_evaluated_cases", "group by case_key", "group by case_key, evaluation_no", "evaluation_rate"),
    "only enrolled sources owe evaluations": (
        "int_evaluated_days", r"is_enrolled\n    and ", "", "evaluation_rate"),
    "an evaluation after the end does not count": (
        "fig_evaluated_cases", r"days\.evaluated_on <= spans\.as_of_on", "days.evaluated_on is not null",
        "evaluation_rate"),
    "what is rectified after the end is not rectified": (
        "fig_evaluations", r"days\.rectified_on <= spans\.as_of_on", "days.rectified_on is not null",
        "rectified_rate"),
    "returned certificates are not counted": (
        "int_certificate_days", r"\n    is_accepted\n", "\n    true\n", "certificates"),
    "a ledger is owed by the listed organisations only": (
        "fig_duty_ledger", r"where keeps_ledger", "", "ledger_coverage"),
}  # fmt: skip


@pytest.fixture(scope="module")
def models(miniature) -> CompiledModels:
    return CompiledModels(miniature.path / "target")


def _wrong(miniature, folder, models: CompiledModels, changed: dict[str, str] | None) -> set[str]:
    """Figures that are not as by hand, once the models are made anew with SQL `changed`."""
    warehouse = folder / "candidate.duckdb"
    shutil.copy(miniature.path / "build" / "candidate.duckdb", warehouse)
    with duckdb.connect(str(warehouse)) as connection:
        models.build(connection, changed)
        return {row["figure"] for row in FIGURES if not is_as_by_hand(connection, row)}


def test_with_every_rule_all_figures_are_as_by_hand(miniature, models, tmp_path):
    assert _wrong(miniature, tmp_path, models, None) == set()


@pytest.mark.parametrize("rule", RULES)
def test_without_the_rule_a_figure_fails(miniature, models, tmp_path, rule):
    model, pattern, instead, figure = RULES[rule]
    changed = models.changed(model, pattern, instead)
    assert figure in _wrong(miniature, tmp_path, models, changed)
