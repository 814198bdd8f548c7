"""Here the draft of a period is frozen as its next released version, with what it revises of the last.
Whether a draft may be released stays out (verify.py), and so do the formats.
It hands on `releases/<period>/v<n>/`, which is read-only and never touched again.
"""

import csv
import hashlib
import json
import os
import shutil
from pathlib import Path

import duckdb

from reports.proof import verify

_REVISIONS = """
    select coalesce(new.figure, old.figure) as figure, coalesce(new.period, old.period) as period,
        coalesce(new.dimension, old.dimension) as dimension, coalesce(new.member, old.member) as member,
        old.value as old, new.value as new
    from read_csv($old, all_varchar = true, header = true) as old
    full join read_csv($new, all_varchar = true, header = true) as new
        using (period, figure, dimension, member)
    where old.value is distinct from new.value
    order by all
"""


class ReleaseError(Exception):
    """The draft can't be released; the message says why and what to do."""


def freeze(draft: Path, releases: Path, why: str) -> Path:
    """Copies `draft` to the next releases/v<n>, whole or not at all, and gives that folder.

    From v2 on it holds revisions.csv: figure, period, dimension, member, old, new (values as in figures.csv; empty
    where the row was not there). Raises ReleaseError where the last version is the same, or where figures are revised
    and `why` is empty. The caller holds the home's lock.
    """
    before = last(releases)
    revised = revisions(before / "figures.csv", draft / "figures.csv") if before else []
    if before and not revised and same(before, draft):
        raise ReleaseError(f"the draft says the same as {before.name}, file by file: nothing to release")
    if revised and not why.strip():
        raise ReleaseError(
            f"{len(revised)} figures differ from those of {before.name}, e.g. {'/'.join(revised[0][:4])}: "
            f"{revised[0][4]} → {revised[0][5]}; say why with --why"
        )
    number = int(before.name[1:]) + 1 if before else 1
    aside = releases / f".v{number}.part"
    _clear(aside)
    shutil.copytree(draft, aside)
    if before:
        _write_revisions(aside / "revisions.csv", revised)
    period, code_version = verify.identity(draft)
    about = {
        "period": period,
        "version": f"v{number}",
        "as_of_on": json.loads((draft / "provenance.json").read_text("utf-8"))["as_of_on"],
        "code_version": code_version,
        "revises": before.name if before else None,
        "revised_figures": len(revised),
        "why": why.strip() or None,
    }
    (aside / "release.json").write_text(
        json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )
    sums = "".join(
        f"{hashlib.sha256((aside / name).read_bytes()).hexdigest()}  {name}\n" for name in verify.files(aside)
    )
    (aside / verify.SUMS).write_text(sums, encoding="utf-8", newline="\n")
    for path in [*aside.rglob("*"), aside]:
        path.chmod(0o555 if path.is_dir() else 0o444)
        _sync(path)
    target = releases / f"v{number}"
    os.rename(aside, target)
    _sync(releases)
    return target


def released(releases: Path) -> list[Path]:
    """The versions of a period, v1 first; what a killed release left is none."""
    found = [path for path in releases.glob("v*") if path.is_dir() and path.name[1:].isdecimal()]
    return sorted(found, key=lambda path: int(path.name[1:]))


def last(releases: Path) -> Path | None:
    """The newest version of a period; None where none was released."""
    return next(reversed(released(releases)), None)


def revisions(old: Path, new: Path) -> list[tuple]:
    """(figure, period, dimension, member, old, new) for every value that differs between two figures.csv."""
    with duckdb.connect() as connection:
        return connection.execute(_REVISIONS, {"old": str(old), "new": str(new)}).fetchall()


def _write_revisions(path: Path, revised: list[tuple]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["figure", "period", "dimension", "member", "old", "new"])
        writer.writerows(revised)


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same bulletin, whatever code rendered it."""
    return _contents(one) == _contents(other)


def _contents(folder: Path) -> dict[str, bytes]:
    # provenance names the code and its checks: another build of the same bulletin is no new version
    passed = {*verify.OF_RELEASE, "provenance.json"}
    return {name: (folder / name).read_bytes() for name in verify.files(folder) if name not in passed}


def _clear(aside: Path) -> None:
    if aside.exists():
        for folder in [aside, *(path for path in aside.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        shutil.rmtree(aside)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
