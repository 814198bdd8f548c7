"""The shipped dialects of real systems, copied into a county of their own, from export to fact.

Derivations one by one are tested under `tests/ingest`. It asserts facts that were read off the hand-made exports by
eye, in whichever order the files of a case arrive.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ingest.run import Report, ingest
from tests.shared_dbt import shared_dbt

ROOT = Path(__file__).parents[2]
COUNTY = ROOT / "tests" / "dialects"
SHIPPED = ROOT / "jurisdictions" / "_dialects"
PERSONAL = (
    "样例甲",
    "样例乙",
    "样例丙",
    "样例丁",
    "样例戊",
    "样例窗员",
    "样例文字",
    "样例公司",
    "99999919900101",
    "10000000001",
    "10000000002",
    "10000000003",
    "10000000004",
)


class County:
    """A county that took the shipped dialects as they are; its exports arrive as the test says."""

    def __init__(self, home: Path) -> None:
        self.home = home
        shutil.copytree(COUNTY, home / "county", ignore=shutil.ignore_patterns("exports"))
        shutil.copytree(SHIPPED, home / "county" / "sources")
        (home / "build").mkdir()
        self.warehouse = home / "build" / "candidate.duckdb"
        self.runs = 0

    def receive(self, *folders: str) -> Report:
        """Take in what lies in these folders of the hand-made exports, in one run of the ingest stage."""
        for folder in folders:
            shutil.copytree(COUNTY / "exports" / folder, self.home / "exports" / folder)
        self.runs += 1
        with duckdb.connect(str(self.warehouse)) as connection:
            return ingest(connection, self.home / "county", self.home / "exports", self.home, f"run-{self.runs}")

    def build(self) -> None:
        chosen = ("--select", "+fct_cases", "+fct_evaluations", "+fct_certificates")
        outcome = shared_dbt().run("run", *chosen, target=self.home / "target", home=self.home)
        assert outcome.success, [result.message for result in outcome.results if result.status == "error"]

    def ask(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(query).fetchall()


CASES = """
    select case_no, status, channel, venue, town_name, accepted_at, finished_at, closed_at, due_at, result
    from marts.fct_cases where source_system = 'exchange' order by case_no
"""


@pytest.fixture(scope="module")
def early(tmp_path_factory) -> tuple[County, list[tuple]]:
    """The county once all has come, and its cases as they stood before their results came."""
    found = County(tmp_path_factory.mktemp("early"))
    reports = [found.receive("counter", "rating", "exchange/accept", "exchange/special")]
    found.build()
    before = found.ask(CASES)
    reports.append(found.receive("exchange/result", "exchange/certificate"))
    found.build()
    assert not [problem for report in reports for problem in report.refused + report.unclaimed]
    return found, before


@pytest.fixture
def county(early) -> County:
    return early[0]


def test_cases_of_the_exchange_are_whole_once_their_results_have_come(early):
    county, before = early
    assert [row[:2] for row in before] == [(f"900001X000{n}", "in_progress") for n in (1, 2, 3, 4)]
    # 900001X0003 was voided by its result: it is counted no more
    assert county.ask(CASES) == [
        ("900001X0001", "finished", "web", "hall", None, at(2, 9), at(9, 16), None, at(10, 0), "出证办结"),
        ("900001X0002", "in_progress", "counter", "township", "河东镇", at(3, 10), None, None, at(13, 0), None),
        (
            "900001X0004",
            "withdrawn",
            "mobile",
            "township",
            "河东镇",
            at(7, 10),
            None,
            at(7, 10, 15),
            at(7, 0),
            "补正不来办结",
        ),
    ]
    assert county.ask("select case_no, kind, started_at, ended_at from raw.case_pauses") == [
        ("900001X0001", "特别程序", at(3, 9), at(7, 9))
    ]


def test_a_result_that_comes_before_its_case_gives_the_same_rows(county, tmp_path):
    late = County(tmp_path)
    late.receive("rating", "exchange/result", "exchange/certificate")
    late.receive("exchange/special", "exchange/accept", "counter")
    for dataset in ("cases", "case_results", "case_pauses", "evaluations", "certificates"):
        query = f"select * exclude (_file_id, _row_hash) from raw.{dataset} order by all"
        if dataset == "cases":
            # another installation, another pseudonym
            query = query.replace("exclude (", "exclude (applicant_key, ")
        assert late.ask(query) == county.ask(query)


def test_the_thin_counter_export_gets_its_organisation_from_the_window(county):
    assert county.ask("""
        select case_no, org_name, venue, channel, status, is_settled_undated, finished_at
        from marts.fct_cases where source_system = 'counter' order by case_no
    """) == [
        ("C001", "税务窗口", "hall", "counter", "finished", True, None),
        ("C002", "税务窗口", "hall", "counter", "in_progress", False, None),
        ("C003", "人社窗口", "hall", "counter", "in_progress", False, None),
        ("C005", "人社窗口", "hall", "counter", "withdrawn", True, None),
    ]
    assert county.ask("select distinct _derived from raw.cases where source_system = 'counter'") == [
        ("channel,org_name,venue",)
    ]
    assert county.ask("select record, rule, value from quality.quarantine") == [(6, "total_row", None)]


def test_ratings_get_their_number_and_day_and_find_their_cases(county):
    assert county.ask("""
        select e.evaluation_no, e.level, e.channel, e.evaluated_at, e.org_name, c.item_name
        from marts.fct_evaluations as e inner join marts.fct_cases as c using (case_key) order by 1
    """) == [
        ("C001-1", "非常满意", "大厅平板", at(30, 0), "税务窗口", "发票领用（样例）"),
        ("C001-2", "满意", "移动端", at(30, 0), "税务窗口", "发票领用（样例）"),
        ("C002-1", "不满意", "大厅平板", at(30, 0), "税务窗口", "发票领用（样例）"),
    ]
    assert county.ask("select distinct _derived from raw.evaluations") == [
        ("case_source,evaluated_at,evaluation_no,org_name",)
    ]


def test_certificates_with_dates_as_text(county):
    assert county.ask("select type_code, cast(stored_at as varchar), status from marts.fct_certificates") == [
        ("99900000000099999T001", "2022-06-09 16:10:00", "已入库")
    ]
    assert county.ask("select cast(issued_on as varchar) from raw.certificates") == [("2022-06-09",)]


def test_no_person_and_no_free_text_is_in_the_warehouse(county):
    stored = county.warehouse.read_bytes()
    assert not [value for value in PERSONAL if value.encode() in stored]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 6, day, hour, minute)
