"""Tests the figures of a county's own: each form found in real bulletins, written in the miniature's figures.yaml.

It reads the modelled miniature. It asserts every value listed in expected_own.csv, worked out by hand, that the list
names every figure of the file, that a text can ask for them, and that the documentation shows the file as it is.
"""

from __future__ import annotations

import csv

import pytest
import yaml

from dagster_project import settings
from reports.figures import load as figures
from reports.proof import verify_figures
from reports.text.expressions import FigureText, Filling
from tests.end_to_end.miniature_home import MINIATURE
from tests.end_to_end.test_miniature import is_as_by_hand

FILE = MINIATURE / "county" / "figures.yaml"
OWN = yaml.safe_load(FILE.read_text("utf-8"))["figures"]
with (MINIATURE / "expected_own.csv").open(encoding="utf-8") as file:
    EXPECTED = list(csv.DictReader(file))


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: "-".join(list(row.values())[:5]))
def test_a_form_found_in_bulletins(miniature, row):
    with miniature.connect() as connection:
        assert is_as_by_hand(connection, row), row["reasoning"]


def test_every_own_figure_has_a_value_by_hand():
    assert {row["figure"] for row in EXPECTED} == set(OWN)


def test_each_row_is_proven(miniature):
    keys = ", ".join(f"'{key}'" for key in OWN)
    rows = f"select count(distinct figure) from marts.figure_proofs where figure in ({keys}) and proof_sql is not null"
    assert miniature.ask(rows) == [(len(OWN),)]
    with miniature.connect() as connection:
        for period in verify_figures.list_periods(connection):
            assert verify_figures.find_differences(connection, period) == []


def test_a_wrong_row_is_found(miniature):
    with miniature.connect() as connection:
        connection.execute("begin")
        connection.execute(
            "update marts.figures set value = value + 1 where figure = 'open_cases' and member = 'paused'"
        )
        found = {each.row for each in verify_figures.find_differences(connection, "2022H1")}
        connection.execute("rollback")
    assert "2022H1/open_cases/status/paused" in found


def test_a_text_asks_for_them_by_name(miniature):
    with miniature.connect() as connection:
        filling = Filling(figures.load(connection, "2022H1"))
        assert "78.05%" in str(FigureText(filling, "finish_rate"))
        listed = FigureText(filling, "finished_by_source").by("source_org")
        assert [each.member for each in listed.ranked()][:2] == [
            "一网通办平台 · 东河镇中心",
            "一网通办平台 · 西河乡中心",
        ]
        assert filling.figures.definition("bad_tickets_revisited_rate").denominator_words == "差评工单"
        assert filling.figures.dimension_name("source_org") == "系统和单位"


def test_the_documentation_shows_this_file():
    assert FILE.read_text("utf-8").partition("\n")[2] in (settings.PROJECT / "docs" / "own-figures.md").read_text(
        "utf-8"
    )
