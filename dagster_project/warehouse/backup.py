"""The folder `<home>/backup/`: what exports and releases do not hold, kept so that a rebuild finds it.

Each publication writes there, from the candidate, one Parquet file a table of TABLES (findings that a person accepted,
results of earlier checks, revisions, published figures, the list of loaded files), a mark of the pseudonym key, and
SHA256SUMS of these and of the warehouse. `recovery/anew.py` reads them; `check_key` compares the key with its mark.
"""

import hashlib
import os
import shutil
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from dagster_project.warehouse.damage import REBUILD, Damaged
from ingest.errors import MappingError
from ingest.privacy import KEY_VARIABLE, mark_key, read_key
from ingest.sql import quote_literal

TABLES = {
    "accepted": "select * from quality.accepted",
    "check_history": "select * from quality.check_history",
    "revisions": "select * from marts.revisions",
    "figures": "select period, figure, dimension, member, value from marts.figures where is_complete",
    "files": "select path, dataset, sha256, rows_loaded from quality.files where verdict = 'loaded'",
}
BACKUP = "backup"  # the folder's name in the home
SUMS = "SHA256SUMS"
KEY_MARK = "key_mark"
FILES = (*(f"{name}.parquet" for name in TABLES), KEY_MARK, SUMS)
NEW_KEY = (
    "if it is lost, or was replaced on purpose, `tongbao rebuild --new-key` makes every pseudonym anew: the figures "
    "stay equal, but nobody can tell any more which old and new pseudonyms are of one person"
)


def write_backup(connection: DuckDBPyConnection, home: Path, folder: Path) -> None:
    """Write into `folder` what is to be kept of the warehouse that is open, all but SHA256SUMS."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in TABLES:
        try:
            export_table(connection, name, folder)
        except duckdb.CatalogException:
            continue  # nothing was judged or modelled yet
    (folder / KEY_MARK).write_text(mark_key(read_key(home)) + "\n", encoding="ascii")


def write_sums(folder: Path, warehouse: Path) -> None:
    """Write SHA256SUMS over the files in `folder` and the warehouse, which will lie beside the folder."""
    sums = {path.name: hash_file(path) for path in sorted(folder.iterdir())}
    sums["../warehouse.duckdb"] = hash_file(warehouse)
    (folder / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()), encoding="ascii")


def find_altered(folder: Path) -> list[str]:
    """The files of SHA256SUMS that are lost or not as published, relative to `folder`; ValueError if it can't be read.

    None without SHA256SUMS, as in a home of an older release.
    """
    if not (folder / SUMS).exists():
        return []
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
        sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    except (OSError, ValueError):
        raise ValueError(f"{folder / SUMS} can't be read") from None
    return [name for name, sha in sums.items() if not (folder / name).is_file() or hash_file(folder / name) != sha]


def is_lost(home: Path) -> bool:
    """Whether a warehouse was published and its file is gone."""
    return not (home / "warehouse.duckdb").exists() and (home / BACKUP / SUMS).is_file()


def check_not_lost(home: Path) -> None:
    """Raise Damaged if the published file is gone: a run would begin anew without what `backup/` keeps."""
    if is_lost(home):
        raise Damaged(f"{home / 'warehouse.duckdb'} is missing, though one was published; {REBUILD}")


def export_table(connection: DuckDBPyConnection, name: str, folder: Path) -> None:
    """Write table `name` of TABLES to `folder`/`name`.parquet."""
    target = quote_literal(str(folder / f"{name}.parquet"))
    connection.execute(f"copy ({TABLES[name]}) to {target} (format parquet)")


def check_key(home: Path) -> None:
    """Raise Damaged if the pseudonym key is lost, can't be read, or is not the one of the published pseudonyms."""
    mark, path = home / "backup" / KEY_MARK, home / "pseudonym.key"
    where = "put it back from your backup"
    if not os.environ.get(KEY_VARIABLE) and not path.exists():
        if mark.is_file():
            raise Damaged(
                f"{path} is missing, and {KEY_VARIABLE} is not set, but pseudonyms are published that were made with "
                f"such a key; {where}; {NEW_KEY}"
            )
        return
    try:
        key = read_key(home)
    except MappingError as error:
        raise Damaged(f"{error}; {where}; {NEW_KEY}") from None
    if mark.is_file() and mark.read_bytes().strip() != mark_key(key).encode():
        name = KEY_VARIABLE if os.environ.get(KEY_VARIABLE) else path
        raise Damaged(f"{name} is not the key with which the published pseudonyms were made; {where}; {NEW_KEY}")


def hash_file(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
