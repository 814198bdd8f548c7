"""Freezes the draft of a period as its next released version, with the list of figures that it revises.

It takes a draft's folder and writes `releases/<period>/v<n>/`, read-only, whole or not at all. It never writes into a
released folder again. reports/proof decides beforehand whether a draft may be released.
"""

import csv
import json
import os
import shutil
import stat
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import duckdb

from reports.formats.spreadsheet import disarm
from reports.release.folder import SUMS, format_sums, is_of_release, list_alterations, list_files, read_identity
from reports.release.signature import sign_sums, write_public_key
from reports.words.catalogue import load_words
from reports.words.locale import words

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
# The page of a version, like that of a draft, links to ../index.html and ../explore.html: from here on to those of the
# drafts.
_LEADS = {"index.html": "page.index", "explore.html": "page.explorer"}
_LEADS_ON = """<!DOCTYPE html>
<html lang="{tag}"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=../../bulletins/{page}">
<title>{name}</title><p><a href="../../bulletins/{page}">{name}</a></p></html>
"""


class ReleaseError(Exception):
    """The draft can't be released; the message says why and what to do."""


def freeze_draft(
    draft: Path,
    releases: Path,
    why: str,
    keep_evidence: Callable[[Path], None] = lambda version: None,
    key: Path | None = None,
) -> Path:
    """Copies `draft` to the next releases/v<n>, lets `keep_evidence` add to it, and returns that folder.

    With `key`, an office's private SSH key, the version is signed.

    From v2 on it holds revisions.csv: figure, period, dimension, member, old, new (values as in figures.csv; empty
    where the row was not there). Raises ReleaseError where the last version is the same, or where figures are revised
    and `why` is empty, and SignatureError where `key` can't sign. The caller holds the home's lock.
    """
    before = find_last_version(releases)
    revisions = list_revisions(before, draft)
    if before and not revisions and is_same_bulletin(before, draft):
        raise ReleaseError(words("release.same", before=before.name))
    if revisions and not why.strip():
        *row, old, new = revisions[0]
        parts = {"n": len(revisions), "before": before.name, "row": "/".join(row), "old": old, "new": new}
        raise ReleaseError(words("release.why", **parts))
    number = int(before.name[1:]) + 1 if before else 1
    aside = releases / f".v{number}.part"
    _remove_unfinished(aside)
    shutil.copytree(draft, aside)
    keep_evidence(aside)
    for name, content in describe_release(draft, before, revisions, number, why).items():
        (aside / name).write_bytes(content)
    if key:
        write_public_key(aside, key)
    (aside / SUMS).write_text(format_sums(aside), encoding="utf-8", newline="\n")
    if key:
        sign_sums(aside, key)
    for path in [*aside.rglob("*"), aside]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)  # whoever may not read the draft may not read this
        flush_to_disk(path)
    target = releases / f"v{number}"
    os.rename(aside, target)
    printed = load_words(json.loads((draft / "provenance.json").read_text("utf-8")).get("language", "zh"))
    for page, key in _LEADS.items():
        leads = _LEADS_ON.format(tag=printed("tag"), name=printed(key), page=page)
        (releases / page).write_text(leads, encoding="utf-8", newline="\n")
    flush_to_disk(releases)
    return target


def describe_release(
    draft: Path, before: Path | None, revisions: list[tuple], number: int, why: str
) -> dict[str, bytes]:
    """The files that a version adds to its draft, by name: release.json and, where it revises one, revisions.csv."""
    period, code_version = read_identity(draft)
    about = {
        "period": period,
        "version": f"v{number}",
        "as_of_on": json.loads((draft / "provenance.json").read_text("utf-8"))["as_of_on"],
        "code_version": code_version,
        "revises": before.name if before else None,
        "revised_figures": len(revisions),
        "why": why.strip() or None,
    }
    files = {"release.json": (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()}
    if before:
        files["revisions.csv"] = _format_revisions(revisions)
    return files


def check_versions(releases: Path) -> None:
    """Raise ReleaseError if a released version of the period was altered: the next can't say what it revises."""
    for version in list_versions(releases):
        if altered := list_alterations(version):
            raise ReleaseError(words("release.altered", version=version, files=", ".join(altered)))


def list_versions(releases: Path) -> list[Path]:
    """The released versions of a period, v1 first. What a killed release left behind is not one of them."""
    versions = [path for path in releases.glob("v*") if path.is_dir() and path.name[1:].isdecimal()]
    return sorted(versions, key=lambda path: int(path.name[1:]))


def find_last_version(releases: Path) -> Path | None:
    """The newest released version of a period; None where none was released."""
    return next(reversed(list_versions(releases)), None)


def list_revisions(before: Path | None, draft: Path) -> list[tuple]:
    """(figure, period, dimension, member, old, new) of each value in which figures.csv of two folders differ.

    Nothing is revised where there is no version `before`.
    """
    if not before:
        return []
    names = {"old": str(before / "figures.csv"), "new": str(draft / "figures.csv")}
    with duckdb.connect() as connection:
        return connection.execute(_REVISIONS, names).fetchall()


def is_same_bulletin(one: Path, other: Path) -> bool:
    """Whether two folders hold the same bulletin, whatever code rendered it."""
    return _read_contents(one) == _read_contents(other)


def _read_contents(folder: Path) -> dict[str, bytes]:
    # provenance.json names the code and its checks: the same bulletin by newer code is no new version.
    names = (name for name in list_files(folder) if name != "provenance.json" and not is_of_release(name))
    return {name: (folder / name).read_bytes() for name in names}


def _format_revisions(revisions: list[tuple]) -> bytes:
    made = StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(["figure", "period", "dimension", "member", "old", "new"])
    writer.writerows([disarm(cell) for cell in row] for row in revisions)
    return made.getvalue().encode("utf-8-sig")


def _remove_unfinished(aside: Path) -> None:
    if aside.exists():
        for folder in [aside, *(path for path in aside.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        shutil.rmtree(aside)


def flush_to_disk(path: Path) -> None:
    """Wait until the disk holds the file, or the names in the folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
