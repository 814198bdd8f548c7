"""Whoever is neither owner nor of the group reads nothing of a home, whatever the umask of the process.

One run of the county of fifty cases under each umask, with a file that is refused. It asserts the modes of its files.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import dagster as dg
import pytest

from tests.dagster_project.small_county import make_county


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(("umask", "most"), [(0o000, 0o640), (0o077, 0o600)])
def test_what_a_run_leaves_is_closed_to_others(tmp_path, umask, most):
    before = os.umask(umask)
    try:
        county = make_county(tmp_path / "county")
        county.deliver()
        (county.home / "exports" / "platform_cases_202205.csv").write_text("no,such,header\n1,2,3\n", encoding="utf-8")
        assert not county.materialize(dg.AssetSelection.groups("2_raw")).success  # of the refused file
    finally:
        assert os.umask(before) == umask
    assert mode(county.home) == 0o750 & ~umask
    made = [
        path
        for folder in ("build", "runs", "quality", "secrets")
        for path in (county.home / folder).rglob("*")
        if path.is_file()
    ]
    assert {path.name for path in made} >= {"candidate.duckdb", "files.csv"}
    assert [(str(path), oct(mode(path))) for path in made if mode(path) & ~most] == []
    keys = [path for path in county.home.rglob("*") if "key" in path.name and path.is_file()]
    assert keys and [oct(mode(path)) for path in keys] == ["0o600"] * len(keys)
