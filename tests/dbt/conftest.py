"""The manifest of the dbt project, parsed once for all tests of this folder."""

import pytest

from tests.shared_dbt import shared_dbt


@pytest.fixture(scope="session")
def manifest() -> dict:
    return shared_dbt().manifest
