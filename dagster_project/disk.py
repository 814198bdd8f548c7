"""Disk of a home: what space and permissions a run needs, what a fault means in one sentence, files replaced whole.

`why_no_space` and `why_no_permission` look before a run begins; `describe_fault` takes the text of an error of Python,
DuckDB or SQLite. Each returns the sentence for the person who must mend it, or None if nothing is wrong with the disk.
`replace_file` writes a text so that no reader sees half of it.
"""

import os
import pwd
import re
import shutil
import tempfile
from pathlib import Path

from reports.words.locale import words

# Measured on counties of 50 and 30,000 cases: what a run writes besides copies of the warehouse and rows of exports is
# dbt's files (6 MB), Dagster's log (3 MB), bulletins (2 MB) and, in a first run, an empty warehouse (24 MB).
_BESIDES = 64 << 20
_FULL = re.compile(
    r"No space left on device|Disk quota exceeded|File too large|database or disk is full|max_temp_directory_size",
    re.IGNORECASE,
)
_READ_ONLY = re.compile(r"Read-only file system|readonly database", re.IGNORECASE)
_DENIED = re.compile(r"Permission denied|Operation not permitted|unable to open database file", re.IGNORECASE)
_BROKEN = re.compile(r"disk I/O error|Input/output error", re.IGNORECASE)
_PATH = re.compile(r"""["'](/[^"']+)["']""")
_NOTHING_LEFT = 1 << 20
_WRITTEN = ("build", "dagster", "dagster/history", "dbt", "runs", "bulletins", "worklists")


def needed_bytes(home: Path) -> int:
    """Estimate of the free bytes that the next run needs in `home`, while it runs.

    A run copies the published warehouse to the candidate, if there is no candidate yet, and copies the candidate once
    more for the new rows. Exports that are newer than the published warehouse are counted with their size.
    """
    published, candidate = home / "warehouse.duckdb", home / "build" / "candidate.duckdb"
    since = published.stat().st_mtime if published.exists() else 0
    copied = candidate.stat().st_size if candidate.exists() else 2 * _size(published)
    exports = (path for path in (home / "exports").rglob("*") if path.is_file())
    return copied + sum(status.st_size for status in map(Path.stat, exports) if status.st_mtime > since) + _BESIDES


def why_no_space(home: Path) -> str | None:
    """Says how much is missing if the disk of `home` has less free space than a run needs."""
    free, needed = shutil.disk_usage(home).free, needed_bytes(home)
    if free >= needed:
        return None
    sizes = {"free": _megabytes(free), "needed": _megabytes(needed), "missing": _megabytes(needed - free)}
    return words("disk.full_before", home=home, **sizes)


def is_full(home: Path) -> bool:
    """Whether the disk of `home` has so little space that Dagster can't write its history there."""
    return shutil.disk_usage(home).free < _NOTHING_LEFT


def why_no_permission(home: Path) -> str | None:
    """Names the first folder of `home` that can't be written, or the exports or the key if they can't be read."""
    written = [home, *(home / name for name in _WRITTEN), *(home / "dagster").rglob("*.db")]
    read = [home / "exports", home / "pseudonym.key"]
    for right, paths in ((os.W_OK, written), (os.R_OK, read)):
        for path in paths:
            if path.exists() and not os.access(path, right | (os.X_OK if path.is_dir() else 0)):
                return _describe_denied(path, home)
    return None


def describe_fault(text: str, home: Path) -> str | None:
    """What `text`, the message of an error met while working in `home`, says about its disk; None if nothing."""
    is_broken = _BROKEN.search(text)
    free = shutil.disk_usage(home).free if home.exists() else _NOTHING_LEFT
    # SQLite also says "disk I/O error" where it can't lengthen its journal because the disk is full
    if _FULL.search(text) or (is_broken and free < _NOTHING_LEFT):
        return _describe_full(home, free)
    if is_broken:
        return words("disk.failed", home=home, reason=is_broken[0])
    if _READ_ONLY.search(text) or _DENIED.search(text):
        named = [Path(path) for path in _PATH.findall(text)]
        return _describe_denied(named[0] if named else _find_unwritable(home), home)
    return None


def replace_file(path: Path, text: str) -> None:
    """Write `text` beside `path` and rename it, so that a reader sees the old file or the new one."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)


def _describe_full(home: Path, free: int) -> str:
    needed, temporary = needed_bytes(home), Path(tempfile.gettempdir())
    if shutil.disk_usage(temporary).free < _NOTHING_LEFT <= free:
        return words("disk.temporary", folder=temporary)
    key = "disk.full" if free < needed else "disk.quota"
    return words(key, home=home, free=_megabytes(free), needed=_megabytes(needed))


def _describe_denied(path: Path, home: Path) -> str:
    user = pwd.getpwuid(os.geteuid()).pw_name if _has_name(os.geteuid()) else words("disk.number", user=os.geteuid())
    if path.exists() and not os.access(path, os.R_OK):
        return words("disk.unreadable", path=path, user=user)
    place = path if path.exists() else path.parent
    if os.statvfs(place if place.exists() else home).f_flag & os.ST_RDONLY:
        return words("disk.read_only", path=path)
    return words("disk.unwritable", path=path, user=user, home=home)


def _find_unwritable(home: Path) -> Path:
    """What SQLite could not write, which its messages don't name: the first file of Dagster's that isn't writable."""
    folder = home / "dagster"
    return next((path for path in [folder, *sorted(folder.rglob("*"))] if not os.access(path, os.W_OK)), folder)


def _has_name(user: int) -> bool:
    try:
        return bool(pwd.getpwuid(user))
    except KeyError:
        return False


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB"
