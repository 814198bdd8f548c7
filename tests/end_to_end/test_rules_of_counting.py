"""Each rule of counting taken out in turn from a copy of the models: the published figures must fail.

The sample holds decoys for every rule; a rule whose removal changes nothing would be a rule that nothing tests. It
asserts, for each removal, the figure that must come out wrong.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from tests.end_to_end.test_published_figures import PUBLISHED

DBT = Path(__file__).parents[2] / "dbt"
# rule -> (model, what is taken out (regular expression), what stands instead, figure that must come out wrong)
RULES = {
    "void cases are not counted": ("int_counted_cases", "'void', ", "", "case_volume"),
    "deleted cases are not counted": ("int_counted_cases", ", 'deleted'", "", "case_volume"),
    "declined cases are not counted": ("int_counted_cases", "'declined', ", "", "case_volume"),
    "pending cases are not counted": ("int_counted_cases", "'pending', ", "", "case_volume"),
    "a case reported by two sources is one case": (
        "int_case_reports", r"'cases\.case_no', 'sources\.case_no_scope'", "'cases.case_no', \"'own'\"", "case_volume"),
    "equal numbers of an own source are different cases": (
        "int_case_reports", r"'cases\.case_no', 'sources\.case_no_scope'", "'cases.case_no', \"'shared'\"",
        "case_volume"),
    "of a row's versions the newest stands": ("stg_cases", "_state = 'loaded'", "_state <> 'duplicate'", "case_volume"),
    "a repeated row counts once": ("stg_cases", "_state = 'loaded'", "_state <> 'superseded'", "case_volume"),
    "fully online needs an online channel": (
        "fct_cases", r"cases\.channel in \('web', 'mobile'\) and ", "", "fully_online"),
    "a case paused at the end is not overdue": (
        "fig_overdue_open", r"and not exists \(.*?\n        \)", "", "overdue_open"),
    "a pause moves the due day": (
        "int_case_clock", r" \+ coalesce\(paused\.working_days_within, 0\)", "", "overdue_open"),
    "only the platform's overdue cases are listed": (
        "fig_overdue_open", r"overdue\.is_via_platform\s+and not", "not", "overdue_open"),
    "what was settled after the end was open at the end": (
        "fig_overdue_open", r"\(overdue\.settled_on is null or spans\.as_of_on < overdue\.settled_on\)",
        "overdue.settled_on is null", "overdue_open"),
    "suspended items are not in force": (
        "fig_items", r"and \(items\.in_force_until_on is null or .*?\)", "", "item_coverage"),
    "invalid evaluations are not counted": ("int_evaluation_days", r"\n    is_valid\n", "\n    true\n", "evaluations"),
    "a default evaluation is an evaluation": (
        "int_evaluated_cases", r"\n    is_valid\n", "\n    is_valid and not is_default\n", "evaluation_rate"),
    "a case rated twice is one evaluated case": (
        "int_evaluated_cases", "group by case_key", "group by case_key, evaluation_no", "evaluation_rate"),
    "only enrolled sources owe evaluations": (
        "int_evaluated_days", r"is_enrolled\n    and ", "", "evaluation_rate"),
    "an evaluation after the end does not count": (
        "fig_evaluated_cases", r"days\.evaluated_on <= spans\.as_of_on", "days.evaluated_on is not null",
        "evaluation_rate"),
    "returned certificates are not counted": (
        "int_certificate_days", r"\n    is_accepted\n", "\n    true\n", "certificates"),
}  # fmt: skip


@pytest.fixture(scope="module")
def copied(full, tmp_path_factory):
    """A copy of the dbt project beside a home for the warehouse, parsed once: a change costs its own file only."""
    home = tmp_path_factory.mktemp("rules")
    shutil.copytree(DBT, home / "dbt", ignore=shutil.ignore_patterns("logs", "target"))
    (home / "build").mkdir()
    return home


@pytest.mark.parametrize("rule", RULES)
def test_without_the_rule_the_published_figures_fail(full, copied, monkeypatch, rule):
    model, pattern, instead, figure = RULES[rule]
    (path,) = copied.glob(f"dbt/models/*/{model}.sql")
    stated = path.read_text(encoding="utf-8")
    changed, places = re.subn(pattern, instead, stated, count=1, flags=re.S)
    assert places == 1, f"{model}.sql no longer holds the rule as {pattern}"
    warehouse = copied / "build" / "warehouse.duckdb"
    shutil.copy(full.path / "warehouse.duckdb", warehouse)
    monkeypatch.setenv("TONGBAO_HOME", str(copied))
    path.write_text(changed, encoding="utf-8")
    try:
        where = ["--project-dir", str(copied / "dbt"), "--profiles-dir", str(copied / "dbt")]
        done = dbtRunner().invoke(
            ["--quiet", "--log-level-file", "none", "run", "--full-refresh", "--select", f"{model}+,+figures", *where]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()
        path.write_text(stated, encoding="utf-8")
    assert done.success, done.exception
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        counted = dict(
            ((row[0], row[1], row[2]), row[3])
            for row in connection.execute(
                "select figure, dimension, member, value from marts.figures where period = '2022H1'"
            ).fetchall()
        )
    wrong = {
        row["figure"]
        for row in PUBLISHED
        if row["column"] == "value"
        and round(counted[row["figure"], row["dimension"], row["member"]], len(row["value"].partition(".")[2]))
        != float(row["value"])
    }
    assert figure in wrong
