"""A home of tiny files whose every published thing says one number, for tests of publication.

`stage` writes a candidate, bulletins and worklists that say a number, `read_numbers` reads back what is published, and
`attribute` makes a path immutable. Nothing of dbt or Dagster takes part.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse.candidate import Candidate
from dagster_project.warehouse.moves import is_cut_short, make_moves
from dagster_project.warehouse.publication import empty_staging, moves_of_warehouse

# in the order in which `publish` moves them; 2022-07 and 2022-07-15 are published only from number 2 on
BULLETINS = (".digests/2022H1", "2022-07/bulletin.html", "2022H1/bulletin.html", "index.html")
WORKLISTS = ("2022-06-30/list.csv", "2022-07-15/list.csv")
CONNECTION = duckdb.connect()  # attaching to it opens a file anew, and costs a twentieth of another connection
MOVES = (
    ".digests/2022H1",
    "2022-07",
    "2022H1",
    "index.html",
    "2022-06-30",
    "2022-07-15",
    "warehouses/2.duckdb",
    "warehouse.duckdb",
)


def stage(home: Path, number: int) -> Candidate:
    """Make a candidate and staged files that say `number`."""
    (home / "build").mkdir(parents=True, exist_ok=True)
    candidate = Candidate(home)
    with candidate.connect() as connection:
        connection.execute(f"create or replace table told as select {number} as value")
        connection.execute(f"create or replace table figures as select {number} as value from range(1000)")
    stage_files(home, number)
    return candidate


def stage_files(home: Path, number: int) -> None:
    """Make bulletins and worklists that say `number`; the candidate is as it was."""
    for kind, files in (("bulletins", BULLETINS), ("worklists", WORKLISTS)):
        folder = empty_staging(home, kind)
        for name in files:
            if number > 1 or "2022-07" not in name:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(str(number))


def list_moves(home: Path) -> dict[str, str]:
    """The moves that publish what is staged, without DuckDB: the candidate is moved as it is."""
    moves = {}
    for kind, files in (("bulletins", BULLETINS), ("worklists", WORKLISTS)):
        for name in files:
            moved = f"{kind}/{name.removesuffix('/bulletin.html').removesuffix('/list.csv')}"
            moves[f"build/{moved}"] = moved
    return moves | moves_of_warehouse(home)


def read_numbers(home: Path) -> list[str | None]:
    """What the warehouse says, and then each file of BULLETINS and WORKLISTS; None for what is not there."""
    files = [*(home / "bulletins" / name for name in BULLETINS), *(home / "worklists" / name for name in WORKLISTS)]
    CONNECTION.execute(f"attach '{home / 'warehouse.duckdb'}' as published (read_only)")
    (told,) = CONNECTION.execute("select value from published.told").fetchone()
    CONNECTION.execute("detach published")
    return [str(told), *(path.read_text() if path.exists() else None for path in files)]


def all_say(number: int) -> list[str | None]:
    """What `read_numbers` returns when all that is published says `number`."""
    names = ["warehouse", *BULLETINS, *WORKLISTS]
    return [str(number) if number > 1 or "2022-07" not in name else None for name in names]


OLD, NEW = all_say(1), all_say(2)


def publish_again(home: Path) -> None:
    """Publish what is staged, now that nothing is in the way."""
    make_moves(home, list_moves(home))
    assert read_numbers(home) == NEW
    assert not is_cut_short(home)


@contextmanager
def attribute(flag: str, path: Path) -> Iterator[None]:
    """`path` with an attribute of its file system: +i immutable, +a only appended to. Skips where there is none."""
    if subprocess.run(["chattr", f"+{flag}", path], capture_output=True).returncode:
        pytest.skip("needs root and a file system with attributes")
    try:
        yield
    finally:
        subprocess.run(["chattr", f"-{flag}", path], check=True)
