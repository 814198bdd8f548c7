"""The example of docs/dashboards.md: its queries and its page give, on the miniature, what was counted by hand.

As Evidence does, each file of sources/ becomes a table of that name, and the page's SQL asks these. Node.js takes no
part; what a chart needs of a query, the columns that it names, is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from dagster_project import settings

EVIDENCE = settings.PROJECT / "docs" / "evidence"
SOURCE = EVIDENCE / "sources" / "tongbao"
PAGE = (EVIDENCE / "pages" / "index.md").read_text("utf-8")
QUERIES = dict(re.findall(r"^```sql (\w+)\n(.*?)^```", PAGE, re.M | re.S))
COMPONENTS = re.findall(r"^<(\w+) data=\{(\w+)\}(.*)/>$", PAGE, re.M)


@pytest.fixture(scope="module")
def site(analysts: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """What the page's SQL asks: the schema `tongbao` with a table for each query of the source."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{analysts / 'warehouse.duckdb'}' as warehouse (read_only)")
        connection.execute("create schema tongbao")
        for path in sorted(SOURCE.glob("*.sql")):
            connection.execute("use warehouse")
            connection.execute(f"create table memory.tongbao.{path.stem} as {path.read_text('utf-8')}")
        connection.execute("use memory")
        yield connection


def test_the_connection_is_the_one_that_the_page_describes():
    about = yaml.safe_load((SOURCE / "connection.yaml").read_text("utf-8"))
    assert about == {"name": "tongbao", "type": "duckdb", "options": {"filename": "warehouse.duckdb"}}
    assert "sources/tongbao/warehouse.duckdb" in (settings.PROJECT / "docs" / "dashboards.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        # 36 cases of June 2022, one of June 2021: answers.yaml, 19
        ("newest", [("2022-06", 36, 1)]),
        ("overdue", [("东河镇", 2, 8), ("审批窗口", 1, 13)]),  # T01 8 days and P23 7 days; P36
    ],
)
def test_the_page_says_what_was_counted_by_hand(site, query, rows):
    assert site.execute(QUERIES[query]).fetchall() == rows


def test_towns_are_those_of_the_first_query_of_analysts(site):
    found = [row for row in site.execute(QUERIES["towns"]).fetchall() if row[0].startswith("2022")]
    assert found == [
        ("2022-03", "西河乡", 1),
        ("2022-04", "东河镇", 3),
        ("2022-05", "东河镇", 1),
        ("2022-06", "东河镇", 14),
        ("2022-06", "未注明", 1),
        ("2022-06", "西河乡", 12),
    ]


def test_each_chart_names_columns_that_its_query_has(site):
    assert {name for _, name, _ in COMPONENTS} == {*QUERIES}
    for component, query, properties in COMPONENTS:
        columns = {column for column, *_ in site.execute(QUERIES[query]).description}
        named = {*re.findall(r"\b(?:x|y|series|value|comparison)=(\w+)", properties)}
        assert named <= columns, component
        assert named or component == "DataTable"


def test_the_question_for_superset_and_metabase_runs(analysts):
    page = (settings.PROJECT / "docs" / "dashboards.md").read_text("utf-8")
    (query,) = re.findall(r"^```sql\n(.*?)^```", page, re.M | re.S)
    with duckdb.connect(str(analysts / "warehouse.duckdb"), read_only=True) as connection:
        found = {(str(month), name): value for month, name, _, value, _ in connection.execute(query).fetchall()}
    assert (found["2022-06-01", "办件量"], found["2022-06-01", "办结量"]) == (36, 26)
