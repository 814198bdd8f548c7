"""What tests of several folders share: the miniature, a county of fifty cases worked out by hand, modelled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.miniature_home import Miniature


@pytest.fixture(scope="session")
def miniatures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all homes of the miniature lie in."""
    return tmp_path_factory.mktemp("miniature")


@pytest.fixture(scope="session")
def miniature(miniatures: Path) -> Miniature:
    """The county of fifty cases, taken in at once, modelled and tested; to be read only."""
    home = Miniature(miniatures / "once")
    home.take()
    home.model()
    return home
