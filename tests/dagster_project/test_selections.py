"""Tests that every selection of assets that a user can make succeeds, or is refused in one sentence.

Each selection is materialised as the UI does it, on the county of fifty cases. It asserts what the candidate then
holds, what Dagster recorded of it, and what is published.
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from dagster_project.assets import publication
from dagster_project.assets.bulletin import render_period
from dagster_project.gate.verdict import read_verdicts
from dagster_project.warehouse.candidate import Candidate
from tests.dagster_project.conftest import EVERYTHING_BEFORE_PUBLICATION
from tests.dagster_project.small_county import (
    County,
    assert_recorded_counts_stand,
    failure_of,
    make_county,
    recorded_counts,
)

RAW = dg.AssetSelection.groups("2_raw")


@pytest.fixture
def empty(tmp_path) -> County:
    county = make_county(tmp_path / "county")
    county.deliver()
    return county


@pytest.fixture
def county(built, tmp_path) -> County:
    return built.copy(tmp_path / "built")


def test_exports_alone_are_read_and_kept(empty):
    result = empty.materialize(RAW)
    assert result.success
    counts = recorded_counts(result)
    assert counts["raw/cases"] > 30 and len(counts) == 12
    assert_recorded_counts_stand(empty, result)
    assert not (empty.home / "warehouse.duckdb").exists()


def test_of_one_dataset_only_its_files_are_read(empty):
    result = empty.materialize(dg.AssetSelection.assets(["raw", "items"]))
    assert result.success
    assert recorded_counts(result).keys() == {"raw/items"}
    assert empty.ask("select distinct dataset from quality.files") == [("items",)]
    assert empty.materialize(RAW).success
    assert empty.ask("select count(*) from raw.cases")[0][0] > 30


def test_a_staging_model_alone_stands_after_its_exports(empty):
    assert empty.materialize(RAW).success
    result = empty.materialize(dg.AssetSelection.assets("stg_cases"))
    assert result.success
    assert empty.ask("select count(*) from staging.stg_cases")[0][0] > 30
    assert empty.ask("select count(*) from duckdb_tables() where table_name = 'built'") == [(0,)]


def test_one_model_and_what_follows_hold_what_a_whole_build_holds(county, built):
    selection = dg.AssetSelection.assets("fct_evaluations").downstream() - dg.AssetSelection.assets(
        "publication", "bulletin"
    )
    result = county.materialize(selection)
    assert result.success
    assert recorded_counts(result).keys() >= {"fct_evaluations", "figures"}
    assert_recorded_counts_stand(county, result)
    for table in ("marts.fct_evaluations", "marts.figures", "marts.fct_cases"):
        assert county.ask(f"select * from {table} order by all") == built.ask(f"select * from {table} order by all")
    assert county.materialize("publication").success


def test_a_mart_alone_on_an_empty_home_is_refused(empty):
    said = failure_of(empty.materialize(dg.AssetSelection.assets("fct_cases")))
    assert "materialise raw/*" in said


def test_a_mart_without_what_it_reads_is_refused_by_name(empty):
    assert empty.materialize(RAW).success
    said = failure_of(empty.materialize(dg.AssetSelection.assets("figures")))
    assert "which the candidate does not hold; materialise" in said
    assert empty.ask("select count(*) from duckdb_tables() where schema_name = 'marts'") == [(0,)]


@pytest.mark.parametrize("asset", ["publication", "worklists"])
def test_what_needs_models_is_refused_on_an_empty_home(empty, asset):
    said = failure_of(empty.materialize(asset))
    assert "materialise" in said
    assert not (empty.home / "warehouse.duckdb").exists()


def test_checks_alone_are_refused_before_there_are_models_and_judged_after(empty, county):
    checks = dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey("figures"), "months_add_up"))
    assert "materialise the models first" in failure_of(empty.materialize(checks))
    result = county.materialize(checks)
    assert result.success
    (evaluation,) = result.get_asset_check_evaluations()
    assert evaluation.passed


def test_publication_alone_publishes_what_other_runs_have_built(county):
    instance = dg.DagsterInstance.ephemeral()
    result = county.materialize("publication", instance)
    assert result.success
    assert not (county.home / "build" / "candidate.duckdb").exists()
    assert county.ask("select count(*) from marts.figures", published=True)[0][0] > 100
    schemas = {schema for (schema,) in county.ask("select schema_name from duckdb_tables()", published=True)}
    assert not schemas & {"delta", "changes"}
    rendered = {
        event.materialization.partition
        for event in result.all_events
        if event.is_step_materialization and event.asset_key == dg.AssetKey("bulletin")
    }
    assert rendered == {path.parent.name for path in (county.home / "bulletins").glob("*/bulletin.html")} >= {"2022H1"}
    assert {"2022H1", "2022-06"} <= {*instance.get_dynamic_partitions("period")}
    assert list((county.home / "worklists").glob("*/*.csv"))


def test_a_target_in_the_way_stops_publication_and_a_second_publication_renders_nothing(county):
    index = county.home / "bulletins" / "index.html"
    index.mkdir(parents=True)
    said = failure_of(county.materialize("publication"))
    assert f"nothing was published: {index} is a folder where a file belongs; move it away" in said
    assert not (county.home / "warehouse.duckdb").exists()
    index.rmdir()
    assert county.materialize("publication").success
    pages = [county.home / "bulletins" / name for name in ("2022H1/bulletin.html", "explore.html", "index.html")]
    before = [page.stat().st_mtime_ns for page in pages]
    assert county.materialize(dg.AssetSelection.all() - dg.AssetSelection.assets("bulletin")).success
    assert [page.stat().st_mtime_ns for page in pages] == before


def test_models_built_before_the_last_ingest_are_not_published(county):
    export = county.home / "exports" / "township_cases_202206.csv"
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(line for line in lines if not line.startswith("S01,")), encoding="utf-8")
    assert county.materialize(RAW).success
    said = failure_of(county.materialize("publication"))
    assert "models were built before the last ingest; materialise all models" in said
    # a part of the models does not make the rest newer
    assert county.materialize(dg.AssetSelection.assets("stg_cases")).success
    assert "materialise all models" in failure_of(county.materialize("publication"))


def test_a_failed_check_that_must_pass_stops_publication_and_keeps_the_candidate(county):
    with_error = county.home / "exports" / "township_cases_202206.csv"
    good = with_error.read_bytes()
    with_error.write_text("没有,表头", encoding="utf-8")
    result = county.materialize(EVERYTHING_BEFORE_PUBLICATION)
    assert not result.success
    assert_recorded_counts_stand(county, result)
    refused = county.materialize("publication")
    assert "files_are_taken" in failure_of(refused)
    assert not (county.home / "warehouse.duckdb").exists()
    failed = refused.get_step_failure_events()[0].event_specific_data
    link = failed.user_failure_data.metadata["verdict"].value
    page = county.home / link.removeprefix("http://127.0.0.1:3001/")
    linked = [c.metadata["verdict"].value for c in result.get_asset_check_evaluations() if not c.passed]
    assert {*linked} == {link} and page.stem == result.run_id and "没有文件被拒收" in page.read_text(encoding="utf-8")
    with_error.write_bytes(good)
    Candidate(county.home).discard()
    assert county.materialize(dg.AssetSelection.all() - dg.AssetSelection.assets("bulletin")).success
    assert [verdict.state for verdict in read_verdicts(county.home)] == ["ended", "blocked", "published"]
    assert len(county.ask("from quality.check_history where check_name = 'files_are_taken'", published=True)) == 2


def test_a_file_that_no_reader_has_seen_is_taken_out_when_it_is_gone(county):
    path = county.home / "exports" / "hall_cases_202206.csv"
    cases = county.ask("select count(*) from raw.cases where _state = 'loaded'")
    path.rename(county.path / path.name)
    assert county.materialize(RAW).success
    assert county.ask("select count(*) from quality.files where path = 'hall_cases_202206.csv'") == [(0,)]
    assert county.ask("select count(*) from raw.cases where _state = 'loaded'") < cases


def test_a_bulletin_of_a_past_period_is_rendered_from_what_is_published(county):
    instance = dg.DagsterInstance.ephemeral()
    instance.add_dynamic_partitions("period", ["2022-06", "2019H1"])
    assert "nothing is published" in failure_of(county.render("2022-06", instance))
    assert county.materialize("publication", instance).success
    assert county.render("2022-06", instance).success
    assert (county.home / "bulletins" / "2022-06" / "bulletin.html").exists()
    assert "no figures for period '2019H1'" in failure_of(county.render("2019H1", instance))
    assert not (county.home / "bulletins" / "2019H1").exists()


def test_a_draft_altered_after_rendering_stops_publication(county, monkeypatch):
    def render_and_alter(*arguments):
        headline, page = render_period(*arguments), arguments[-1] / "bulletin.html"
        page.write_text(page.read_text(encoding="utf-8").replace("</button>件", "1</button>件"), encoding="utf-8")
        return headline

    with monkeypatch.context() as patched:
        patched.setattr(publication, "render_period", render_and_alter)
        result = county.materialize("publication")
    assert "prints numbers that are not its figures" in failure_of(result)
    assert {check.check_name: check.passed for check in result.get_asset_check_evaluations()} == {
        "printed_numbers_are_their_figures": False,
        "released_versions_are_as_released": True,
    }
    assert not (county.home / "warehouse.duckdb").exists() and not (county.home / "bulletins").exists()
    assert county.materialize("publication").success


def test_a_corrected_export_renews_every_draft_whose_figures_it_changes(county):
    instance = dg.DagsterInstance.ephemeral()
    assert county.materialize("publication", instance).success
    assert county.render("2022-06", instance).success
    drafts = [county.home / "bulletins" / period / "figures.csv" for period in ("2022H1", "2022-06")]
    before = [path.read_text(encoding="utf-8-sig") for path in drafts]
    export = county.home / "exports" / "township_cases_202206.csv"
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(line for line in lines if not line.startswith("S01,")), encoding="utf-8")
    assert county.materialize(dg.AssetSelection.all() - dg.AssetSelection.assets("bulletin"), instance).success
    after = [path.read_text(encoding="utf-8-sig") for path in drafts]
    assert after[0] != before[0] and after[1] != before[1]
    where = "figure = 'case_volume' and dimension = 'total' and period in ('2022H1', '2022-06') order by period desc"
    published = [value for (value,) in county.ask(f"select value from marts.figures where {where}", published=True)]
    assert [_volume(path) for path in drafts] == published


def _volume(figures: Path) -> float:
    lines = [line.split(",") for line in figures.read_text(encoding="utf-8-sig").splitlines()]
    place = lines[0].index("value")
    (value,) = [float(line[place]) for line in lines if line[1:4] == ["case_volume", "total", "total"]]
    return value
