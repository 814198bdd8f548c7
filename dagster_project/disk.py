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
    return (
        f"the disk of {home} has {_megabytes(free)} free, but a run needs about {_megabytes(needed)} there; free "
        f"{_megabytes(needed - free)}, or move the home to another disk and set TONGBAO_HOME"
    )


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
        return f"the disk of {home} failed ({is_broken[0]}); see the system's log, and mend or replace the disk"
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
        return f"the disk of {temporary}, the folder for temporary files, is full; free 100 MB there or set TMPDIR"
    quota = "" if free < needed else ", so a quota or a limit of file sizes (ulimit -f) may be what is used up"
    return (
        f"there is no space left to write to {home}: its disk has {_megabytes(free)} free{quota}; a run needs about "
        f"{_megabytes(needed)} there. Free space, then run again"
    )


def _describe_denied(path: Path, home: Path) -> str:
    user = pwd.getpwuid(os.geteuid()).pw_name if _has_name(os.geteuid()) else f"number {os.geteuid()}"
    if path.exists() and not os.access(path, os.R_OK):
        return f"{path}: user {user} may not read it; give it to that user (chown), or allow reading (chmod u+r)"
    place = path if path.exists() else path.parent
    if os.statvfs(place if place.exists() else home).f_flag & os.ST_RDONLY:
        return f"{path} lies on a disk that is mounted read-only; mount it for writing, or set TONGBAO_HOME to another"
    return f"{path}: user {user} may not write it; give {home} to that user (chown -R), or allow writing (chmod -R u+w)"


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
