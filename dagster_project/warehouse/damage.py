"""What a damaged file of the home is told as: which file, what is wrong with it, and what to do.

DuckDB keeps a checksum of every block and compares it as it reads, so damage raises an error and never gives a wrong
figure. `told_as_damage` turns such an error into `Damaged`; `read_published` opens the published file that way, and
`read_all` reads every table of an open one. Making the file anew belongs to `recovery/`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.settings import Unusable

REBUILD = "`tongbao rebuild` makes it anew from exports and releases"
DISCARD = "`tongbao discard` deletes it, then `tongbao run` builds it again"
# DuckDB raises errors of several classes for damage, one of them its base class, so its words tell more
_DAMAGE = re.compile(
    r"Corrupt database file|not a valid DuckDB database|Could not read|Is a directory|Failed to deserialize"
    r"|database has been invalidated|Serialization Error"
)


class Damaged(Unusable):
    """A file of the home can't be read any more; the message names it and says what to do."""

    exit_code = 1


def is_damage(message: str) -> bool:
    """Whether an error of DuckDB, also one that dbt passes on, tells of a damaged file."""
    return _DAMAGE.search(message) is not None


@contextmanager
def told_as_damage(path: Path, remedy: str) -> Iterator[None]:
    """Raise Damaged for `path` if DuckDB finds the file damaged within the block."""
    try:
        yield
    except duckdb.Error as error:
        if not is_damage(str(error)):
            raise
        raise Damaged(f"{path} is damaged ({shorten(error)}); {remedy}") from None


@contextmanager
def read_published(path: Path, **config: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reading connection to the published file; raises Damaged."""
    with told_as_damage(path, REBUILD), duckdb.connect(str(path), read_only=True, **config) as connection:
        yield connection


def check_ledger(connection: duckdb.DuckDBPyConnection, path: Path, remedy: str) -> None:
    """Raise Damaged for `path` if it holds rows of files that its ledger doesn't list: they would be loaded again."""
    tables = "select schema_name || '.' || table_name from duckdb_tables() where database_name = current_catalog()"
    there = {name for (name,) in connection.execute(tables).fetchall()}
    rows = " union ".join(f"select _file_id from {name}" for name in sorted(there) if name.startswith("raw."))
    if not rows:
        return
    listed = "select file_id from quality.files" if "quality.files" in there else "select 0"
    (lost,) = connection.execute(f"select count(*) from ({rows}) where _file_id not in ({listed})").fetchone()
    if lost:
        raise Damaged(f"{path}: raw holds rows of {lost} files that the ledger quality.files doesn't list; {remedy}")


def read_all(connection: duckdb.DuckDBPyConnection) -> int:
    """Read every block of every table; returns the number of tables. Damage raises an error of DuckDB."""
    tables = connection.execute("""
        select format('"{}"."{}"', schema_name, table_name),
            string_agg(format('bit_xor(hash("{}"))', column_name), ', ')
        from duckdb_columns() semi join duckdb_tables() using (database_name, schema_name, table_name)
        where database_name = current_catalog() group by all order by all
    """).fetchall()
    for table, hashes in tables:
        connection.execute(f"select {hashes} from {table}").fetchall()
    return len(tables)


def shorten(error: Exception) -> str:
    """The first line of an error, without the checksums that tell a person nothing."""
    line = str(error).splitlines()[0].removeprefix("IO Error: ")
    return "a block is not what its checksum says" if "computed checksum" in line else line
