"""Tests that `tongbao sql` and `inspect` read one file and nothing else, and `discard` deletes the candidate only.

A file of one table takes the place of the warehouse. It asserts answers, refusals and exit codes.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from dagster_project.cli.main import main


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    (tmp_path / "build").mkdir()
    for name, value in (("warehouse.duckdb", 1), ("build/candidate.duckdb", 2)):
        with duckdb.connect(str(tmp_path / name)) as connection:
            connection.execute(f"create table told as select {value} as value")
    monkeypatch.setenv("TONGBAO_HOME", str(tmp_path))
    monkeypatch.setenv("TONGBAO_JURISDICTION", "lingwu")
    return tmp_path


def answer(*arguments: str, expect: int = 0) -> str:
    done = CliRunner().invoke(main, [*arguments])
    assert done.exit_code == expect, done.output
    return done.output


def test_each_command_asks_its_own_file(home):
    assert answer("sql", "from told", "--csv") == "value\n1\n"
    assert answer("inspect", "from told", "--csv") == "value\n2\n"


def test_rows_as_json_bear_the_names_of_columns(home):
    query = "select value, date '2022-06-30' as day_on, null as nothing, '买尔旦' as name from told"
    for command, value in (("sql", 1), ("inspect", 2)):
        assert json.loads(answer(command, query, "--json")) == [
            {"value": value, "day_on": "2022-06-30", "nothing": None, "name": "买尔旦"}
        ]
    assert answer("sql", "from told where false", "--json") == "[]\n"


@pytest.mark.parametrize("command", ["sql", "inspect"])
@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{secret}')",
        "select * from read_text('{secret}')",
        "copy told to '{written}'",
        "attach '{written}' as other",
        "set enable_external_access = true",
        "insert into told values (3)",
        "create table other as select 1",
        "select * from '{secret}'",
        "select * from read_blob('{secret}')",
        "select * from read_json('{secret}')",
        "select * from read_parquet('{secret}')",
        "select * from read_csv_auto('{secret}')",
        "select * from sniff_csv('{secret}')",
        "select * from glob('{secret}')",
        "select * from query('select * from read_text(''{secret}'')')",
        "select getenv('HOME')",
        "copy (select 1) to '{written}'",
        "copy told from '{secret}'",
        "export database '{written}'",
        "import database '{written}'",
        "attach 'https://127.0.0.1/a.duckdb' as other",
        "select * from 'https://127.0.0.1/a.csv'",
        "install httpfs",
        "load httpfs",
        "load '{secret}'",
        "create secret (type s3)",
        "create or replace persistent secret a (type http, bearer_token 'b')",
        "set lock_configuration = false",
        "set allowed_directories = ['/']",
        "reset enable_external_access",
        "pragma enable_logging",
        "set temp_directory = '{written}'",
        "set extension_directory = '{written}'",
        "set log_query_path = '{written}'",
        "update told set value = 3",
        "delete from told",
        "drop table told",
        "alter table told add column b integer",
        "create view other as select 1",
        "from told; copy told to '{written}'",
    ],
)
def test_a_query_reaches_neither_disk_nor_settings_nor_rows(home, command, query):
    secret, written = home / "secret.csv", home / "written.csv"
    secret.write_text("name\n买尔旦江\n", encoding="utf-8")
    said = answer(command, query.format(secret=secret, written=written), expect=1)
    assert "买尔旦江" not in said and "Traceback" not in said
    assert not written.exists()


def test_discard_deletes_the_candidate_and_nothing_that_is_published(home):
    assert "deleted" in answer("discard")
    assert not (home / "build" / "candidate.duckdb").exists()
    assert answer("sql", "from told", "--csv") == "value\n1\n"
    assert "there was no candidate" in answer("discard")
    assert "there is no candidate" in answer("inspect", "from told", expect=1)


def test_facts_in_the_lake_can_be_read_and_not_written(home):
    lake = home / "lake"
    lake.mkdir()
    (home / "beside.parquet").touch()
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(f"copy (select 7 as value) to '{lake}/facts.parquet'")
        connection.execute(f"create view facts as from read_parquet('{lake}/*.parquet')")
    assert answer("sql", "from facts", "--csv") == "value\n7\n"
    for query in (f"copy (select 8 as value) to '{lake}/more.parquet'", f"export database '{lake}/more'"):
        assert "write files" in answer("sql", query, expect=1)
    assert "disabled by configuration" in answer("sql", f"from '{home}/beside.parquet'", expect=1)
    assert [path.name for path in lake.iterdir()] == ["facts.parquet"]
