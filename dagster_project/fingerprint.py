"""Whether the models of a warehouse still say what they would say if they were built again.

What is built or tested is not decided here. It hands on one hash over all that the models read and are made of.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

from duckdb import DuckDBPyConnection

_MADE_BY = ("chinesecalendar", "dbt-core", "dbt-duckdb", "duckdb")
_NOT_SOURCE = {"target", "logs", "bulletin", "__pycache__"}


def of(connection: DuckDBPyConnection, *folders: Path) -> str:
    """sha256 in hex over the loaded files and the runs that read them, the source files in `folders`, the tools."""
    digest = hashlib.sha256(" ".join(version(name) for name in _MADE_BY).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not _NOT_SOURCE & {*path.relative_to(folder).parts}:
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    # the run that read a file: read again, the same bytes may have become other rows
    loaded = "select path, sha256, run_id from quality.files where verdict = 'loaded' order by path"
    for row in connection.execute(loaded).fetchall():
        digest.update("\0".join(map(str, row)).encode() + b"\0")
    return digest.hexdigest()


def is_built(connection: DuckDBPyConnection, fingerprint: str) -> bool:
    """Whether the models in the warehouse were built and tested whole from what `fingerprint` names."""
    exists = "select 1 from duckdb_tables() where schema_name = 'quality' and table_name = 'built'"
    if not connection.execute(exists).fetchall():
        return False
    return connection.execute("select fingerprint from quality.built").fetchall() == [(fingerprint,)]


def remember(connection: DuckDBPyConnection, fingerprint: str) -> None:
    """Write down what the models were built from."""
    connection.execute("create or replace table quality.built (fingerprint varchar)")
    connection.execute("comment on table quality.built is '模型构建指纹 · what the models were built from, one row'")
    connection.execute(
        "comment on column quality.built.fingerprint is '指纹 · sha256 over ledger, models and configuration'"
    )
    connection.execute("insert into quality.built values ($1)", [fingerprint])
