"""A county whose warehouse is built and not yet published, made once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from tests.dagster_project.small_county import County, assert_recorded_counts_stand, make_county

EVERYTHING_BEFORE_PUBLICATION = dg.AssetSelection.all() - dg.AssetSelection.assets("publication", "bulletin")


@pytest.fixture(scope="session")
def built(made_once) -> County:
    """The county with all its exports read, modelled, checked and listed, but not published; to be copied."""

    def fill(path: Path) -> None:
        county = make_county(path / "county")
        county.deliver()
        result = county.materialize(EVERYTHING_BEFORE_PUBLICATION)
        assert result.success
        assert_recorded_counts_stand(county, result)

    return County(made_once("built", fill) / "county")
