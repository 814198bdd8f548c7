"""Which columns each column of a model is made of, as Dagster's column lineage.

`column_lineage.json` holds it, so that the catalogue shows it before the first run and no run pays the 4 s of CPU that
reading all SQL takes. `python -m dagster_project.catalogue.lineage` writes the file again from a home whose models were
built in full; a test compares it with the models.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

FILE = Path(__file__).with_name("column_lineage.json")
Lineage = dict[str, dict[str, list[str]]]
"""Model -> column -> the columns that it is made of, as 'schema.table.column'."""


def describe_lineage(model: str, keys: Mapping[str, dg.AssetKey]) -> dg.TableColumnLineage | None:
    """The lineage of a model's columns; None if it reads no table. `keys`: 'schema.table' -> asset."""
    columns = {
        column: [
            dg.TableColumnDep(asset_key=keys[table], column_name=name)
            for table, _, name in (source.rpartition(".") for source in sources)
            if table in keys
        ]
        for column, sources in _read_file().get(model, {}).items()
    }
    return dg.TableColumnLineage(deps_by_column=columns) if any(columns.values()) else None


def find_lineage(compiled: Path, tables: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Lineage:
    """The lineage of each model in `compiled`, dbt's folder; `tables`: schema -> table -> column -> type."""
    return {
        path.stem: dict(_lineage_of(path.read_text(encoding="utf-8"), tables))
        for path in sorted(compiled.rglob("*.sql"))
        if path.parent.suffix != ".yml"  # tests
    }


def _lineage_of(sql: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    from sqlglot import exp, parse_one
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    # dbt writes the candidate's name before each table; the schema below has to be as deep
    schema = {"candidate": tables}
    query = qualify(parse_one(sql, dialect="duckdb"), dialect="duckdb", schema=schema, validate_qualify_columns=False)
    scope = build_scope(query)
    for column in query.selects:
        root = lineage(column.alias_or_name, query, schema, scope=scope, dialect="duckdb", copy=False)
        leaves = [node for node in root.walk() if isinstance(node.source, exp.Table) and not node.downstream]
        names = {(leaf.source.db, leaf.source.name, leaf.name.rpartition(".")[2].strip('"')) for leaf in leaves}
        yield column.alias_or_name, sorted(".".join(name) for name in names if name[0] and name[2] != "*")


@cache
def _read_file() -> Lineage:
    return json.loads(FILE.read_text(encoding="utf-8"))


def main() -> None:
    """Write the file from the home that is the argument, after `tongbao run` on it."""
    import duckdb

    home = Path(sys.argv[1])
    tables: dict[str, dict[str, dict[str, str]]] = {}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        columns = "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        for schema, table, column, kind in connection.execute(columns).fetchall():
            tables.setdefault(schema, {}).setdefault(table, {})[column] = kind
    # what a delta works on is dropped before publication, so dbt's YAML says which columns it has
    (manifest,) = (home / "dbt").glob("manifest-*.json")
    for node in json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values():
        if node["resource_type"] == "model" and node["columns"]:
            columns = {column["name"]: column["data_type"] or "varchar" for column in node["columns"].values()}
            tables.setdefault(node["schema"], {}).setdefault(node["name"], columns)
    found = find_lineage(home / "build" / "dbt" / "compiled" / "tongbao" / "models", tables)
    FILE.write_text(write_lineage(found), encoding="utf-8")


def write_lineage(found: Lineage) -> str:
    """As the file holds it: a line a column."""
    models = [
        f"{json.dumps(model)}: {{\n  "
        + ",\n  ".join(f"{json.dumps(column)}: {json.dumps(sources)}" for column, sources in columns.items())
        + "\n}"
        for model, columns in sorted(found.items())
    ]
    return "{\n" + ",\n".join(models) + "\n}\n"


if __name__ == "__main__":
    main()
