"""Whole runs of the command line, each in a runtime home of its own.

The fixtures are `full` and `small`; `Home.tongbao` runs a command. `miniature` is in tests/conftest.py. The full sample
is generated and run once a session and shared; tests that change something take a copy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.province_counties import Homes, make_province


@dataclass(frozen=True)
class Home:
    """A runtime home, and what the command line said last."""

    path: Path

    def tongbao(self, *arguments: str, expect: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "dagster_project.cli.main", *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "TONGBAO_HOME": str(self.path), "PYTHONUTF8": "1"},
        )
        said = done.stdout + done.stderr
        assert done.returncode == expect, said[-4000:]
        return said

    def ask(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.path / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def figure(self, figure: str, dimension: str = "total", member: str = "total", column: str = "value") -> float:
        return self.ask(
            f"select {column} from marts.figures where period = '2022H1' and figure = '{figure}' "
            f"and dimension = '{dimension}' and member = '{member}'"
        )[0][0]

    def bulletin(self) -> str:
        return (self.path / "bulletins" / "2022H1" / "bulletin.html").read_text(encoding="utf-8")

    def copy(self, target: Path) -> Home:
        shutil.copytree(self.path, target)
        return Home(target)


def _run(scale: str) -> Callable[[Path], object]:
    def fill(path: Path) -> None:
        Home(path).tongbao("sample", "--scale", scale)
        Home(path).tongbao("run")

    return fill


@pytest.fixture(scope="session")
def full(made_once) -> Home:
    """The published half-year: all 1.2 million cases of the sample, run once."""
    return Home(made_once("full", _run("1")))


@pytest.fixture(scope="session")
def small(made_once) -> Home:
    """One case in a hundred, for tests that only need everything to be there."""
    return Home(made_once("small", _run("0.01")))


@pytest.fixture(scope="session")
def homes(made_once) -> Homes:
    """A province, its three counties, and a jurisdiction that has all their rows; built without a run."""
    return Homes(made_once("homes", make_province))


@pytest.fixture
def changeable(small: Home, tmp_path: Path) -> Callable[[], Home]:
    """Copies of the small home that a test may spoil."""
    return lambda: small.copy(tmp_path / f"home-{len(list(tmp_path.iterdir()))}")
