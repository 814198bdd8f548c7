"""One file in the place of another, also on a system without the call that exchanges two; nothing is left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project.warehouse import replacement
from dagster_project.warehouse.replacement import find_obstacle, mend_swap, swap


@pytest.fixture
def staged(tmp_path) -> Path:
    (tmp_path / "staged").write_text("new")
    (tmp_path / "target").write_text("old")
    return tmp_path / "staged"


def test_without_renameat2_three_renames_exchange_both(staged, monkeypatch):
    monkeypatch.setattr(replacement.ctypes, "CDLL", lambda *_, **__: object())
    target = staged.with_name("target")
    swap(staged, target)
    assert (target.read_text(), staged.read_text()) == ("new", "old")
    swap(staged, target)
    assert (target.read_text(), staged.read_text()) == ("old", "new")
    assert sorted(path.name for path in staged.parent.iterdir()) == ["staged", "target"]


def test_a_swap_that_ended_after_its_first_rename_is_undone(staged):
    target = staged.with_name("target")
    target.rename(staged.with_name("staged.replaced"))
    mend_swap(staged, target)
    assert (target.read_text(), staged.read_text()) == ("old", "new")
    mend_swap(staged, target)
    assert (target.read_text(), staged.read_text()) == ("old", "new")


def test_trying_beforehand_leaves_nothing_behind(staged):
    folder = staged.parent
    (folder / "full").mkdir()
    (folder / "full" / "a").touch()
    (folder / "empty").mkdir()
    (folder / "next").mkdir()
    for source, target in (("staged", "target"), ("staged", "deep/new"), ("next", "full"), ("next", "empty")):
        assert find_obstacle(folder / source, folder / target) is None
    assert "is a folder where a file belongs" in find_obstacle(staged, folder / "full")
    assert "is a file where a folder belongs" in find_obstacle(folder / "next", folder / "target")
    assert not [*folder.rglob(".probe")]
