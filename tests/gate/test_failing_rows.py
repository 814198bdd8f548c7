"""The rows that fail a test of dbt: what identifies each, where it came from, and nothing of a person.

A copy of the miniature's warehouse is spoilt by hand; its cases P05 (record 5 of platform_cases_202206.csv) and Y01
(record 7 of hall_cases_202206.csv) are found again by opening the exports.
"""

from __future__ import annotations

import shutil

import duckdb
import pytest

from dagster_project.gate.failing_rows import find_failing_rows
from tests.shared_dbt import shared_dbt

KEYS = "select case_key, count(*) from marts.fct_cases group by case_key having count(*) > 1"
VENUES = "select venue as value_field, count(*) from marts.fct_cases where venue not in ('hall', 'township') group by 1"


@pytest.fixture(scope="module")
def spoilt(miniature, tmp_path_factory):
    path = tmp_path_factory.mktemp("spoilt") / "candidate.duckdb"
    with miniature.connect() as connection:
        connection.execute("checkpoint")
    shutil.copy(miniature.path / "build" / "candidate.duckdb", path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into marts.fct_cases select * from marts.fct_cases where case_no in ('P05', 'Y01')")
        connection.execute("update marts.fct_cases set venue = '王小明' where case_no = 'P05'")
        yield connection


def rows(connection, test: str, compiled: str) -> list[dict]:
    found = connection.execute(find_failing_rows(connection, shared_dbt().manifest, test, compiled))
    columns = [column[0] for column in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def test_rows_of_facts_are_found_in_the_files_that_reported_them(spoilt):
    found = rows(spoilt, "unique_together_fct_cases_accepted_on__case_key__case_key", KEYS)
    assert [(row["path"], row["record"], row["办件标识"]) for row in found] == [
        ("hall_cases_202206.csv", 7, "Y01"),
        ("platform_cases_202206.csv", 5, "P05"),
    ]


def test_a_value_that_is_not_allowed_is_shown_with_its_row_and_masked_like_a_name(spoilt):
    (found,) = rows(spoilt, "accepted_values_fct_cases_venue__hall__township", VENUES)
    assert (found["path"], found["record"], found["办件编号"]) == ("platform_cases_202206.csv", 5, "P05")
    assert found["办理地点"] == "（已遮蔽，3字）"


def test_what_a_test_selects_itself_is_shown_and_names_of_the_lists_stay(spoilt):
    compiled = "select '样例县审批局' as org_name, '张三13900000000' as what, 'hall_cases_202206.csv' as path"
    (found,) = rows(spoilt, "few_evaluations_lack_their_case", compiled)
    assert [*found.values()][2] == "样例县审批局"
    assert found["what"] == "（已遮蔽）"
    assert (found["path"], found["record"]) == ("hall_cases_202206.csv", None)


@pytest.mark.parametrize("kind", ["not_null", "unique", "unique_together", "accepted_values", "relationships"])
def test_the_rows_of_every_generic_test_can_be_looked_up(spoilt, kind):
    """With compiled SQL that yields no rows, of the columns that dbt's tests yield."""
    manifest = shared_dbt().manifest
    tests = [n for n in manifest["nodes"].values() if (n.get("test_metadata") or {}).get("name") == kind]
    assert tests
    field = {"unique": "unique_field", "accepted_values": "value_field", "relationships": "from_field"}.get(kind)
    for test in tests:
        model = manifest["nodes"][test["attached_node"]]
        relation = f"{model['schema']}.{model['alias']}"
        columns = [test["column_name"]] if test["column_name"] else test["test_metadata"]["kwargs"]["columns"]
        selected = f"{columns[0]} as {field}" if field else ", ".join(columns)
        assert rows(spoilt, test["name"], f"select {selected} from {relation} where false") == []


def test_a_line_to_paste_shows_a_name_of_five_rows_and_no_rarer_one(spoilt):
    line = "select '某村代办点,hall' as line, '某村代办点' as name_of_line, {} as row_count"
    (rare,) = rows(spoilt, "names_are_on_the_lists", line.format(4))
    (common,) = rows(spoilt, "names_are_on_the_lists", line.format(5))
    assert [*rare.values()] == ["（已遮蔽，5字）,hall"]
    assert [*common.values()] == ["某村代办点,hall"]


def test_members_of_figures_are_names_only_in_some_dimensions(spoilt):
    compiled = "select 'org' as dimension, '褚嫱' as member union all select 'level', '满意'"
    shown = {tuple(row.values()) for row in rows(spoilt, "parts_add_up", compiled)}
    assert shown == {("org", "（已遮蔽，2字）"), ("level", "满意")}
