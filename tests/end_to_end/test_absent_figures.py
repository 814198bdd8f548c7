"""Tests that a figure has a row only where exports supply what it needs, and that its absence is explained.

The miniature supplies everything. Each test takes something out of what the ledger says is supplied, makes the models
that depend on it anew, and asserts which figures are gone; all others must stay as they were, and the proofs agree.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import duckdb
import pytest

from reports.figures.registry import load
from reports.proof.verify_figures import find_differences
from tests.end_to_end.compiled_models import CompiledModels

# of the county's own figures (figures.yaml), those whose needs are looked at
OWN = {"satisfied_per_case", "bad_or_unrated", "evaluations_per_case", "early_of_finished", "online_of_finished"}
LIMITS = {
    "overdue_finished",
    "overdue_finished_rate",
    "on_time_rate",
    "early_rate",
    "overdue_open",
    "overdue_open_ratio",
}
# what is taken out -> the figures that must be gone, whole
GONE = {
    "dataset = 'certificates'": {"certificates", "certificate_types"},
    "dataset = 'evaluations'": {
        *("evaluations", "satisfaction", "rectified_rate", "evaluation_rate", "active_rate"),
        *("satisfied_per_case", "bad_or_unrated", "evaluations_per_case"),
    },
    "column_name = 'rectified_at'": {"rectified_rate"},
    "column_name = 'is_default'": {"active_rate"},
    "column_name = 'is_fully_online'": {"fully_online", "fully_online_share", "online_of_finished"},
    "dataset = 'extended_service'": {"extended_service"},
    "dataset = 'duty_ledger'": {"ledger_coverage"},
    "dataset = 'county_indicators'": {"county_rank", "county_gap"},
    "dataset = 'cases' and column_name = 'due_at'": {"due_disagreeing"},
    "column_name in ('promised_limit', 'due_at')": LIMITS | {"due_disagreeing", "early_of_finished"},
    # the platform's cases are in the files of June only where it says so; the hall's limits don't tell the platform's
    "source = 'platform' and dataset = 'cases' and column_name in ('promised_limit', 'due_at', 'item_code')": {
        "overdue_open",
        "overdue_open_ratio",
    },
}

Without = Callable[[str], duckdb.DuckDBPyConnection]


@pytest.fixture
def without(miniature, tmp_path) -> Iterator[Without]:
    """The miniature's warehouse as it would be if the ledger's supply lacked the rows of a condition."""
    models = CompiledModels(miniature.path / "target")
    shutil.copy(miniature.path / "build" / "candidate.duckdb", tmp_path / "candidate.duckdb")
    with duckdb.connect(str(tmp_path / "candidate.duckdb")) as connection:

        def take_out(condition: str, change: str = "delete from quality.supplied where") -> duckdb.DuckDBPyConnection:
            connection.execute("create table before as select * from marts.figures")
            connection.execute(f"{change} {condition}")
            models.build(connection, {"int_supplied": models.sql["int_supplied"]})
            return connection

        yield take_out


def _figures(connection: duckdb.DuckDBPyConnection, relation: str) -> set[str]:
    return {figure for (figure,) in connection.execute(f"select distinct figure from {relation}").fetchall()}


@pytest.mark.parametrize("condition", GONE)
def test_what_no_export_supplies_has_no_row(without, condition):
    connection = without(condition)
    listed = {*load().figures, *OWN}
    gone = _figures(connection, "before") - _figures(connection, "marts.figures")
    assert gone & listed == GONE[condition]
    june = "(select * from marts.figures_absent where period = '2022-06' and member is null)"
    assert gone <= _figures(connection, june)
    for period in ("2022-06", "2022H1"):
        assert find_differences(connection, period) == []


def test_what_is_supplied_stays_as_it_was(without):
    connection = without("column_name in ('rectified_at', 'is_fully_online')")
    lacking = "figure in (select figure from marts.figures_absent)"
    columns = "period, figure, dimension, member, value, previous_value, year_ago_value"
    kept, left = (f"select {columns} from {table} where not {lacking}" for table in ("before", "marts.figures"))
    assert connection.execute(f"({kept}) except all ({left})").fetchall() == []
    assert connection.execute(f"select count(*) > 1000 from ({left})").fetchall() == [(True,)]


def test_the_reason_names_dataset_and_column_as_the_contract_does(without):
    connection = without("column_name in ('promised_limit', 'due_at')")
    reason = connection.execute(
        "select member, reason, reason_en from marts.figures_absent "
        "where period = '2022-06' and figure = 'on_time_rate' and dimension = 'total'"
    ).fetchall()
    assert reason == [
        (
            None,
            "本期没有导出文件提供办件的“承诺时限”或办件的“承诺办结时间”或办件的“实施编码”和事项清单的“承诺时限”",
            "no export of the period supplies cases.promised_limit or cases.due_at or "
            "cases.item_code and items.promised_limit",
        )
    ]


def test_limits_of_one_source_and_finishing_days_of_another_tell_nothing_together(without):
    connection = without(
        "dataset = 'items' or (source = 'hall' and column_name in ('promised_limit', 'due_at'))"
        " or (source <> 'hall' and column_name = 'finished_at')"
    )
    ((reason,),) = connection.execute(
        "select reason from marts.figures_absent "
        "where period = '2022-06' and figure = 'on_time_rate' and dimension = 'total'"
    ).fetchall()
    assert reason.startswith("本期没有哪个来源同时提供办件的“办结时间”")


def test_without_exports_of_the_base_there_is_no_comparison(without):
    connection = without("dataset = 'certificates'", "update quality.supplied set covered_from = '2022-06-01' where")
    select = "select value, previous_value, year_ago_value from"
    june = "where period = '2022-06' and figure = 'certificates'"
    assert connection.execute(f"{select} before {june}").fetchall() == [(2, 1, 0)]
    assert connection.execute(f"{select} marts.figures {june}").fetchall() == [(2, None, None)]
    may = "select count(*) from marts.figures where period = '2022-05' and figure = 'certificates'"
    assert connection.execute(may).fetchall() == [(0,)]
    assert find_differences(connection, "2022-06") == []


def test_a_member_that_no_mapping_lets_occur_is_absent_and_not_0(without):
    # as if every system of cases said that all it has was done at a counter
    connection = without("column_name = 'channel'", "update quality.supplied set constant_value = 'other' where")
    channels = "select member from marts.figures where period = '2021H1' and figure = 'case_volume' and dimension = "
    assert connection.execute(f"{channels} 'channel' order by 1").fetchall() == [("counter",), ("other",)]
    absent = "select member from marts.figures_absent where period = '2021H1' and figure = 'case_volume' order by 1"
    assert connection.execute(absent).fetchall() == [("mobile",), ("post",), ("web",)]
    assert find_differences(connection, "2021H1") == []


def test_a_county_whose_systems_all_sit_in_the_hall_has_no_townships(without):
    connection = without("column_name = 'venue'", "update quality.supplied set constant_value = 'hall' where")
    towns = "select count(*) from marts.figures where dimension = 'town'"
    assert connection.execute(towns).fetchall() == [(0,)]
