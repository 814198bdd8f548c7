"""Which columns each column of a model is made of, as Dagster's column lineage.

`column_lineage.json` holds it, so that the catalogue shows it before the first run and no run pays the 4 s of CPU that
reading all SQL takes. `python -m dagster_project.catalogue.lineage HOME` writes the file again from a home whose models
were built and not yet published, which keeps the relations of a delta. A test compares it with the models.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

_MOST_NAMED = 4
_OF_A_COUNTY = {"fig_own", "int_own_days", "int_own_stocks"}  # made of what its figures.yaml asks for
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


def find_lineage(home: Path, database: Path) -> Lineage:
    """The lineage of each model as dbt compiled it in `home` for a full build; `database` holds what was built."""
    import duckdb

    tables: dict[str, dict[str, dict[str, str]]] = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        for schema, table, column, kind in connection.execute(columns).fetchall():
            tables.setdefault(schema, {}).setdefault(table, {})[column] = kind
    models = home / "build" / "dbt" / "compiled" / "tongbao" / "models"
    return {
        path.stem: dict(_lineage_of(path.read_text(encoding="utf-8"), tables))
        for path in sorted(models.rglob("*.sql"))
        if path.parent.suffix != ".yml" and path.stem not in _OF_A_COUNTY  # the former are tests
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


def write_sources(model: str, column: str) -> str:
    """What a column is made of, for its description: the free UI keeps Dagster's column lineage but doesn't draw it."""
    sources = [source.partition(".")[2] for source in _read_file().get(model, {}).get(column, [])]
    more = f" +{len(sources) - _MOST_NAMED}" if len(sources) > _MOST_NAMED else ""
    return f" ← {', '.join(sources[:_MOST_NAMED])}{more}" if sources else ""


@cache
def _read_file() -> Lineage:
    return json.loads(FILE.read_text(encoding="utf-8"))


def main() -> None:
    """Write the file from the home that is the argument, whose candidate holds a full build."""
    home = Path(sys.argv[1])
    FILE.write_text(write_lineage(find_lineage(home, home / "build" / "candidate.duckdb")), encoding="utf-8")


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
