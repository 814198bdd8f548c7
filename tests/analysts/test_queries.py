"""The twenty queries of docs/analysts.md give, on the miniature, the answers that were counted by hand (answers.yaml).

Each query is read from the page, so that what analysts copy is what was tested.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

FOLDER = Path(__file__).parent
PAGE = (FOLDER.parents[1] / "docs" / "analysts.md").read_text("utf-8")
QUERIES = {int(number): sql for number, sql in re.findall(r"^### (\d+)\. .*?^```sql\n(.*?)```", PAGE, re.M | re.S)}
ANSWERS = yaml.safe_load((FOLDER / "answers.yaml").read_text("utf-8"))
REVISED = 13  # the query of revisions: tests/end_to_end/test_miniature_revisions.py has the late rows that it needs


def agrees(found: list[tuple], number: int) -> bool:
    """Whether the rows found are those counted by hand, in their order."""
    expected = ANSWERS[number]["rows"]
    return len(found) == len(expected) and all(
        len(row) == len(wanted) and all(map(is_equal, row, wanted)) for row, wanted in zip(found, expected, strict=True)
    )


def is_equal(cell: object, wanted: object) -> bool:
    if wanted == "*":
        return cell is not None
    if isinstance(cell, date):
        return cell.isoformat() == str(wanted)
    return cell == wanted or (isinstance(cell, float) and cell == pytest.approx(wanted, rel=1e-12))


@pytest.fixture(scope="module")
def warehouse(analysts):
    with duckdb.connect(str(analysts / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def test_the_page_has_twenty_queries_and_an_answer_to_each():
    assert [*QUERIES] == [*range(1, 21)] == [*ANSWERS]


@pytest.mark.parametrize("number", [number for number in QUERIES if number != REVISED])
def test_a_query_gives_what_was_counted_by_hand(warehouse, number):
    found = warehouse.execute(QUERIES[number]).fetchall()
    assert agrees(found, number), (found, ANSWERS[number])


@pytest.mark.parametrize(
    ("day", "cases"),
    [
        ("2022-06-09", {"P27": 3}),  # withdrawn on the 15th; P07 was finished on the 8th, P20 on the 9th
        ("2022-06-17", {"P22": 1}),  # P14 was finished and S01 too; P36 is due on this day
        ("2022-06-18", {"P22": 2, "P36": 1}),
        ("2022-06-20", {"P36": 3}),  # P22 is paused from this day on
        ("2022-06-24", {"P23": 1, "P36": 7}),
        ("2022-01-04", {"P35": 6}),  # due on 29 December, finished on 5 January
        ("2022-01-05", {}),
    ],
)
def test_overdue_on_a_past_day(warehouse, day, cases):
    found = warehouse.execute(f"select case_key, days_over from marts.overdue_on('{day}')").fetchall()
    assert dict(found) == cases


def test_overdue_on_is_the_figure_of_each_period(warehouse):
    figures = warehouse.execute(
        "select cast(as_of_on as varchar), value from marts.figures "
        "where figure = 'overdue_open' and dimension = 'total'"
    ).fetchall()
    assert len(figures) > 20
    counted = {
        day: warehouse.execute(f"select count(*) from marts.overdue_on(date '{day}')").fetchone()[0]
        for day in {day for day, _ in figures}
    }
    assert [(day, counted[day]) for day, _ in figures] == figures


def test_days_over_the_legal_limit_are_unknown_without_one(warehouse):
    query = "select case_key, days_over_legal from marts.overdue_on('2022-06-30') order by 1"
    assert warehouse.execute(query).fetchall() == [("P23", 3), ("P36", None)]


@pytest.mark.parametrize("day", ["2022-07-01", "2020-12-31"])
def test_a_day_without_data_is_refused(warehouse, day):
    with pytest.raises(duckdb.Error, match=rf"overdue_on\({day}\): the exports cover 2021-01-01 to 2022-06-30"):
        warehouse.execute(f"from marts.overdue_on('{day}')").fetchall()


def test_clients_since_duckdb_1_2_read_the_file(warehouse):
    # the tag is written into the file; docs/analysts.md lists the clients that were tried
    ((tags,),) = warehouse.execute("select tags from duckdb_databases() where not internal").fetchall()
    assert tags["storage_version"] == "v1.2.0+"
