"""The lake holds what the candidate's ledger holds: one Parquet file an export, written once, gone with its rows.

Rows are made by hand in a small DuckDB file; no Spark is needed. What Spark makes of them is in test_spark.py.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from dagster_project.spark.lake import begin_build, find_builds, write_sources
from dagster_project.spark.results import take_back

PERSON = uuid.UUID(int=7)


@pytest.fixture
def connection(tmp_path):
    (tmp_path / "build").mkdir()
    with duckdb.connect(str(tmp_path / "build" / "candidate.duckdb")) as made:
        made.execute("""
            create schema raw; create schema reference;
            create table raw.cases (case_no varchar, person uuid, _key_hash uinteger, accepted_at timestamp,
                _file_id integer, _record integer, _state varchar);
            create table reference.regions as select '640181' as code;
        """)
        rows = [("a", 1, 1, "loaded"), ("b", 1, 2, "superseded"), ("b", 2, 1, "loaded"), ("c", 3, 1, "loaded")]
        for case_no, file_id, record, state in rows:
            values = [case_no, PERSON, 4_294_967_295, file_id, record, state]
            made.execute("insert into raw.cases values ($1, $2, $3, '2022-06-30 09:00:00.5', $4, $5, $6)", values)
        yield made


def write(connection, home: Path, number: str = "1") -> dict[str, str]:
    """File -> case numbers in it, of raw.cases."""
    build = home / "lake" / number
    write_sources(connection, [("raw", "cases"), ("reference", "regions")], build)
    return {
        path.name: [row[0] for row in connection.execute(f"select case_no from '{path}'").fetchall()]
        for path in sorted((home / "lake" / "raw" / "cases").iterdir())
    }


def test_each_export_has_one_file_of_the_rows_that_count(connection, tmp_path):
    assert [*write(connection, tmp_path).values()] == [["a"], ["b"], ["c"]]
    assert [path.name for path in (tmp_path / "lake" / "1" / "sources").rglob("*.parquet")] == ["rows.parquet"]


def test_a_file_is_written_again_only_if_its_rows_changed(connection, tmp_path):
    before = write(connection, tmp_path)
    times = {name: (tmp_path / "lake" / "raw" / "cases" / name).stat().st_mtime_ns for name in before}
    connection.execute("update raw.cases set accepted_at = '2022-07-01' where _file_id = 2")
    connection.execute("update raw.cases set _state = 'superseded' where _file_id = 3")
    after = write(connection, tmp_path, "2")
    assert [*after.values()] == [["a"], ["b"]]
    kept = before.keys() & after.keys()
    assert len(kept) == 1
    assert all((tmp_path / "lake" / "raw" / "cases" / name).stat().st_mtime_ns == times[name] for name in kept)


def test_spark_is_told_types_that_it_has(connection, tmp_path):
    build = tmp_path / "lake" / "1"
    columns, folder = write_sources(connection, [("raw", "cases")], build)["raw.cases"]
    assert columns == (
        "case_no string, person string, _key_hash bigint, accepted_at timestamp_ntz, _file_id integer, "
        "_record integer, _state string"
    )
    found = connection.execute(f"select distinct person, _key_hash from read_parquet('{folder}/*.parquet')").fetchall()
    assert found == [(str(PERSON), 4_294_967_295)]


def test_facts_become_views_and_the_rest_tables_with_the_contracts_types(connection, tmp_path):
    connection.close()
    build = begin_build(tmp_path)
    column = SimpleNamespace(name="person", data_type="uuid", description="办件人")
    models = [
        SimpleNamespace(
            schema="marts",
            alias=name,
            description=name,
            columns={"person": column},
            config=SimpleNamespace(materialized=kind),
        )
        for name, kind in (("fct", "incremental"), ("dim", "table"), ("seen", "view"))
    ]
    candidate = tmp_path / "build" / "candidate.duckdb"
    with duckdb.connect(str(candidate)) as again:
        again.execute("create schema marts; create table marts.fct as select 1 as former")
        for name in ("fct", "dim"):
            (build / "marts.db" / name).mkdir(parents=True)
            again.execute(f"copy (select '{PERSON}' as person) to '{build}/marts.db/{name}/part.parquet'")
        take_back(again, models, build)
        kinds = "select table_name, table_type from information_schema.tables where table_schema = 'marts' order by 1"
        assert again.execute(kinds).fetchall() == [("dim", "BASE TABLE"), ("fct", "VIEW")]
        assert again.execute("from marts.fct").fetchall() == again.execute("from marts.dim").fetchall() == [(PERSON,)]
        comments = "select distinct comment from duckdb_columns() where schema_name = 'marts'"
        assert again.execute(comments).fetchall() == [("办件人",)]
    assert find_builds(candidate) == {"1"}
    assert [begin_build(tmp_path).name for _ in range(2)] == ["2", "3"]
    assert {path.name for path in (tmp_path / "lake").iterdir()} == {"1", "3"}
