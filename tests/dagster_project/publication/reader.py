"""A reader in a process of its own: polls a home while others publish, and prints what it saw as JSON.

Usage: python -m tests.dagster_project.publication.reader HOME POLLS NUMBERS. It polls at least POLLS times, and on
until it has seen NUMBERS publications, as machines differ in how fast they publish and read. It reads warehouse and
bulletins together as docs/architecture.md says (`read_together`). Counts: polls; agreeing: those without a publication;
numbers: how many publications it saw; mixtures: polls that should agree and don't, or a warehouse that disagrees
with itself.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import duckdb

from tests.dagster_project.publication.tiny_home import BULLETINS, WORKLISTS


def read_warehouse(connection: duckdb.DuckDBPyConnection, home: Path) -> set[str]:
    connection.execute(f"attach '{home / 'warehouse.duckdb'}' as published (read_only)")
    query = "select distinct value from published.figures union select value from published.told"
    numbers = {str(number) for (number,) in connection.execute(query).fetchall()}
    connection.execute("detach published")
    return numbers


def read_together(connection: duckdb.DuckDBPyConnection, home: Path) -> tuple[set[str], set[str], bool]:
    """Numbers of the warehouse, numbers of the files, and whether no publication fell between the two."""
    warehouse, journal = home / "warehouse.duckdb", home / "build" / "publication.json"
    before, was_moving = warehouse.stat(), journal.exists()
    of_warehouse = read_warehouse(connection, home)
    files = [*(home / "bulletins" / name for name in BULLETINS), *(home / "worklists" / name for name in WORKLISTS)]
    of_files = {file.read_text() for file in files}
    is_moving, after = journal.exists(), warehouse.stat()
    is_same = (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    return of_warehouse, of_files, is_same and not was_moving and not is_moving


def main(home: Path, least_polls: int, least_numbers: int) -> None:
    connection = duckdb.connect(config={"threads": 1})
    seen, polls, agreeing, mixtures = set(), 0, 0, 0
    while polls < least_polls or len(seen) < least_numbers:
        polls += 1
        of_warehouse, of_files, is_settled = read_together(connection, home)
        seen |= of_warehouse
        agreeing += is_settled
        mixtures += len(of_warehouse) != 1 or (is_settled and of_files != of_warehouse)
    counts = {"polls": polls, "agreeing": agreeing, "numbers": len(seen), "mixtures": mixtures, "process": os.getpid()}
    print(json.dumps(counts), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
