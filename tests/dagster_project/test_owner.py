"""A home belongs to one jurisdiction: whose it is, who is refused, and what a moved home or folder needs.

Homes are folders with a record or with a warehouse of one table. It asserts the folder that is taken and the sentence
that refuses another; what a run counts is tested elsewhere.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from click.testing import CliRunner

from dagster_project import definitions, owner, settings
from dagster_project.cli.main import main
from dagster_project.owner import find_jurisdiction, record_owner
from dagster_project.settings import Unusable
from reports.figures.owner import OtherJurisdiction, check_owner
from tests.dagster_project.small_county import failure_of, make_county

LINGWU = settings.PROJECT / "jurisdictions" / "lingwu"
OTHER = settings.PROJECT / "tests" / "county"  # 测试县 (640000)
COMMANDS = [
    *(["run"], ["replay"], ["check"], ["quarantine"], ["status"], ["discard"], ["verify"]),
    *(
        ["bulletin", "2022H1"],
        ["release", "2022H1"],
        ["preview", "2022H1"],
        ["sql", "select 1"],
        ["inspect", "select 1"],
    ),
]


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    path = tmp_path / "home"
    monkeypatch.setenv("TONGBAO_HOME", str(path))
    monkeypatch.delenv("TONGBAO_JURISDICTION", raising=False)
    return path


def publish_for(home: Path, name: str, code: str) -> None:
    home.mkdir(exist_ok=True)
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(
            f"create schema reference; create table reference.jurisdiction as select '{code}' as code, '{name}' as name"
        )


def refusal(*arguments: str) -> str:
    outcome = CliRunner().invoke(main, [*arguments])
    assert isinstance(outcome.exception, Unusable), (outcome.output, outcome.exception)
    return str(outcome.exception)


def why_refused(result: dg.ExecuteInProcessResult) -> str:
    """The message of the resource that refused the run."""
    (event,) = [e for e in result.all_events if e.event_type == dg.DagsterEventType.RESOURCE_INIT_FAILURE]
    error = event.event_specific_data.error
    while error.cause:
        error = error.cause
    return error.message.split("Failure: ")[1]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_in_a_new_home_each_command_asks_whose_it_is_and_makes_nothing(home, command):
    said = refusal(*command)
    assert f"{home} belongs to no jurisdiction yet" in said and "lingwu" in said and "TONGBAO_JURISDICTION" in said
    assert not home.exists()


@pytest.mark.parametrize("command", [*COMMANDS, ["sample"]], ids=" ".join)
def test_each_command_refuses_another_jurisdiction_than_the_homes(home, monkeypatch, command):
    home.mkdir()
    record_owner(home, LINGWU)
    monkeypatch.setenv("TONGBAO_JURISDICTION", str(OTHER))
    said = refusal(*command)
    assert "测试县 (640000)" in said and "belongs to 灵武市 (640181)" in said and "\n" not in said


def test_the_home_knows_its_jurisdiction_after_the_first_run(home):
    home.mkdir()
    record_owner(home, OTHER)
    assert find_jurisdiction(home) == OTHER
    assert find_jurisdiction(home, default="lingwu") == OTHER
    with pytest.raises(Unusable, match=r"belongs to 测试县 \(640000\)"):
        record_owner(home, LINGWU)
    assert json.loads((home / "jurisdiction.json").read_text("utf-8"))["code"] == "640000"


def test_a_home_without_record_belongs_to_the_jurisdiction_of_its_warehouse(home, monkeypatch):
    publish_for(home, "灵武市", "640181")
    assert find_jurisdiction(home) == LINGWU
    monkeypatch.setenv("TONGBAO_JURISDICTION", str(OTHER))
    assert "belongs to 灵武市" in refusal("bulletin", "2022H1")
    with pytest.raises(Unusable, match="belongs to 灵武市"):
        record_owner(home, OTHER)


def test_a_moved_home_and_a_moved_checkout_still_know_each_other(home, tmp_path, monkeypatch):
    home.mkdir()
    record_owner(home, LINGWU)
    assert json.loads((home / "jurisdiction.json").read_text("utf-8"))["folder"] == "lingwu"
    moved, elsewhere = tmp_path / "moved", tmp_path / "checkout" / "jurisdictions"
    home.rename(moved)
    shutil.copytree(LINGWU, elsewhere / "lingwu")
    monkeypatch.setattr(owner, "JURISDICTIONS", elsewhere)
    assert find_jurisdiction(moved) == elsewhere / "lingwu"
    (elsewhere / "lingwu").rename(elsewhere / "lingwu_2023")
    (elsewhere / "broken").mkdir()
    (elsewhere / "broken" / "jurisdiction.yaml").write_text("name: [", "utf-8")
    assert find_jurisdiction(moved) == elsewhere / "lingwu_2023"


def test_a_folder_that_was_moved_away_is_asked_for_and_remembered(home, tmp_path, monkeypatch):
    home.mkdir()
    first, second = tmp_path / "county", tmp_path / "counties" / "one"
    shutil.copytree(OTHER, first)
    record_owner(home, first)
    shutil.move(first, second)
    with pytest.raises(
        Unusable, match=r"belongs to 测试县 \(640000\), but neither .*county nor .* set TONGBAO_JURISDICTION"
    ):
        find_jurisdiction(home)
    monkeypatch.setenv("TONGBAO_JURISDICTION", str(second))
    record_owner(home, find_jurisdiction(home))
    monkeypatch.delenv("TONGBAO_JURISDICTION")
    assert find_jurisdiction(home) == second


def test_a_folder_whose_code_became_anothers_is_not_taken(home, tmp_path):
    home.mkdir()
    county = tmp_path / "county"
    shutil.copytree(OTHER, county)
    record_owner(home, county)
    path = county / "jurisdiction.yaml"
    path.write_text(path.read_text("utf-8").replace("640000", "640001"), "utf-8")
    with pytest.raises(Unusable, match="belongs to 测试县"):
        find_jurisdiction(home)


def test_a_record_that_is_no_record_is_named(home):
    home.mkdir()
    (home / "jurisdiction.json").write_text("{}", "utf-8")
    with pytest.raises(Unusable, match=r"jurisdiction\.json: can't be read"):
        find_jurisdiction(home)


def test_only_the_sample_takes_lingwu_by_itself_and_only_where_no_export_lies(home):
    said = CliRunner().invoke(main, ["sample", "--scale", "0.01"])
    assert said.exit_code == 0, said.output
    assert find_jurisdiction(home) == LINGWU
    (home / "jurisdiction.json").unlink()
    assert "already holds files" in CliRunner().invoke(main, ["sample"]).output
    assert not (home / "jurisdiction.json").exists()


def test_a_jurisdiction_without_sample_says_so(home, monkeypatch):
    monkeypatch.setenv("TONGBAO_JURISDICTION", str(OTHER))
    outcome = CliRunner().invoke(main, ["sample"])
    assert outcome.exit_code == 1 and "has no sample.yaml" in outcome.output
    assert not home.exists()


def test_dagster_shows_a_home_without_jurisdiction_and_refuses_its_runs(home):
    loaded = definitions.defs()
    with dg.DagsterInstance.ephemeral() as instance:
        result = loaded.resolve_job_def("daily").execute_in_process(instance=instance, raise_on_error=False)
        assert why_refused(result).startswith(f"{home} belongs to no jurisdiction yet: set TONGBAO_JURISDICTION")
    assert not (home / "jurisdiction.json").exists()


def test_a_run_records_the_jurisdiction_and_refuses_another(tmp_path):
    county = make_county(tmp_path)
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("period", ["2022H1"])
        result = county.render("2022H1", instance)
        assert "nothing is published yet" in failure_of(result)
        assert find_jurisdiction(county.home) == county.jurisdiction
        path = county.jurisdiction / "jurisdiction.yaml"
        path.write_text(path.read_text("utf-8").replace("990001", "990002"), "utf-8")
        result = county.render("2022H1", instance)
    assert "is 样例县 (990002), but" in why_refused(result)


def test_the_words_of_another_jurisdiction_are_refused_by_its_code(home):
    publish_for(home, "灵武市", "640181")
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        check_owner(connection, LINGWU)
        with pytest.raises(
            OtherJurisdiction, match=r"is 测试县 \(640000\), but this warehouse holds 灵武市 \(640181\)"
        ):
            check_owner(connection, OTHER)
