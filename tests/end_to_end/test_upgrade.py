"""A home of release 0.1.0 is taken over by a run of this one, and backups are made while that run writes.

release_0.1.0.tar.xz holds the miniature's home as that release left it: exports, key, warehouse, Dagster's settings.
The backups are restored elsewhere: each is wholly of before the run or wholly of after it, and the last one proves
itself, answers as its original does, and can be run again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import duckdb
import pytest

from dagster_project.recovery.archive import read_archive, write_archive
from dagster_project.settings import Unusable
from dagster_project.warehouse.backup import find_altered
from dagster_project.warehouse.release import check_release, read_release
from tests.dagster_project.small_county import County, make_county

OLD = Path(__file__).parent / "release_0.1.0.tar.xz"
FIGURES = "select period, figure, dimension, member, value from marts.figures"
PERSONS = "select case_no, applicant_key from raw.cases where _state = 'loaded' order by all"
# counted otherwise since 0.1.0, as the changelog says
REDEFINED = {"limit_unknown", "overdue_open_ratio"}


def ask(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


@dataclass
class Upgraded:
    county: County
    said: str
    figures: list[tuple]  # as release 0.1.0 published them
    persons: list[tuple]
    states: list[str] = field(default_factory=list)  # of backups made while the run was on


def tongbao(home: Path, county: County, *arguments: str) -> subprocess.Popen:
    places = {"TONGBAO_HOME": str(home), "TONGBAO_JURISDICTION": str(county.jurisdiction), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "dagster_project.cli.main", *arguments]
    return subprocess.Popen(
        command, env={**os.environ, **places}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def restored_state(folder: Path, archive: Path, number: int) -> str:
    """'old' or 'new', once all of the restored home agrees."""
    home = folder / f"restored-{number}"
    home.mkdir(parents=True)
    read_archive(archive, home)
    assert find_altered(home / "backup") == []
    new = (read_release(home) is not None, (home / "bulletins").exists(), (home / "worklists").exists())
    assert new in ((True,) * 3, (False,) * 3), new
    return "new" if all(new) else "old"


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    path = tmp_path_factory.mktemp("upgrade")
    county = make_county(path / "county")
    (county.home / "dagster" / "dagster.yaml").unlink()
    with tarfile.open(OLD) as archive:
        archive.extractall(county.home, filter="data")
    result = Upgraded(county, "", ask(county.home, FIGURES), ask(county.home, PERSONS))
    assert read_release(county.home) is None
    run = tongbao(county.home, county, "run")
    number = 0
    while run.poll() is None:
        number += 1
        write_archive(county.home, path / f"{number}.tar")
        result.states.append(restored_state(path, path / f"{number}.tar", number))
        with suppress(subprocess.TimeoutExpired):
            run.wait(timeout=3)
    result.said = run.communicate()[0]
    assert run.returncode == 0, result.said
    return result


def test_a_run_takes_the_home_of_the_last_release_over(upgraded):
    home = upgraded.county.home
    assert read_release(home) == version("tongbao")
    before = {row[:4]: row[4] for row in upgraded.figures if row[1] not in REDEFINED}
    after = {row[:4]: row[4] for row in ask(home, FIGURES)}
    shared = before.keys() & after.keys()
    assert len(shared) > 1000
    assert {key: (before[key], after[key]) for key in shared if before[key] != pytest.approx(after[key])} == {}
    assert ask(home, PERSONS) == upgraded.persons
    assert (home / "warehouse.duckdb").is_symlink()


def test_a_backup_is_wholly_of_before_or_wholly_of_after_the_run_that_writes(upgraded):
    assert upgraded.states and upgraded.states == sorted(upgraded.states, reverse=True)
    assert upgraded.states[0] == "old"


def test_a_restored_home_proves_itself_and_answers_as_before(upgraded, tmp_path):
    archive, home = tmp_path / "home.tar.gz", tmp_path / "restored"
    county = upgraded.county
    packed = tongbao(county.home, county, "backup", str(archive))
    said, _ = packed.communicate()
    assert packed.returncode == 0 and str(county.jurisdiction) in said, said
    unpacked = tongbao(home, county, "restore", str(archive))
    said, _ = unpacked.communicate()
    assert unpacked.returncode == 0 and "tongbao check --deep" in said, said
    assert ask(home, FIGURES + " order by all") == ask(county.home, FIGURES + " order by all")
    proven = tongbao(home, county, "check", "--deep")
    said, _ = proven.communicate()
    assert proven.returncode == 0 and "no faults" in said, said
    again = tongbao(home, county, "restore", str(archive))
    said, _ = again.communicate()
    assert again.returncode == 1 and "only restored into an empty home" in said, said


def test_an_older_release_refuses_a_newer_warehouse(upgraded, monkeypatch):
    check_release(upgraded.county.home)
    monkeypatch.setattr("dagster_project.warehouse.release.version", lambda _: "0.0.9")
    with pytest.raises(Unusable, match=rf"built by Tongbao {version('tongbao')}, and this is 0\.0\.9"):
        check_release(upgraded.county.home)
