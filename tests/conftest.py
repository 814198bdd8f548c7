"""What tests of several folders share: the miniature, a county of fifty cases worked out by hand, modelled once."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import shared_dbt
from tests.end_to_end.miniature_home import Miniature

os.environ["LC_ALL"] = "C.UTF-8"  # commands speak English to tests, whoever runs them


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder that tests only read: once for all processes that share the tests; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (shared / f"{name}.made").exists():
                shutil.rmtree(shared / name, ignore_errors=True)  # half of one, if making it failed before
                (shared / name).mkdir()
                fill(shared / name)
                (shared / f"{name}.made").touch()
        return shared / name

    return make


@pytest.fixture(scope="session", autouse=True)
def parsed_once(made_once) -> None:
    """What tests/shared_dbt.py parses, it parses for all processes."""
    shared_dbt.make_once = made_once


@pytest.fixture(scope="session")
def miniatures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all homes of the miniature lie in."""
    return tmp_path_factory.mktemp("miniature")


@pytest.fixture(scope="session")
def miniature(made_once, miniatures: Path) -> Miniature:
    """The county of fifty cases, taken in at once, modelled and tested; to be read only.

    Each process has a copy, because DuckDB lets one process at a time open a file that it may write.
    """

    def fill(path: Path) -> None:
        home = Miniature(path)
        home.take()
        home.model()

    return Miniature(shutil.copytree(made_once("modelled", fill), miniatures / "once"), is_empty=True)
