"""Rows of the candidate as Parquet in `<home>/lake`, where Spark reads them.

`raw/<dataset>/` holds one file an export, with the rows of it that are loaded; its name has a digest of those rows, so
a file is written once and never changed. `<n>/` holds build n: its other sources, and what Spark makes of them.
The ledger decides what is there, because only loaded rows of the candidate are written and all other files are deleted.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from ingest.sql import quote_literal

_RAW = "raw"
_BUILD = re.compile(r"/lake/(\d+)/")


def begin_build(home: Path) -> Path:
    """Make the folder of a new build in `<home>/lake` and delete the builds that no warehouse reads; returns it."""
    lake = home / "lake"
    lake.mkdir(mode=0o750, exist_ok=True)
    files = [home / "build" / "candidate.duckdb", *(home / "warehouses").glob("*.duckdb"), home / "warehouse.duckdb"]
    wanted = {number for path in files if path.exists() for number in find_builds(path)}
    numbers = [path.name for path in lake.iterdir() if path.name.isdecimal()]
    for name in numbers:
        if name not in wanted:
            shutil.rmtree(lake / name)
    build = lake / str(max(map(int, numbers), default=0) + 1)
    build.mkdir()
    return build


def find_builds(warehouse: Path) -> set[str]:
    """The numbers of the builds that views of the file `warehouse` read."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        views = connection.execute("select sql from duckdb_views() where not internal").fetchall()
    return {number for (sql,) in views for number in _BUILD.findall(sql)}


def write_sources(
    connection: duckdb.DuckDBPyConnection, sources: Iterable[tuple[str, str]], build: Path
) -> dict[str, tuple[str, Path]]:
    """Write the tables `sources` (schema, name) of the candidate.

    Returns schema.name -> the columns with Spark's types, and the folder of its Parquet files.
    """
    tables = {}
    for schema, name in sorted(sources):
        folder = build.parent / _RAW / name if schema == _RAW else build / "sources" / schema / name
        folder.mkdir(parents=True, exist_ok=True)
        columns = _columns(connection, f"{schema}.{name}")
        selected = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in columns.items())
        if schema == _RAW:
            _write_exports(connection, name, selected, folder)
        else:
            _write(connection, f"select {selected} from {schema}.{name}", folder / "rows.parquet")
        types = {"varchar": "string", "timestamp": "timestamp_ntz"}
        described = ", ".join(f"{column} {types.get(kind, kind)}" for column, kind in columns.items())
        tables[f"{schema}.{name}"] = described, folder
    return tables


def _write_exports(connection: duckdb.DuckDBPyConnection, dataset: str, selected: str, folder: Path) -> None:
    query = f"""
        select _file_id, count(*), bit_xor(hash(rows)) from raw.{dataset} as rows
        where _state = 'loaded' group by _file_id
    """
    wanted = set()
    for file_id, *content in connection.execute(query).fetchall():
        digest = hashlib.sha256(repr((selected, content)).encode()).hexdigest()
        path = folder / f"{file_id}-{digest[:24]}.parquet"
        wanted.add(path)
        if not path.exists():
            rows = f"select {selected} from raw.{dataset} where _state = 'loaded' and _file_id = {file_id}"
            _write(connection, f"{rows} order by _record", path)
    for path in {*folder.iterdir()} - wanted:
        path.unlink()


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Column -> its type in Parquet; Spark has no type for a UUID and none without a sign."""
    stored = {"uuid": "varchar", "uinteger": "bigint", "ubigint": "decimal(20,0)", "hugeint": "decimal(38,0)"}
    described = connection.execute(f"describe {table}").fetchall()
    return {name: stored.get(kind.lower(), kind.lower()) for name, kind, *_ in described}


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    part = path.with_name(f".{path.name}")  # Spark reads no file whose name begins with a dot
    connection.execute(f"copy ({query}) to {quote_literal(str(part))} (format parquet, compression zstd)")
    os.replace(part, path)
