"""Each rule of counting taken out in turn from a copy of the models: the published figures must fail.

The sample holds decoys for every rule; a rule whose removal changes nothing would be a rule that nothing tests. It
asserts, for each removal, the figure that must come out wrong.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

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
    "invalid evaluations are not counted": ("fig_evaluations", "where is_valid", "where true", "evaluations"),
    "a default evaluation is an evaluation": (
        "fig_evaluated_cases", "where is_valid", "where is_valid and not is_default", "evaluation_rate"),
    "a case rated twice is one evaluated case": (
        "fig_evaluated_cases", "where is_valid\n    group by case_key",
        "where is_valid\n    group by case_key, evaluation_no", "evaluation_rate"),
    "only enrolled sources owe evaluations": (
        "fig_evaluated_cases", r"cases\.is_enrolled and ", "", "evaluation_rate"),
    "an evaluation after the end does not count": (
        "fig_evaluated_cases", r"days\.evaluated_on <= spans\.as_of_on", "days.evaluated_on is not null",
        "evaluation_rate"),
    "returned certificates are not counted": ("fig_certificates", "where is_accepted", "where true", "certificates"),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_without_the_rule_the_published_figures_fail(full, tmp_path, rule):
    model, pattern, instead, figure = RULES[rule]
    project = tmp_path / "dbt"
    shutil.copytree(DBT, project, ignore=shutil.ignore_patterns("logs"))
    (path,) = project.glob(f"models/*/{model}.sql")
    changed, places = re.subn(pattern, instead, path.read_text(encoding="utf-8"), count=1, flags=re.S)
    assert places == 1, f"{model}.sql no longer holds the rule as {pattern}"
    path.write_text(changed, encoding="utf-8")
    (tmp_path / "build").mkdir()
    shutil.copy(full.path / "warehouse.duckdb", tmp_path / "build" / "warehouse.duckdb")
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "--quiet", "run", "--select", f"{model}+,+figures",
         "--project-dir", project, "--profiles-dir", project],
        capture_output=True, text=True, env={**os.environ, "TONGBAO_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(tmp_path / "build" / "warehouse.duckdb"), read_only=True) as connection:
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
