"""The dbt project parsed once for all tests of all processes, which takes longer than to model a small county.

`shared_dbt` is a `DbtProject` of this process, whose `run` is told each test's own home; `bring_parsed` gives a home
what was parsed, for commands that work there. All lies in a temporary folder, never in the checkout, and goes when the
tests end.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from dagster_project import settings
from dagster_project.warehouse.dbt_project import DbtProject


def _make_here(name: str, fill: Callable[[Path], object]) -> Path:
    """For this process alone: benchmarks."""
    folder = tempfile.mkdtemp(prefix=f"tongbao-{name}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    fill(Path(folder))
    return Path(folder)


make_once = _make_here  # tests/conftest.py puts the fixture `made_once` here


@cache
def _parsed() -> Path:
    def parse(home: Path) -> None:
        project = DbtProject(settings.DBT_PROJECT, home)
        assert project.manifest
        project.close()

    return make_once("parsed", parse)


@cache
def shared_dbt() -> DbtProject:
    """Kept for the whole session of tests."""
    return DbtProject(settings.DBT_PROJECT, _parsed())


def bring_parsed(home: Path) -> None:
    """Put the parsed project into `home`, so that a first run there need not parse it."""
    (home / "dbt").mkdir(parents=True, exist_ok=True)
    for path in (_parsed() / "dbt").glob("manifest-*"):
        shutil.copy(path, home / "dbt")
