"""Tests evaluations whose case no export holds: they count as evaluations, in no rate, and stop nothing by themselves.

It takes the miniature with an evaluation of a case that comes later, or never, and asserts counts and checks after a
full build and after deltas.
"""

from __future__ import annotations

import shutil

import pytest

from dagster_project.warehouse import fingerprint
from tests.end_to_end.miniature_home import MINIATURE, Miniature

ORPHAN = "E99,9901,窗口,大厅平板,非常满意,首次,2022-06-21 10:00:00,否,是,,\n"
CASE = "9901,,样例事项,即办件,窗口办理,否,样例县审批局,,2022-06-21 09:00:00,,2022-06-21 16:00:00,,,,,,办结,\n"
COUNTS = """
    select figure, numerator, denominator from marts.figures
    where period = '2022-06' and dimension = 'total' and figure in ('evaluations', 'evaluation_rate') order by figure
"""


@pytest.fixture
def home(tmp_path, monkeypatch) -> Miniature:
    monkeypatch.setattr(fingerprint, "FULL_BUILD_ROWS", 0)
    home = Miniature(tmp_path / "home")
    with (home.path / "exports" / "evaluations_202206.csv").open("a", encoding="utf-8") as file:
        file.write(ORPHAN)
    return home


def test_an_orphan_counts_and_warns_until_its_case_comes(home, miniature):
    (evaluations, rate) = miniature.ask(COUNTS)[1], miniature.ask(COUNTS)[0]
    orphans = "select case_key from marts.fct_orphan_evaluations"
    home.take()
    home.model()
    assert home.ask(COUNTS) == [rate, (evaluations[0], evaluations[1] + 1, None)]
    assert home.ask(orphans) == [("9901",)]
    # a delta that has nothing to do with it leaves it as it is
    with (home.path / "exports" / "extended_202206.csv").open("a", encoding="utf-8") as file:
        file.write("2022-06-22,样例县审批局,1\n")
    home.take()
    home.model()
    assert home.ask(orphans) == [("9901",)]
    with (home.path / "exports" / "hall_cases_202206.csv").open("a", encoding="utf-8") as file:
        file.write(CASE)
    home.take()
    home.model()
    assert home.ask(orphans) == []
    assert home.ask(COUNTS)[0] == (rate[0], rate[1] + 1, rate[2] + 1)


def test_a_share_that_the_county_sets_blocks(home, tmp_path):
    county = shutil.copytree(MINIATURE / "county", tmp_path / "county")
    with (county / "jurisdiction.yaml").open("a", encoding="utf-8") as file:
        file.write("max_orphan_share: 0.05\n")
    home.county = county
    home.take()
    with pytest.raises(AssertionError, match="few_evaluations_lack_their_case"):
        home.model()
