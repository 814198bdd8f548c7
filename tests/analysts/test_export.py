"""`tongbao export` writes every mart as Parquet, and a data package by the rules of Frictionless Data; read by DuckDB.

The rules are those of the Data Package, Data Resource and Table Schema 1.0, written out here, so that the test needs
neither network nor the library. It asserts rows, types, sums, keys, units, and that the same file gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from dagster_project.cli.main import main

# type of Parquet, as DuckDB reads it -> type of Table Schema
TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "DOUBLE": "number",
    "INTEGER": "integer",
    "BIGINT": "integer",
}


@pytest.fixture(scope="module")
def exported(analysts, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "package"
    assert export(analysts, folder).exit_code == 0
    return folder


def export(home: Path, folder: Path, *options: str) -> Result:
    environment = {"TONGBAO_HOME": str(home), "TONGBAO_JURISDICTION": str(home / "county")}
    return CliRunner().invoke(main, ["export", str(folder), *options], env=environment)


@pytest.fixture(scope="module")
def package(exported) -> dict:
    return json.loads((exported / "datapackage.json").read_text("utf-8"))


def test_the_package_says_whose_data_under_which_licence(package):
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"]) and package["profile"] == "data-package"
    assert package["licenses"] == [{"name": "other-closed", "title": package["licenses"][0]["title"]}]
    assert package["version"] == "2022-07-31"  # the last day of the files: indicators_202207.csv
    assert "样例县" in package["title"] and all(source["title"] for source in package["sources"])


def test_each_resource_is_a_file_with_its_sum(exported, package):
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len({*names}) > 20
    assert {path.name for path in exported.iterdir()} == {f"{name}.parquet" for name in names} | {"datapackage.json"}
    for resource in package["resources"]:
        content = (exported / resource["path"]).read_bytes()
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"].replace("_", "-"))
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_fields_are_those_of_the_files(exported, package):
    for resource in package["resources"]:
        described = duckdb.sql(f"describe from '{exported / resource['path']}'").fetchall()
        fields = resource["schema"]["fields"]
        assert [(f["name"], f["type"]) for f in fields] == [(name, TYPES[kind]) for name, kind, *_ in described]
        assert all(field["title"] and field["description"] for field in fields)


def test_every_row_is_there_and_keys_are_unique(analysts, exported, package):
    with duckdb.connect(str(analysts / "warehouse.duckdb"), read_only=True) as connection:
        for resource in package["resources"]:
            file = f"'{exported / resource['path']}'"
            (there,) = connection.execute(f"select count(*) from marts.{resource['name']}").fetchone()
            assert duckdb.sql(f"select count(*) from {file}").fetchall() == [(there,)]
            if key := resource["schema"].get("primaryKey"):
                distinct = f"select count(*) from (select distinct {', '.join(key)} from {file})"
                assert duckdb.sql(distinct).fetchall() == [(there,)]
    keyed = [resource["name"] for resource in package["resources"] if "primaryKey" in resource["schema"]]
    assert {"fct_cases", "figures", "dim_date"} <= {*keyed}


@pytest.mark.parametrize(
    ("table", "column", "unit"),
    [
        ("fct_cases", "counted_working_days", "working day"),
        ("fct_overdue_items", "days_over", "day"),
        ("fct_cases", "report_count", "1"),
        ("fct_cases", "limit_length", "column limit_unit"),
        ("figures", "value", "column unit"),
        ("fct_cases", "is_early", None),
    ],
)
def test_the_unit_of_a_column(package, table, column, unit):
    (resource,) = (resource for resource in package["resources"] if resource["name"] == table)
    (field,) = (field for field in resource["schema"]["fields"] if field["name"] == column)
    assert field.get("unit") == unit


def test_pseudonyms_are_left_out_unless_asked_for(analysts, exported, tmp_path):
    columns = "select name from parquet_schema('{}') where name = 'applicant_key'"
    assert duckdb.sql(columns.format(exported / "fct_cases.parquet")).fetchall() == []
    assert export(analysts, tmp_path / "b", "--table", "fct_cases", "--with-pseudonyms").exit_code == 0
    assert duckdb.sql(columns.format(tmp_path / "b" / "fct_cases.parquet")).fetchall() == [("applicant_key",)]


def test_the_same_file_gives_the_same_bytes(analysts, exported, tmp_path):
    assert export(analysts, tmp_path / "again").exit_code == 0
    for path in exported.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_an_unknown_table_and_a_folder_that_is_there_are_refused(analysts, tmp_path):
    refused = export(analysts, tmp_path / "c", "--table", "cases")
    assert refused.exit_code == 2 and "fct_cases" in refused.output
    assert "is there already" in export(analysts, tmp_path).output
    assert [*tmp_path.iterdir()] == []
