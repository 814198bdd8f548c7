"""A setting or an argument that leads nowhere is refused at once, plainly, with exit code 2."""

import os
import subprocess
import sys

import duckdb
import pytest

from dagster_project.settings import is_period
from dagster_project.terminal.period import complete_period


def refused(*arguments: str, **environment: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "dagster_project.cli.main", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_an_unknown_jurisdiction_is_refused_with_those_that_there_are(tmp_path):
    said = refused("run", TONGBAO_JURISDICTION="lingwv", TONGBAO_HOME=str(tmp_path))
    assert (
        "TONGBAO_JURISDICTION=lingwv" in said
        and "there are: example-city, example-province, hotline-county, lingwu" in said
    )


def test_a_home_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    assert "TONGBAO_HOME" in refused("run", TONGBAO_JURISDICTION="lingwu", TONGBAO_HOME=str(tmp_path / "file" / "home"))


@pytest.mark.parametrize("command", [["run", "--period"], ["bulletin"], ["preview"], ["release"]])
def test_a_misspelt_period_is_refused_before_anything_begins(tmp_path, command):
    assert "'2022-6' is no period" in refused(*command, "2022-6", TONGBAO_HOME=str(tmp_path / "home"))
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", [["init", "new"], ["check"]])
def test_exports_are_a_folder_that_is_there(tmp_path, command):
    (tmp_path / "file").touch()
    for exports, why in (("nowhere", "does not exist"), ("file", "is a file")):
        home = {"TONGBAO_HOME": str(tmp_path / "home"), "TONGBAO_JURISDICTION": "lingwu"}
        assert why in refused(*command, "--from", str(tmp_path / exports), **home)


def test_a_sample_of_an_impossible_size_is_refused(tmp_path):
    home = str(tmp_path / "home")
    assert "not in the range" in refused("sample", "--scale", "0.005", TONGBAO_HOME=home, TONGBAO_JURISDICTION="lingwu")


@pytest.mark.parametrize("key", ["2022", "2022-06", "2022Q4", "2022H2"])
def test_what_is_written_as_a_period(key):
    assert is_period(key)


@pytest.mark.parametrize("key", ["2022-13", "2022-6", "2022Q5", "2022H3", "2022h1", "2022H1\n", ""])
def test_what_is_not(key):
    assert not is_period(key)


def test_tab_completes_published_periods_the_newest_first(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGBAO_HOME", str(tmp_path))
    assert complete_period(None, None, "2022") == []  # nothing is published
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("""
            create schema marts;
            create table marts.dim_periods as from (values
                ('2022-05', '2022年5月', date '2022-05-31'), ('2022H1', '2022年上半年', date '2022-06-30'),
                ('2021', '2021年', date '2021-12-31')
            ) as periods(period, name, ends_on)
        """)
    assert [(item.value, item.help) for item in complete_period(None, None, "2022")] == [
        ("2022H1", "2022年上半年"),
        ("2022-05", "2022年5月"),
    ]
