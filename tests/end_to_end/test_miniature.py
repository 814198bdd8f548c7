"""Tests a county of fifty cases: every rule of the clock and of counting, each with a value computed by hand.

The exports, the county and the expectations with their reasoning are in miniature/; no expectation was taken from the
output. It asserts every case's due day and every listed figure, and that the list names every figure that exists.
"""

from __future__ import annotations

import csv
import math
from fractions import Fraction

import duckdb
import pytest

from reports.figures.registry import load
from reports.proof import verify_figures
from reports.words.catalogue import load_words
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


def is_as_by_hand(connection: duckdb.DuckDBPyConnection, row: dict[str, str]) -> bool:
    """Whether marts.figures holds what `row` of expected.csv says, an empty value standing for none."""
    found = connection.execute(
        f"select {row['column']} from marts.figures where period = '{row['period']}' and figure = '{row['figure']}' "
        f"and dimension = '{row['dimension']}' and member = '{row['member']}'"
    ).fetchall()
    if len(found) != 1 or None in found[0] or row["value"] == "":
        return found == [(None,)] and row["value"] == ""
    return math.isclose(found[0][0], Fraction(row["value"]), rel_tol=1e-12)


@pytest.mark.parametrize("row", FIGURES, ids=lambda row: "-".join(list(row.values())[:5]))
def test_figure(miniature, row):
    with miniature.connect() as connection:
        assert is_as_by_hand(connection, row), row["reasoning"]


def test_every_figure_of_the_registry_has_a_value_by_hand():
    assert {row["figure"] for row in FIGURES} == set(load().figures)


def test_the_proofs_say_the_same(miniature):
    with miniature.connect() as connection:
        for period in ("2022-06", "2022H1", "2021"):
            assert verify_figures.find_differences(connection, period) == []
    assert miniature.ask(
        "select count(*) from marts.figures anti join marts.figure_proofs using (period, figure, dimension, member)"
    ) == [(0,)]


def test_the_cases_of_all_days_and_of_all_items_add_up_to_the_volume(miniature):
    volumes = miniature.ask(
        "select period, value from marts.figures where figure = 'case_volume' and dimension = 'total' and value > 0"
    )
    for dimension in ("day", "item"):
        parts = f"select period, sum(value) from marts.figure_parts where dimension = '{dimension}' group by period"
        assert sorted(miniature.ask(parts)) == sorted(volumes)


def test_what_is_doubtful_is_flagged(miniature):
    flagged = "select string_agg(case_key, ' ' order by case_key) from marts.fct_cases where "
    assert miniature.ask(flagged + "is_due_disagreeing") == [("P14",)]
    assert miniature.ask(flagged + "is_pause_assumed") == [("P22",)]
    assert miniature.ask(flagged + "is_settled_undated") == [("P32",)]
    assert miniature.ask(flagged + "not is_limit_known") == [("P13",)]
    assert miniature.ask(flagged + "report_count > 1") == [("S01",)]


def test_the_worklist(miniature):
    # paused (P21, P22), withdrawn (P27), finished without a date (P32) and due in eight working days (P06): not listed
    assert miniature.ask(
        "select unit_name, case_key, is_overdue, days_over, working_days_left from marts.worklist order by due_on"
    ) == [
        ("审批窗口", "P36", True, 13, 0),
        ("东河镇", "T01", True, 8, 0),
        ("东河镇", "P23", True, 7, 0),
        ("西河乡", "P26", False, 0, 0),
        ("西河乡", "P25", False, 0, 3),
    ]


def test_overdue_items_by_both_limits(miniature):
    overdue = "select days_over, cast(legal_due_on as varchar), days_over_legal, is_open from marts.fct_overdue_items "
    # P14: the item's 5 working days, to 20 June; P15: its own 20, to 30 June; P23: 7 calendar days, still open;
    # P24: the item's 20, to 25 April, 24 April being worked, and 2 more that it was paused; P36: none is known
    assert {
        key: miniature.ask(overdue + f"where case_key = '{key}'") for key in ("P14", "P15", "P23", "P24", "P36")
    } == {
        "P14": [(1, "2022-06-20", 0, False)],
        "P15": [(1, "2022-06-30", 0, False)],
        "P23": [(7, "2022-06-27", 3, True)],
        "P24": [(9, "2022-04-27", 0, False)],
        "P36": [(13, None, None, True)],
    }


def test_counties_compared(miniature):
    assert miniature.ask(
        "select county_name, rank, gap_to_leader, previous_rank, places_gained from marts.fct_county_indicators "
        "where period = '2022H1' and indicator = '超期未办件' order by rank"
    ) == [("乙县", 1, 0, 2, 1), ("样例县", 2, 3, 3, 1), ("丙县", 3, 7, 1, -2)]


def test_the_bulletin_names_periods_as_the_warehouse_does(miniature):
    names = dict(miniature.ask("select period, name from marts.dim_periods"))
    assert {key: load_words("zh").period_name(key) for key in names} == names
    assert names["2022Q2"] == "2022年第二季度"


def test_periods_whose_holidays_are_still_to_be_announced(miniature):
    # the region has named its holidays up to 2022, and the data end in June 2022
    assert miniature.ask("select count(*) from marts.dim_periods where is_provisional") == [(0,)]
    with miniature.connect() as connection:
        # as if in June 2022 the region had named none since 2021
        connection.execute("begin")
        connection.execute("update marts.dim_date set origin = 'national' where year_period = '2022'")
        (reach,) = connection.execute("select * from intermediate.int_calendar_reach").fetchone()
        connection.execute("rollback")
    assert str(reach) == "2021-12-31"
