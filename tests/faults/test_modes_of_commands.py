"""Commands outside a run also close what they write to everybody but owner and group, whatever the umask.

They run as the console script does, under umask 000, in a copy of the published home. It asserts the modes of every
file and folder that they made. What a run itself leaves is tested in tests/dagster_project/test_file_modes.py.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path


def list_modes(home: Path) -> dict[tuple[str, int], int]:
    """(path, inode) -> mode of all but links."""
    found = [path for path in home.rglob("*") if not path.is_symlink()]
    return {(str(path.relative_to(home)), path.stat().st_ino): stat.S_IMODE(path.stat().st_mode) for path in found}


def test_what_commands_outside_a_run_write_is_closed_to_others(home, tongbao):
    (home / "releases").rename(home / "releases-before")
    before, umask = list_modes(home), os.umask(0)
    try:
        tongbao("accept", "new_members_are_few", "--reason", "x", "--by", "y", expect=None)  # makes the candidate
        tongbao("release", "2022H1")
        tongbao("quarantine", "--export", str(home / "list.csv"))
    finally:
        assert os.umask(umask) == 0
    made = {path: mode for (path, inode), mode in list_modes(home).items() if (path, inode) not in before}
    assert made.keys() >= {"build/candidate.duckdb", "list.csv", "bulletins/index.html"}
    assert made.keys() >= {f"releases/2022H1/v1/{name}" for name in ("SHA256SUMS", "release.json", "bulletin.pdf")}
    assert {path: oct(mode) for path, mode in made.items() if mode & 0o007} == {}
    assert made["build/candidate.duckdb"] == made["list.csv"] == 0o640
    # a draft of an older release may be open to others; its release is no more open than the draft was
    draft = stat.S_IMODE((home / "bulletins" / "2022H1" / "bulletin.pdf").stat().st_mode)
    assert made["releases/2022H1/v1/bulletin.pdf"] == draft & ~0o222
