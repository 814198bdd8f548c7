"""Counts every figure of the published half-year again from the facts, and plants alterations that `verify` must find.

It asserts that verify finds nothing on what a run published, and names the row of each kind of alteration.
"""

from __future__ import annotations

import json
import shutil

import duckdb
import pytest

from dagster_project.settings import PROJECT
from reports.figures.registry import PAGE, load, page
from reports.proof import verify_figures
from tests.reports.formats.explored import published, read_page

# what is done to the published file -> the row that must be reported
ALTERATIONS = {
    "a value": (
        "update marts.figures set value = value + 1, numerator = numerator + 1 "
        "where period = '2022H1' and figure = 'case_volume' and member = 'hall' and dimension = 'venue'",
        "2022H1/case_volume/venue/hall value",
    ),
    "a numerator": (
        "update marts.figures set numerator = numerator - 1 where period = '2022H1' and figure = 'on_time_rate' "
        "and dimension = 'total'",
        "2022H1/on_time_rate/total/total numerator",
    ),
    "a base of comparison": (
        "update marts.figures set year_ago_value = null where period = '2022H1' and figure = 'mobile'",
        "2022H1/mobile/total/total year_ago_value",
    ),
    "a listed row taken out": (
        "delete from marts.figures where period = '2022H1' and figure = 'overdue_open' and member = '崇兴镇'",
        "2022H1/overdue_open/town/崇兴镇 row",
    ),
    "a row of an organisation taken out": (
        "delete from marts.figures where period = '2022H1' and figure = 'case_finished' and member = '税务窗口'",
        "2022H1/case_finished/org sum of its members",
    ),
    "a fact": (
        "update marts.fct_certificates set status = '退回' where certificate_id = (select max(certificate_id) "
        "from marts.fct_certificates where is_accepted and stored_on between '2022-01-01' and '2022-06-30')",
        "2022H1/certificates/total/total value",
    ),
}


def test_every_figure_of_the_published_half_year(full):
    said = full.tongbao("verify", "2022H1")
    rows = full.ask("select count(*) from marts.figures where period = '2022H1'")[0][0]
    assert rows > 300
    assert f"2022H1: {rows} figures counted again, 0 differ" in said


def test_the_explorer_holds_what_a_run_published(small):
    bulletins = small.path / "bulletins"
    with duckdb.connect(str(small.path / "warehouse.duckdb"), read_only=True) as connection:
        assert read_page((bulletins / "explore.html").read_text("utf-8"))[1] == published(connection)
    assert 'href="explore.html"' in (bulletins / "index.html").read_text("utf-8")


@pytest.mark.parametrize("kind", ALTERATIONS)
def test_an_alteration_is_found(small, tmp_path, kind):
    change, row = ALTERATIONS[kind]
    altered = small.copy(tmp_path / "home")
    with duckdb.connect(str(altered.path / "warehouse.duckdb")) as connection:
        (changed,) = connection.execute(change).fetchone()
        assert changed == 1
        found = verify_figures.find_differences(connection, "2022H1")
    assert row in {f"{difference.row} {difference.column}" for difference in found}


def test_the_command_fails_and_names_the_row(changeable, tmp_path, monkeypatch):
    home = changeable()
    with duckdb.connect(str(home.path / "warehouse.duckdb")) as connection:
        connection.execute(ALTERATIONS["a value"][0])
    said = home.tongbao("verify", expect=1)
    assert "2022H1/case_volume/venue/hall value" in said
    assert "select count(*)" in said
    assert "explore.html, whole file: not what the published figures give" in said
    # the text cites the altered half-year, so that it is counted with the quarter that is asked for
    county = shutil.copytree(PROJECT / "jurisdictions" / "lingwu", tmp_path / "lingwu")
    (county / "bulletin" / "2022Q1.md").write_text("## opening\n\n{{ fig('case_volume', period='2022H1') }}", "utf-8")
    monkeypatch.setenv("TONGBAO_JURISDICTION", str(county))
    told = json.loads(home.tongbao("verify", "2022Q1", "--json", expect=1))
    asked, cited = told["periods"]
    found = [(each["column"], each["published"] - each["counted"]) for each in cited["faults"]]
    assert (told["agrees"], told["compared"], found) == (False, [], [("value", 1), ("numerator", 1)])
    assert (asked["period"], asked["faults"], cited["period"]) == ("2022Q1", [], "2022H1")
    assert "periods with figures" in home.tongbao("verify", "2031H1", expect=1)


def test_worklists_are_published_with_the_bulletin(small):
    (folder,) = (small.path / "worklists").iterdir()
    assert folder.name == "2022-07-15"
    listed = small.ask("select count(distinct unit_name) from marts.worklist")[0][0]
    assert listed > 0
    # each unit's, and the summary
    assert len([*folder.glob("*.xlsx")]) == len([*folder.glob("*.csv")]) == listed + 1


def test_the_page_of_definitions_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(load()), (
        "docs/figures.md is stale: run python -m reports.figures.registry"
    )
