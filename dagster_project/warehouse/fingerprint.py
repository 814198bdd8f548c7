"""Decides what dbt has to do (test, build a delta, build all) from a fingerprint of what the models are built of.

A fingerprint has two hashes: one over models, checks, configuration, reference tables and tools, one over the loaded
files. The warehouse keeps the fingerprint of the last build in `quality.built`; `choose_command` compares it with
today's.
This module doesn't run dbt, and it doesn't choose the rows of a delta: dbt/models/intermediate/delta does.
"""

import hashlib
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path

from duckdb import DuckDBPyConnection

from dagster_project.settings import engine
from ingest.rows.changes import clear_changes
from ingest.sql import create_table

# With fewer rows than this in `raw`, every change rebuilds all models, because a delta saves little.
# Measured with all tests (python -m benchmarks.warehouse): with 0.5, 1 and 3.5 million cases of 1.5 rows each, a full
# build takes 14, 16 and 31 s of CPU, a delta of 6,000 rows 10, 10 and 13 s. At 2 million cases a full build takes twice
# as long as a delta.
FULL_BUILD_ROWS = 3_000_000
_MADE_BY = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations")
_NOT_SOURCE = {"target", "logs", "bulletin", "__pycache__"}
_BUILT = {
    "made_of": ("varchar", "构成指纹 · sha256 over models, checks, configuration, reference tables and tools"),
    "built_from": ("varchar", "数据指纹 · sha256 over the loaded files of the ledger"),
    "release": ("varchar", "软件版本 · the release of Tongbao that built them"),
}


@dataclass(frozen=True)
class Fingerprint:
    """`made_of`: sha256 over models, configuration and tools; `built_from`: over loaded files."""

    made_of: str
    built_from: str


def hash_inputs(connection: DuckDBPyConnection, *folders: Path) -> Fingerprint:
    """What the models would be built of now: the source files in `folders`, schema `reference`, and the ledger."""
    made_of = hashlib.sha256(" ".join([engine(), *(version(name) for name in _MADE_BY)]).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not _NOT_SOURCE & {*path.relative_to(folder).parts}:
                made_of.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    # hash the reference tables too: a new release of chinesecalendar can change the calendar without any file changing
    tables = "select table_name from duckdb_tables() where schema_name = 'reference' order by 1"
    for (name,) in connection.execute(tables).fetchall():
        content = f"select string_agg(t::varchar, chr(10) order by t::varchar) from reference.{name} as t"
        made_of.update(f"{name}\0{connection.execute(content).fetchone()[0]}\0".encode())
    built_from = hashlib.sha256()
    # hash the run too: when a file is read again, for a changed mapping say, the same bytes become other rows
    loaded = "select path, sha256, run_id from quality.files where verdict = 'loaded' order by all"
    for row in connection.execute(loaded).fetchall():
        built_from.update("\0".join(map(str, row)).encode() + b"\0")
    return Fingerprint(made_of.hexdigest(), built_from.hexdigest())


def choose_command(connection: DuckDBPyConnection, now: Fingerprint) -> list[str]:
    """dbt's command and options: test if nothing changed; build a delta if only files changed and there are more rows
    than FULL_BUILD_ROWS; else build everything.
    """
    exists = "select 1 from duckdb_columns() where schema_name = 'quality' and column_name = 'made_of'"
    if connection.execute(exists).fetchall():
        for built in connection.execute("select made_of, built_from from quality.built").fetchall():
            if built == astuple(now):
                return ["test"]
            if built[0] == now.made_of and _raw_rows(connection) > FULL_BUILD_ROWS:
                return ["build"]
    return ["build", "--full-refresh"]


def record_build(connection: DuckDBPyConnection, fingerprint: Fingerprint) -> None:
    """Write what the models were built of into `quality.built`, and clear the changes that they now contain."""
    connection.execute("drop table if exists quality.built")
    create_table(connection, "quality.built", "模型构建指纹 · what the models were built of, one row", _BUILT)
    connection.execute("insert into quality.built values ($1, $2, $3)", [*astuple(fingerprint), version("tongbao")])
    clear_changes(connection)


def _raw_rows(connection: DuckDBPyConnection) -> int:
    return connection.execute("select sum(estimated_size) from duckdb_tables() where schema_name = 'raw'").fetchone()[0]
