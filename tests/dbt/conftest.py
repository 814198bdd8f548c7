"""The manifest of the dbt project, parsed once for all tests of this folder."""

import json

import pytest

from dagster_project.warehouse import dbt_engine


@pytest.fixture(scope="session")
def manifest() -> dict:
    return json.loads(dbt_engine.ensure_manifest().read_text(encoding="utf-8"))
