"""`tongbao run` in a home of which a file was damaged, lost or altered: a sentence, exit code 1, and nothing published.

Each damage is done to a copy of the published home. It asserts the file that is named and the remedy; that what is
published stays byte by byte; and of an altered release, that no bulletin prints what it holds. That `tongbao rebuild`
mends a home is tested in test_damage.py.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from dagster_project.resources import GreatExpectations
from dagster_project.warehouse.dbt_project import DbtProject
from tests.faults.damages import empty, flip, halve


def lose_ledger(home: Path) -> None:
    """A candidate whose ledger lists none of the files that `raw` holds."""
    candidate = home / "build" / "candidate.duckdb"
    shutil.copyfile(home / "warehouse.duckdb", candidate)
    with duckdb.connect(str(candidate)) as connection:
        connection.execute("delete from quality.files")


def damage_ledger(home: Path) -> None:
    """Flip a bit in a block of the published ledger."""
    warehouse = (home / "warehouse.duckdb").resolve()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        blocks = "select min(block_id) from pragma_storage_info('quality.files') where block_id >= 0"
        (block,) = connection.execute(blocks).fetchone()
    flip(warehouse, (3 * 4096 + (block + 0.01) * 262144) / warehouse.stat().st_size)


def halve_candidate(home: Path) -> None:
    shutil.copyfile(home / "warehouse.duckdb", home / "build" / "candidate.duckdb")
    halve(home / "build" / "candidate.duckdb")


def exports_as_file(home: Path) -> None:
    shutil.rmtree(home / "exports")
    (home / "exports").touch()


EXPORT = "hall_cases_202206.csv"
REBUILD, DISCARD = ("warehouse.duckdb", "tongbao rebuild"), ("candidate.duckdb", "tongbao discard")
RUNS: dict[str, tuple[Callable[[Path], None], int, tuple[str, ...]]] = {
    "half a warehouse": (lambda home: halve((home / "warehouse.duckdb").resolve()), 1, REBUILD),
    "no warehouse": (lambda home: (home / "warehouse.duckdb").resolve().unlink(), 1, ("is missing", *REBUILD)),
    "a flipped bit in the ledger": (damage_ledger, 1, REBUILD),
    "half a candidate": (halve_candidate, 1, DISCARD),
    "a candidate that lost its ledger": (lose_ledger, 1, ("quality.files", *DISCARD)),
    "another key": (lambda home: flip(home / "pseudonym.key"), 1, ("pseudonym.key", "--new-key")),
    "an emptied export": (lambda home: empty(home / "exports" / EXPORT), 1, (EXPORT,)),
    "a file in place of exports": (exports_as_file, 2, ("exports can't be made or written (File exists)",)),
}


def read_files(home: Path) -> dict[str, bytes]:
    """What is published; not the former version of the warehouse, which a run deletes after a minute."""
    paths = [path for name in ("bulletins", "worklists", "releases", "backup") for path in (home / name).rglob("*")]
    return {str(path): path.read_bytes() for path in [home / "warehouse.duckdb", *paths] if path.is_file()}


@pytest.fixture
def without_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Don't load dbt and great-expectations ahead: these runs end before they are needed."""
    monkeypatch.setattr(DbtProject, "load_ahead", lambda project: None)
    monkeypatch.setattr(GreatExpectations, "helper", None)


@pytest.mark.parametrize("damage", RUNS)
def test_a_run_in_a_damaged_home_names_it_and_what_to_do_and_publishes_nothing(home, tongbao, without_helpers, damage):
    do, exit_code, words = RUNS[damage]
    do(home)
    before = read_files(home)
    said = tongbao("run", expect=exit_code)
    assert [word for word in words if word not in said] == [], said
    assert "Damaged" not in said, said
    assert read_files(home) == before


def test_a_command_says_that_the_warehouse_is_lost_and_not_that_nothing_was_published(home, tongbao):
    (home / "warehouse.duckdb").unlink()
    for arguments in (["status"], ["sql", "select 1"], ["verify"]):
        said = tongbao(*arguments, expect=1)
        assert "is missing, though one was published" in said and "tongbao rebuild" in said


def test_an_altered_release_is_a_finding_and_its_values_are_not_read(home, tongbao):
    release, draft = home / "releases" / "2022H1" / "v1", home / "bulletins" / "2022H1"
    path = release / "figures.csv"
    path.chmod(0o644)
    rows = [*csv.reader(path.read_text("utf-8-sig").splitlines())]
    place = rows[0].index("value")
    rows[1][place] = str(float(rows[1][place]) + 1)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    said = tongbao("bulletin", "2022H1")
    assert "已发布的通报与发布时一致" in said and "2022H1 v1：figures.csv" in said and "从备份恢复" in said
    assert json.loads((draft / "provenance.json").read_text("utf-8"))["revises"] is None
    assert f"{release} is not as released: figures.csv" in tongbao("release", "2022H1", "--why", "x", expect=1)
