"""A home in which 1 is published and 2 waits to be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dagster_project.warehouse.publication import publish
from tests.dagster_project.publication.tiny_home import stage


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """The home; copy it before you change it."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    publish(stage(home, 1))
    with stage(home, 2).connect() as connection:
        connection.execute("drop schema delta cascade")  # as `publish` leaves the candidate
    return home


@pytest.fixture
def home(prepared, tmp_path) -> Path:
    return shutil.copytree(prepared, tmp_path / "home", symlinks=True)
