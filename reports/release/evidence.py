"""What a released version was rendered from, kept beside it: the tables that bulletins read, and the office's text.

`keep_evidence` writes the folder evidence/ of a version; `open_evidence` gives a warehouse and a jurisdiction made of
it, from which the version can be rendered again whatever the published warehouse holds by then. No row of a case is in
it: of the facts it keeps how many there were.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from reports.release.folder import EVIDENCE

# table -> which of its rows; those of other periods are in charts of several periods
_TABLES = {
    "marts.dim_date": "",
    "marts.dim_periods": "",
    "marts.dimension_definitions": "",
    "marts.dimension_members": "",
    "marts.figure_definitions": "",
    "marts.figure_dimensions": "",
    "marts.figure_parts": "where period = $period",
    "marts.figure_proofs": "where period = $period",
    "marts.figures": "",
    "marts.figures_absent": "",
    "marts.revisions": "where period = $period order by rowid",
    "quality.accepted": "",
    "quality.checks": "",
    "quality.files": "",
    "reference.check_tunings": "",
    "reference.jurisdiction": "",
    "reference.sources": "",
}
_SIZES = "fact_rows"
_RELATIONS = "select table_schema, table_name from information_schema.tables"


def keep_evidence(connection: duckdb.DuckDBPyConnection, jurisdiction: Path, period: str, version: Path) -> None:
    """Write <version>/evidence: a Parquet file a table, and the files of `jurisdiction` that a bulletin reads."""
    folder = version / EVIDENCE
    (folder / "bulletin").mkdir(parents=True)
    for name in ("jurisdiction.yaml", "bulletin/template.md", f"bulletin/{period}.md"):
        if (jurisdiction / name).is_file():
            shutil.copyfile(jurisdiction / name, folder / name)
    there = {f"{schema}.{table}" for schema, table in connection.execute(_RELATIONS).fetchall()}
    for table in _TABLES.keys() & there:
        query = f"select * from {table} {_TABLES[table]}".replace("$period", f"'{period}'")
        order = "" if "order by" in query else " order by all"
        connection.execute(f"copy ({query}{order}) to '{folder / table}.parquet' (format parquet)")
    facts = sorted(name for name in there if name.startswith("marts.fct_"))
    sizes = " union all ".join(f"select '{name}' as name, count(*) as n from {name}" for name in facts)
    if facts:
        connection.execute(f"copy ({sizes} order by name) to '{folder / _SIZES}.parquet' (format parquet)")


@contextmanager
def open_evidence(version: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A warehouse in memory and a jurisdiction's folder, from which `version` was rendered. Raises duckdb.Error."""
    folder = version / EVIDENCE
    with duckdb.connect() as connection:
        for schema in ("marts", "quality", "reference"):
            connection.execute(f"create schema {schema}")
        for table in _TABLES:
            if (folder / f"{table}.parquet").is_file():
                query = f"create table {table} as select * from read_parquet($1)"
                connection.execute(query, [f"{folder}/{table}.parquet"])
        if (folder / f"{_SIZES}.parquet").is_file():
            sizes = connection.execute("from read_parquet($1)", [f"{folder}/{_SIZES}.parquet"]).fetchall()
            for name, count in sizes:
                connection.execute(f"create view {name} as select 1 from range({count})")
        yield connection, folder
