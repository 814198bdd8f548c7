"""Tests where a county's data begin: with the spans of its files, never with the least date found in a row.

It takes the miniature's exports as if they were files of one month, which is what their names say, with one case
mistyped as 2015 and one as 2035, and makes all models. It asserts which periods are complete, from which day they
count, and that nothing is compared with days that no file covers.
"""

from __future__ import annotations

import re
import shutil

import duckdb
import pytest

from dagster_project.gate.ingest_checks import judge_ledger
from dagster_project.warehouse.due_bulletins import due_digests, newest_complete
from ingest.errors import MappingError
from ingest.jurisdiction.reference import load_reference
from ingest.run import ingest
from reports.proof.verify_figures import find_differences
from tests.end_to_end.compiled_models import CompiledModels
from tests.end_to_end.miniature_home import MINIATURE

MISTYPED = "9{0},,样例事项,即办件,窗口办理,否,样例县审批局,,{1} 09:00:00,,{1} 16:00:00,,,,,,办结,\n"


@pytest.fixture(scope="module")
def june(miniature, tmp_path_factory):
    """The models of a county whose files cover June 2022 and no day before."""
    folder = tmp_path_factory.mktemp("june")
    shutil.copytree(MINIATURE / "county", folder / "county")
    shutil.copytree(MINIATURE / "exports", folder / "exports")
    (folder / "build").mkdir()
    for path in [*(folder / "county" / "sources").iterdir(), folder / "county" / "jurisdiction.yaml"]:
        text = re.sub(r" *(covers: all|starts_on: 2021-01-01)\n", "", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
    with (folder / "exports" / "hall_cases_202206.csv").open("a", encoding="utf-8") as file:
        file.write(MISTYPED.format("01", "2015-06-08") + MISTYPED.format("02", "2035-06-08"))
    with duckdb.connect(str(folder / "build" / "candidate.duckdb")) as connection:
        ingest(connection, folder / "county", folder / "exports", folder, "run")
        CompiledModels(miniature.path / "target").build(connection)
        yield connection


def test_only_what_files_cover_from_its_first_day_is_complete(june):
    columns = "period, cast(data_from_on as varchar), is_complete"
    periods = f"select {columns} from marts.dim_periods order by starts_on, period"
    assert june.execute(periods).fetchall() == [
        ("2022", "2022-06-01", False),
        ("2022H1", "2022-06-01", False),
        ("2022Q2", "2022-06-01", False),
        ("2022-06", None, True),
    ]


def test_a_period_counts_from_the_first_day_of_data(june):
    values = "select value from marts.figures where figure = '{}' and dimension = 'total' order by period"
    # 36 cases and 21 working days in June, whichever period June is the end of
    assert june.execute(values.format("case_volume")).fetchall() == [(36,)] * 4
    assert june.execute(values.format("working_days")).fetchall() == [(21,)] * 4
    assert (
        june.execute(values.format("item_coverage")).fetchall()[0]
        == june.execute(
            "select value from marts.figures where figure = 'item_coverage' and period = '2022-06'"
        ).fetchone()
    )


def test_a_mistyped_year_is_no_base_of_comparison(june):
    compared = "select count(*) from marts.figures where previous_value is not null or year_ago_value is not null"
    assert june.execute(compared).fetchall() == [(0,)]
    assert find_differences(june, "2022-06") == []
    assert find_differences(june, "2022H1") == []


def test_a_mistyped_year_is_told_with_its_file_and_number(june):
    (rows,) = [rows for check, rows in judge_ledger(june, []) if check.name == "dates_lie_near_their_file"]
    assert rows == [
        {
            "path": "hall_cases_202206.csv",
            "what": f"{moment} 2",
            "keys": "901 2015-06-08, 902 2035-06-08",
        }
        for moment in ("accepted_at", "finished_at")
    ]


def test_no_period_without_its_beginning_is_the_newest_complete_one(june, tmp_path):
    assert newest_complete(june, "month") == "2022-06"
    assert newest_complete(june, "half") is None
    # a first run in mid-half renders the half that is under way
    assert [*due_digests(june, tmp_path, MINIATURE / "county", "half")] == ["2022H1"]


def test_a_file_of_all_days_needs_a_declared_first_day(tmp_path):
    shutil.copytree(MINIATURE / "county", tmp_path / "county")
    about = tmp_path / "county" / "jurisdiction.yaml"
    about.write_text(about.read_text(encoding="utf-8").replace("starts_on: 2021-01-01\n", ""), encoding="utf-8")
    with duckdb.connect() as connection, pytest.raises(MappingError) as raised:
        load_reference(connection, tmp_path / "county")
    place = tmp_path / "county" / "sources" / "certificate.yaml"
    assert str(raised.value) == (
        f"{place}:7:5: exports.0.covers: covers: all tells no first day; "
        "write starts_on, the first day of data, into jurisdiction.yaml"
    )
