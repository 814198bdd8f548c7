"""A province of three counties in three dialects: its figures are those counted from all their rows in one warehouse.

Then one county's last run was blocked, one is late and counts a figure by another definition, and one has published
nothing. What the province must say of them follows from its rules in docs/provinces.md.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import docx
import duckdb
import pytest

from dagster_project import settings
from dagster_project.gate.verdict import RunVerdict, keep_verdict
from reports.figures.registry import load as load_registry
from reports.proof import verify_figures
from reports.proof.verify import verify_folder
from reports.render import render
from tests.end_to_end.miniature_home import Miniature
from tests.end_to_end.province_counties import COUNTIES, Homes

LINGWU = settings.PROJECT / "jurisdictions" / "lingwu"
_ALIKE = "('total', 'venue', 'channel', 'case_type', 'mode', 'level', 'rule', 'request_type', 'evaluation_channel')"
# a share of volumes has no base here, and the province's own calendar counts working days
_COMPARED = f"""
    select period, figure, dimension, member, numerator, denominator, value,
        if(figure = 'case_volume_share', null, previous_value), if(figure = 'case_volume_share', null, year_ago_value)
    from marts.figures inner join marts.figure_definitions using (figure)
    where is_additive and figures.is_complete and dimension in {_ALIKE} order by all
"""


def test_figures_are_those_of_all_rows_in_one_warehouse(homes):
    province, whole = homes.ask("province", _COMPARED), homes.ask("whole", _COMPARED)
    assert len(province) > 1500
    assert province == whole


def test_what_does_not_add_up_is_given_by_county_only(homes):
    apart = {key for key, entry in load_registry().figures.items() if not entry.is_additive}
    assert apart == {"item_coverage", "items_without_case", "certificate_types", "working_days", "daily_average"}
    found = "select distinct figure from marts.figures where dimension = '{}' and figure in {}"
    wanted = (*sorted(apart), "median_working_days")
    # working days are those of the province's own calendar
    assert homes.ask("province", found.format("total", wanted)) == [("working_days",)]
    assert {figure for (figure,) in homes.ask("province", found.format("county", wanted))} == {*wanted}
    assert homes.ask(
        "province",
        "select distinct reason_en from marts.figures_absent where figure = 'item_coverage' and period = '2022H1'",
    ) == [("it does not add up over counties, and is given by county only",)]


_VALUE = """
    select value from marts.figures
    where period = '2022H1' and figure = '{}' and dimension = '{}' and member = '{}'
"""


def test_a_county_has_its_own_figures_and_they_add_up(homes):
    for county in COUNTIES:
        published = homes.ask(county.code, _VALUE.format("case_volume", "total", "total"))
        assert published == homes.ask("province", _VALUE.format("case_volume", "county", county.name))
    shares = [homes.ask("province", _VALUE.format("case_volume_share", "county", county.name)) for county in COUNTIES]
    assert sum(share for ((share,),) in shares) == pytest.approx(1)


def test_counties_are_ranked_by_the_indicators_that_are_fed_back(homes):
    rates = {
        county.name: homes.ask(county.code, _VALUE.format("evaluation_rate", "total", "total"))[0][0]
        for county in COUNTIES
    }
    assert len({*rates.values()}) == 3
    assert homes.ask(
        "province",
        "select county_name, rank from marts.fct_county_indicators where period = '2022H1' "
        "and indicator = '好差评评价率' order by rank",
    ) == [(name, place) for place, name in enumerate(sorted(rates, key=lambda name: -rates[name]), start=1)]


def test_the_proofs_say_the_same(homes):
    with homes.home("province").connect() as connection:
        periods = verify_figures.list_periods(connection)
        assert len(periods) == 28  # 18 months, 6 quarters, 3 half-years and 2021: 2022 is not over
        for period in ("2022-06", "2022H1", "2021"):
            assert verify_figures.find_differences(connection, period) == []


def test_a_second_collection_changes_no_file(homes):
    files = sorted((homes.path / "province" / "home" / "exports" / "members").iterdir())
    before = [(path.name, path.stat().st_mtime_ns) for path in files]
    homes.collect()
    assert before == [(path.name, path.stat().st_mtime_ns) for path in files]


@pytest.fixture(scope="module")
def troubled(homes, tmp_path_factory) -> Homes:
    """The first county's last run was blocked, the second is late and counts a figure otherwise; the third is new."""
    blocked, late, silent = (county.code for county in COUNTIES)
    troubled = Homes(tmp_path_factory.mktemp("troubled") / "all")
    shutil.copytree(homes.path, troubled.path, symlinks=True)
    verdict = RunVerdict(run_id="run", started_at=datetime(2022, 7, 2, tzinfo=UTC), state="blocked")
    keep_verdict(troubled.path / blocked / "home", verdict)
    published = (troubled.path / late / "home" / "warehouse.duckdb").resolve()
    published.chmod(0o600)
    with duckdb.connect(str(published)) as connection:
        connection.execute("delete from marts.figures where period = '2022-06'")
        late_day = "as_of_on = '2022-05-31', is_complete = false where as_of_on > '2022-05-31'"
        connection.execute(f"update marts.figures set {late_day}")
        connection.execute("update marts.figure_definitions set definition = 'other' where figure = 'satisfaction'")
    (troubled.path / silent / "home" / "warehouse.duckdb").unlink()
    assert troubled.collect() == {"子县甲": "blocked", "子县乙": "published", "子县丙": "unpublished"}
    troubled.build("province")
    return troubled


def test_a_county_that_is_late_is_left_out_and_said_so(homes, troubled):
    (row,) = troubled.ask(
        "province",
        "select numerator, previous_value, is_complete from marts.figures "
        "where period = '2022H1' and figure = 'case_volume' and dimension = 'total'",
    )
    own = (
        "select numerator, previous_value from marts.figures where period = '2022H1' "
        "and figure = 'case_volume' and dimension = 'total'"
    )
    assert row == (*homes.ask(COUNTIES[0].code, own)[0], False)
    assert troubled.ask(
        "province",
        "select member, reason_en from marts.figures_absent where period = '2022H1' and figure = 'case_volume' "
        "and dimension = 'county' order by member",
    ) == [
        ("子县丙", "the county has no data of the period yet, and counts in no figure"),
        ("子县乙", "the county has no data of the period yet, and counts in no figure"),
    ]


def test_a_figure_by_another_definition_is_left_out_of_that_county(troubled):
    counted = (
        "select distinct member from marts.figures where period = '2022-05' and figure = '{}' and dimension = 'county'"
    )
    assert sorted(troubled.ask("province", counted.format("evaluations"))) == [("子县乙",), ("子县甲",)]
    assert troubled.ask("province", counted.format("satisfaction")) == [("子县甲",)]
    assert troubled.ask(
        "province",
        "select reason_en from marts.figures_absent where period = '2022-05' and figure = 'satisfaction' "
        "and dimension = 'county' and member = '子县乙'",
    ) == [("the county counts it by another definition and is left out",)]


def test_the_bulletin_names_every_county_that_it_does_not_count(troubled, tmp_path):
    home = troubled.home("province")
    with home.connect() as connection:
        render(connection, "2022H1", home.county, tmp_path, "test")
    document = docx.Document(str(tmp_path / "bulletin.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "本期未计入：子县乙（数据至2022年5月31日）、子县丙（尚未发布）。" in text
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["子县甲", "计入", "2022年6月30日", "最近一次运行未通过核查"] in rows
    assert ["子县乙", "未计入", "2022年5月31日", "已发布"] in rows
    assert ["子县丙", "未计入", "/", "尚未发布"] in rows


def test_what_is_fed_back_is_what_a_county_ingests(homes, tmp_path):
    home = homes.home("province")
    with home.connect() as connection:
        render(connection, "2022H1", home.county, tmp_path / "bulletin", "test")
        again = tmp_path / "again"
        assert verify_folder(connection, tmp_path / "bulletin", home.county, again, tmp_path / "releases") == []
    county = Miniature(tmp_path / "home", is_empty=True, county=LINGWU)
    (county.path / "exports" / "office").mkdir()
    shutil.copy(tmp_path / "bulletin" / "county_indicators_2022H1_20220630.xlsx", county.path / "exports" / "office")
    county.take()
    columns = "period, county_code, county_name, indicator, round(value, 2), unit, rank"
    fed_back = county.ask(f"select {columns} from raw.county_indicators order by all")
    assert len(fed_back) == 15
    assert fed_back == homes.ask(
        "province", f"select {columns} from marts.fct_county_indicators where period = '2022H1' order by all"
    )
