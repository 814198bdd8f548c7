"""Tests when explorer and index are made again: when they would differ from the published ones, or those were altered.

It takes a small warehouse of figures and a county's folder, and runs neither dbt nor Dagster.
"""

import shutil
from pathlib import Path

import pytest

from dagster_project.warehouse.due_bulletins import EXPLORER, INDEX, due_explorer, due_index, keep_digest
from reports.formats.html import explorer, index
from tests.reports.conftest import LINGWU
from tests.reports.formats.explored import explored
from tests.reports.test_blocks import version

CHANGES = {
    "a figure": "update marts.figures set value = value + 1 where period = '2022-03' and figure = 'case_volume'",
    "a base": "update marts.figures set year_ago_value = null where period = '2022H1'",
    "a row": "delete from marts.figures where period = '2022-03' and dimension = 'town' and member = '临河镇'",
    "a name": "update marts.dimension_members set label = '临河' where member = '临河镇'",
    "a basis": "update marts.figure_definitions set basis = '另一口径' where figure = 'case_volume'",
    "a reason": "update marts.figures_absent set reason = '另一原因'",
    "a period": "update marts.dim_periods set is_complete = true, as_of_on = '2022-07-31' where period = '2022-07'",
    "the mark": "update quality.files set is_synthetic = false",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A home with an explorer, its warehouse, and the county's folder."""
    home = tmp_path_factory.mktemp("home")
    county = home / "county"
    county.mkdir()
    shutil.copy(LINGWU / "jurisdiction.yaml", county)
    (home / "bulletins").mkdir()
    with explored() as connection:
        digest = due_explorer(connection, home, county)
        assert digest
        explorer.write(connection, county, home / "bulletins")
        keep_digest(home / "bulletins", EXPLORER, digest)
        yield connection, home, county


def test_an_explorer_of_the_same_figures_is_not_made_again(made):
    connection, home, county = made
    assert EXPLORER == index.EXPLORER
    assert due_explorer(connection, home, county) is None


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_it_shows_makes_it_due(made, change):
    connection, home, county = made
    connection.execute("begin")
    connection.execute(CHANGES[change])
    assert due_explorer(connection, home, county)
    connection.execute("rollback")


def test_a_change_of_the_county_s_names_makes_it_due(made, tmp_path):
    connection, home, county = made
    other = shutil.copytree(county, tmp_path / "county")
    with (other / "jurisdiction.yaml").open("a", encoding="utf-8") as file:
        file.write("\n# \n")
    assert due_explorer(connection, home, other)


def test_a_page_that_was_altered_or_lost_is_due(made, tmp_path):
    connection, home, county = made
    own = shutil.copytree(home, tmp_path / "home")
    page = own / "bulletins" / EXPLORER
    assert due_explorer(connection, own, county) is None
    page.write_text(page.read_text("utf-8").replace("办件量", "收件量", 1), "utf-8")
    assert due_explorer(connection, own, county)
    page.unlink()
    assert due_explorer(connection, own, county)


@pytest.fixture
def listed(tmp_path) -> tuple[Path, Path]:
    """A home whose index lists one draft, and the empty folder of what the next run publishes."""
    aside = tmp_path / "build" / "bulletins"
    aside.mkdir(parents=True)
    version(tmp_path / "bulletins" / "2022H1")
    made_of = due_index(tmp_path, aside)
    keep_digest(tmp_path / "bulletins", index.write(tmp_path / "bulletins").name, made_of)
    return tmp_path, aside


def test_an_index_that_says_the_same_is_not_made_again(listed):
    assert INDEX == index.INDEX
    assert due_index(*listed) is None


def test_an_index_is_due_when_drafts_or_releases_change(listed):
    home, aside = listed
    made_of = {due_index(home, aside)}
    version(home / "releases" / "2022H1" / "v1")
    (home / "releases" / "2022H1" / "v1" / "release.json").write_text("{}", "utf-8")
    made_of.add(due_index(home, aside))
    version(aside / "2022H2", name="2022年下半年", starts_on="2022-07-01")
    made_of.add(due_index(home, aside))
    (aside / EXPLORER).touch()
    made_of.add(due_index(home, aside))
    assert len(made_of) == 4


def test_an_index_of_which_a_glyph_was_altered_is_due(listed):
    home, aside = listed
    page = home / "bulletins" / INDEX
    text = page.read_text("utf-8")
    place = text.index("base64,") + 2000
    page.write_text(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :], "utf-8")
    assert due_index(home, aside)
    page.unlink()
    assert due_index(home, aside)
