"""A county of fifty cases: every rule of the clock and of counting, each with a value worked out by hand.

The exports, the county and the expectations with their reasoning lie in miniature/; no expectation was taken from the
output. It asserts every case's due day and every listed figure, and that what is listed names every figure there is.
"""

from __future__ import annotations

import csv
import math
from fractions import Fraction

import pytest

from reports import verify_figures
from reports.registry import load
from tests.end_to_end.miniature_home import MINIATURE


def _read(name: str) -> list[dict[str, str]]:
    with (MINIATURE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


FIGURES = _read("expected.csv")
CASES = _read("expected_cases.csv")


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case_key"])
def test_the_clock_of_a_case(miniature, row):
    columns = ("limit_basis", "due_on", "counted_working_days", "is_on_time", "is_early")
    selected = ", ".join(f"coalesce(cast({column} as varchar), '')" for column in columns)
    found = miniature.ask(f"select {selected} from marts.fct_cases where case_key = '{row['case_key']}'")
    assert found == [tuple(row[column] for column in columns)], row["reasoning"]


def test_only_cases_that_count_are_there(miniature):
    found = {key for (key,) in miniature.ask("select case_key from marts.fct_cases")}
    # P21 is paused to this day, so its due day is not settled yet; P28 to P31 are declined, void, deleted and pending
    assert found == {row["case_key"] for row in CASES} | {"P21"}


@pytest.mark.parametrize("row", FIGURES, ids=lambda row: "-".join(list(row.values())[:5]))
def test_figure(miniature, row):
    found = miniature.ask(
        f"select {row['column']} from marts.figures where period = '{row['period']}' and figure = '{row['figure']}' "
        f"and dimension = '{row['dimension']}' and member = '{row['member']}'"
    )
    assert len(found) == 1, row["reasoning"]
    if row["value"] == "":
        assert found == [(None,)]
    else:
        assert math.isclose(found[0][0], Fraction(row["value"]), rel_tol=1e-12), row["reasoning"]


def test_every_figure_of_the_registry_has_a_value_by_hand():
    assert {row["figure"] for row in FIGURES} == set(load()["figures"])


def test_the_proofs_say_the_same(miniature):
    with miniature.connect() as connection:
        for period in ("2022-06", "2022H1", "2021"):
            assert verify_figures.differences(connection, period) == []
    assert miniature.ask(
        "select count(*) from marts.figures anti join marts.figure_proofs using (period, figure, dimension, member)"
    ) == [(0,)]


def test_what_is_doubtful_is_flagged(miniature):
    flagged = "select string_agg(case_key, ' ' order by case_key) from marts.fct_cases where "
    assert miniature.ask(flagged + "is_due_disagreeing") == [("P14",)]
    assert miniature.ask(flagged + "is_pause_assumed") == [("P22",)]
    assert miniature.ask(flagged + "is_settled_undated") == [("P32",)]
    assert miniature.ask(flagged + "not is_limit_known") == [("P13",)]
    assert miniature.ask(flagged + "report_count > 1") == [("S01",)]
