"""The quiet county, ingested and modelled once a session, and the process in which great-expectations judges."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dagster_project.helper_process import HelperProcess
from tests.end_to_end.compiled_models import CompiledModels
from tests.gate.quiet_county import QuietCounty, write_exports


@pytest.fixture(scope="session")
def quiet_county(miniature, tmp_path_factory) -> QuietCounty:
    home = tmp_path_factory.mktemp("quiet")
    write_exports(home / "exports", "quiet")
    county = QuietCounty(home / "candidate.duckdb", CompiledModels(miniature.path / "target"))
    county.ingest(home / "exports", home)
    return county


@pytest.fixture(scope="session")
def helper() -> Iterator[HelperProcess]:
    process = HelperProcess("dagster_project.gate.expectations_worker")
    yield process
    process.end()
