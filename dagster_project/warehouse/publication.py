"""Publication: the candidate, bulletins and worklists take the place of what is published, all or nothing.

The assets write bulletins and worklists into `<home>/build/<kind>/` beforehand. `publish` swaps them in and replaces
the link to the warehouse last: that one rename decides. `finish_publication` undoes a publication that was cut short
before that rename, and completes one that was cut short after it; every command that writes calls it first. `moves.py`
makes the moves, `may_publish.py` decides whether the candidate may be published.
"""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from dagster_project.warehouse.backup import BACKUP, write_backup, write_sums
from dagster_project.warehouse.candidate import UNPUBLISHED_SCHEMAS, Candidate
from dagster_project.warehouse.lock import hold_lock
from dagster_project.warehouse.moves import (
    NotPublished,
    check_moves,
    delete_replaced,
    is_cut_short,
    journal_path,
    make_moves,
    read_journal,
    settle_moves,
)
from dagster_project.warehouse.published_file import (
    MODE,
    PUBLISHED,
    VERSIONS,
    delete_former,
    find_writer,
    name_next,
    set_wals_aside,
)
from dagster_project.warehouse.replacement import describe_refusal

STAGED = ("bulletins", "worklists")  # folders of the home that are published together with the warehouse
_log = logging.getLogger(__name__)
_CANDIDATE, _LINK = "build/candidate.duckdb", "build/warehouse.link"


def staging_folder(home: Path, kind: str) -> Path:
    """The folder in which bulletins (one folder a period) or worklists (one a day) are made before publication."""
    return home / "build" / kind


def empty_staging(home: Path, kind: str) -> Path:
    """Make the staging folder of `kind` anew and empty; returns it."""
    folder = staging_folder(home, kind)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def hold_home(home: Path, who: str) -> TextIO:
    """Take the home's lock, and finish a publication that was cut short; raises RunInProgress or CutShort."""
    lock = hold_lock(home, who)
    try:
        for warning in finish_publication(home):
            _log.warning(warning)
    except BaseException:
        lock.close()
        raise
    return lock


def check_targets(home: Path) -> None:
    """Raise NotPublished if a run could not read the published file, or could not publish what it builds."""
    if writer := find_writer(home / PUBLISHED):
        raise NotPublished(
            f"{writer} has {home / PUBLISHED} open for writing; close it there, then run again. "
            "Open the published warehouse with read_only=True"
        )
    with tempfile.TemporaryDirectory(prefix="targets-", dir=home / "build") as folder, open(f"{folder}/file", "x"):
        folders = [home / kind for kind in (*STAGED, VERSIONS) if (home / kind).exists()]
        check_moves(Path(folder), [("file", home / PUBLISHED), *((".", path / "next") for path in folders)])


def publish(candidate: Candidate) -> list[str]:
    """Publish the candidate and everything staged beside it; returns warnings. Raises NotPublished or CutShort."""
    moves = {}
    for kind in STAGED:
        for path in _staged(staging_folder(candidate.home, kind)):
            moves[f"build/{path}"] = str(path)
    moves[f"build/{BACKUP}"] = BACKUP
    moves |= moves_of_warehouse(candidate.home)
    backup = staging_folder(candidate.home, BACKUP)
    with candidate.connect() as connection:
        write_backup(connection, candidate.home, backup)
    check_moves(candidate.home, moves.items())
    with candidate.connect() as connection:
        for schema in UNPUBLISHED_SCHEMAS:
            connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute("checkpoint")
    write_sums(backup, candidate.path)
    candidate.path.chmod(MODE)
    return make_moves(candidate.home, moves)


def moves_of_warehouse(home: Path) -> dict[str, str]:
    """The candidate becomes the next version, then a link to it the published file; without links, that file itself."""
    version, link = name_next(home), home / _LINK
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(version)
    except OSError:  # SMB, exFAT: a reader that opens the file while it is replaced has to open it again
        return {_CANDIDATE: PUBLISHED}
    return {_CANDIDATE: version, _LINK: PUBLISHED}


def finish_publication(home: Path) -> list[str]:
    """Complete or undo a publication that was cut short, and clear up after it; returns warnings. Raises CutShort."""
    warnings = []
    if is_cut_short(home):
        if read_journal(home):
            settle_moves(home)
        else:
            warnings.append(_forget_publication(home))
    try:
        warnings += set_wals_aside(home, even_open=False)
    except OSError as error:
        warnings.append(describe_refusal(error, error.filename or home, "moved away"))
    return [*warnings, *delete_replaced(home), *delete_former(home)]


def _forget_publication(home: Path) -> str:
    """Without a readable journal: have worklists made and all bulletins rendered again, so that all fit together."""
    for path in [*(staging_folder(home, kind) for kind in STAGED), home / "bulletins" / ".digests"]:
        shutil.rmtree(path, ignore_errors=True)
    journal_path(home).unlink()
    return (
        f"{journal_path(home)} could not be read, so it is unknown how far the last publication came: bulletins and "
        "worklists may not fit the warehouse until the next run has published; it renders every bulletin anew"
    )


def _staged(folder: Path) -> Iterator[Path]:
    """What is moved as one, relative to `build`: each file and folder of `folder`, and each file of hidden folders."""
    for path in sorted(folder.glob("*")):
        if path.is_dir() and path.name.startswith("."):
            yield from (file.relative_to(folder.parent) for file in sorted(path.iterdir()))
        else:
            yield path.relative_to(folder.parent)
