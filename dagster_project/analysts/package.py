"""Exports the marts as Parquet files with a Frictionless data package, for those who have no DuckDB.

It takes a connection to the published file and writes `<name>.parquet` a table or view, and `datapackage.json`: titles
and meanings in both languages, types, units, keys, licence, size and SHA-256 of each file. The same warehouse gives the
same bytes. Pseudonyms of persons are left out unless they are asked for.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.analysts.dictionary import Column, Table, list_tables
from ingest.sql import quote_literal

LICENCES = {
    "other-closed": ("未公开，由主管部门决定 · not public: the bureau decides who may use it", None),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-BY-1.0": ("Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
}
# beginning of DuckDB's type -> type of Frictionless' table schema
_TYPES = {
    "varchar": "string",
    "uuid": "string",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "time": "time",
    "double": "number",
    "float": "number",
    "decimal": "number",
    "integer": "integer",
    "bigint": "integer",
    "hugeint": "integer",
    "smallint": "integer",
    "uinteger": "integer",
    "ubigint": "integer",
}
# the unit that a column's name tells, by the grammar of names; the first that fits
_UNITS = (
    (r"working_days", "working day"),
    (r"(^|_)days(_|$)", "day"),
    (r"_(rate|share)$", "1"),
    (r"(_count|^times|^places_gained|^visits)$", "1"),
    (r"^limit_length$", "column limit_unit"),
    (r"^(promised|legal)_limit$", "column promised_unit or legal_unit"),
    (r"^(value|numerator|denominator|previous_value|year_ago_value|gap_to_leader)$", "column unit"),
    (r"^(old_value|new_value)$", "marts.figure_definitions.unit"),
)
_KEYS = {
    "dim_date": ["date_on"],
    "dim_items": ["item_code"],
    "dim_periods": ["period"],
    "dim_sources": ["source"],
    "fct_cases": ["case_key"],
    "fct_overdue_items": ["case_key"],
    "fct_case_pauses": ["case_key", "pause_no"],
    "fct_certificates": ["certificate_id"],
    "fct_evaluations": ["source_system", "evaluation_no"],
    "figure_definitions": ["figure"],
    "figures": ["period", "figure", "dimension", "member"],
    "figures_absent": ["period", "figure", "dimension", "member"],
}


def list_marts(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    """The tables and views that can be exported."""
    return [table for table in list_tables(connection, ("marts",)) if not table.is_macro]


def export_tables(
    connection: duckdb.DuckDBPyConnection, tables: list[Table], folder: Path, *, licence: str, with_pseudonyms: bool
) -> None:
    """Write the Parquet file of each table, then datapackage.json, into the empty `folder`; raises OSError."""
    resources = []
    for table in tables:
        columns = [column for column in table.columns if with_pseudonyms or column.type != "uuid"]
        path = folder / f"{table.name}.parquet"
        listed = ", ".join(f'"{column.name}"' for column in columns)
        connection.execute(
            f'copy (select {listed} from marts."{table.name}" order by all) to {quote_literal(str(path))} '
            "(format parquet, compression zstd)"
        )
        resources.append(_describe(table, columns, path))
    package = _describe_package(connection, licence) | {"resources": resources}
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def _describe_package(connection: duckdb.DuckDBPyConnection, licence: str) -> dict[str, Any]:
    code, name = connection.execute("select code, name from reference.jurisdiction").fetchone()
    day, is_synthetic = connection.execute(
        "select cast(max(covers_until) as varchar), bool_or(is_synthetic) from quality.files where verdict = 'loaded'"
    ).fetchone()
    sources = connection.execute("select name from marts.dim_sources order by source").fetchall()
    title, address = LICENCES[licence]
    return {
        "profile": "data-package",
        "name": f"tongbao-{code}".lower(),
        "title": f"{name}政务服务数据 · government services of {name}"
        + ("（合成数据 · synthetic）" if is_synthetic else ""),
        "version": day,
        "licenses": [{"name": licence, "title": title} | ({"path": address} if address else {})],
        "sources": [{"title": source} for (source,) in sources],
    }


def _describe(table: Table, columns: list[Column], path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    schema: dict[str, Any] = {"fields": [_describe_field(column) for column in columns]}
    if table.name in _KEYS:
        schema["primaryKey"] = _KEYS[table.name]
    return {
        "profile": "data-resource",
        "name": table.name,
        "path": path.name,
        "title": table.about.zh,
        "description": table.about.en,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": schema,
    }


def _describe_field(column: Column) -> dict[str, Any]:
    kind = _TYPES[re.match("[a-z]+", column.type).group()]
    field = {"name": column.name, "type": kind, "title": column.about.zh, "description": column.about.en}
    if column.type == "uuid":
        field["format"] = "uuid"
    unit = next((unit for pattern, unit in _UNITS if re.search(pattern, column.name)), None)
    return field | ({"unit": unit} if unit and kind in ("integer", "number") else {})
