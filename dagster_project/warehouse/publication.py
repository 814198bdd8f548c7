"""Publication: the candidate, bulletins and worklists take the place of what is published, all or nothing.

The assets write bulletins and worklists into `<home>/build/<kind>/` beforehand. `publish` tries what could fail, writes
a journal of moves, swaps folders in and replaces the warehouse last: that one rename decides. `finish_publication`
undoes a publication that was cut short before that rename and completes one that was cut short after it; everything
that takes the home's lock calls it first. `may_publish.py` decides whether the candidate may be published.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from dagster_project.warehouse.candidate import UNPUBLISHED_SCHEMAS, Candidate
from dagster_project.warehouse.lock import hold_lock
from dagster_project.warehouse.published_file import MODE, find_writer, set_wal_aside
from dagster_project.warehouse.replacement import describe_refusal, find_obstacle, mend_swap, swap

STAGED = ("bulletins", "worklists")  # folders of the home that are published together with the warehouse
_log = logging.getLogger(__name__)
_CANDIDATE, _PUBLISHED = "build/candidate.duckdb", "warehouse.duckdb"


class NotPublished(Exception):
    """What is published stays as it was; the message says which path was in the way, why, and what to do."""


class CutShort(Exception):
    """A publication could be neither completed nor undone; the message says which path is in the way and what to do."""


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
    if writer := find_writer(home / _PUBLISHED):
        raise NotPublished(
            f"{writer} has {home / _PUBLISHED} open for writing; close it there, then run again. "
            "Open the published warehouse with read_only=True"
        )
    with tempfile.TemporaryDirectory(prefix="targets-", dir=home / "build") as folder, open(f"{folder}/file", "x"):
        _check_moves(Path(folder), [("file", home / _PUBLISHED), *((".", home / kind / "next") for kind in STAGED)])


def publish(candidate: Candidate) -> list[str]:
    """Publish the candidate and everything staged beside it; returns warnings. Raises NotPublished or CutShort."""
    moves = {}
    for kind in STAGED:
        for path in _staged(staging_folder(candidate.home, kind)):
            moves[f"build/{path}"] = str(path)
    moves[_CANDIDATE] = _PUBLISHED
    _check_moves(candidate.home, moves.items())
    with candidate.connect() as connection:
        for schema in UNPUBLISHED_SCHEMAS:
            connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute("checkpoint")
    candidate.path.chmod(MODE)
    return publish_moves(candidate.home, moves)


def publish_moves(home: Path, moves: dict[str, str]) -> list[str]:
    """Make `moves` (source -> target, both relative to `home`), all or none; the last one decides. Returns warnings.

    Each source replaces what lies at its target. Raises NotPublished before anything is changed, or after every change
    was undone, and CutShort if undoing failed.
    """
    _check_moves(home, moves.items())
    try:
        for source in moves:
            for file in _list_files(home / source):
                _sync(file)
        _write_journal(home, moves)
    except OSError as error:
        raise NotPublished(describe_refusal(error, error.filename or home / "build", "written")) from None
    warnings, refusal = [], None
    try:
        for source, target in moves.items():
            if target == _PUBLISHED:
                warnings += filter(None, [set_wal_aside(home)])
                os.replace(home / source, home / target)
            else:
                swap(home / source, home / target)
    except OSError as error:
        refusal = describe_refusal(error, home / target)
    finally:
        is_published = _settle(home)
    if not is_published:
        raise NotPublished(refusal)
    return [*warnings, *_delete_replaced(home)]


def finish_publication(home: Path) -> list[str]:
    """Complete or undo a publication that was cut short, and clear up after it; returns warnings. Raises CutShort."""
    warnings = []
    if is_cut_short(home):
        if _read_journal(home):
            _settle(home)
        else:
            warnings.append(_forget_publication(home))
    if not find_writer(home / _PUBLISHED):
        try:
            warnings += filter(None, [set_wal_aside(home)])
        except OSError as error:
            warnings.append(describe_refusal(error, home / f"{_PUBLISHED}.wal", "moved away"))
    return [*warnings, *_delete_replaced(home)]


def is_cut_short(home: Path) -> bool:
    """Whether warehouse and bulletins may not belong together, because a publication was not finished."""
    return _journal(home).exists()


def _check_moves(home: Path, moves: Iterable[tuple[str, str | Path]]) -> None:
    for source, target in moves:
        if obstacle := find_obstacle(home / source, home / target):
            raise NotPublished(obstacle)


def _settle(home: Path) -> bool:
    """Bring every target into the state of the last one; whether that is the new one. Ends the journal."""
    moves = _read_journal(home)
    is_published = _is_made(home, **moves[-1])
    try:
        for move in moves:
            staged, target = home / move["source"], home / move["target"]
            mend_swap(staged, target)
            if _is_made(home, **move) != is_published:
                swap(staged, target)
        for target in {(home / move["target"]).parent for move in moves}:
            _sync(target)
        if is_published:
            _put_away(home, [home / move["source"] for move in moves])
        _journal(home).unlink()
    except OSError as error:
        which = f"{moves[-1]['target']} is {'the new' if is_published else 'the former'} one"
        raise CutShort(
            f"publication was cut short: {which}, but {describe_refusal(error, target)}; then run again, which "
            f"{'completes' if is_published else 'undoes'} the publication"
        ) from None
    return is_published


def _is_made(home: Path, source: str, target: str, digest: str | None) -> bool:
    """Whether a move was made: its target has the recorded content or, without a digest, its source is gone."""
    return _digest(home / target) == digest if digest else not (home / source).exists()


def _read_journal(home: Path) -> list[dict[str, Any]] | None:
    """The moves as recorded, None if the journal is damaged or of an older release."""
    try:
        record = json.loads(_journal(home).read_text(encoding="utf-8"))
        return [{key: move[key] for key in ("source", "target", "digest")} for move in record] or None
    except (ValueError, LookupError, TypeError):
        return None


def _write_journal(home: Path, moves: dict[str, str]) -> None:
    """Record the moves, with the content of each but the warehouse, which is too large to be read for this."""
    draft = _journal(home).with_suffix(".part")
    record = [
        {"source": source, "target": target, "digest": None if target == _PUBLISHED else _digest(home / source)}
        for source, target in moves.items()
    ]
    draft.write_text(json.dumps(record), encoding="utf-8")
    _sync(draft)
    os.replace(draft, _journal(home))
    _sync(draft.parent)


def _forget_publication(home: Path) -> str:
    """Without a readable journal: have worklists made and all bulletins rendered again, so that all fit together."""
    for path in [*(staging_folder(home, kind) for kind in STAGED), home / "bulletins" / ".digests"]:
        shutil.rmtree(path, ignore_errors=True)
    _journal(home).unlink()
    return (
        f"{_journal(home)} could not be read, so it is unknown how far the last publication came: bulletins and "
        "worklists may not fit the warehouse until the next run has published; it renders every bulletin anew"
    )


def _put_away(home: Path, replaced: list[Path]) -> None:
    """Move what was replaced out of the staging folders, where the next run would take it for its own."""
    (home / "build" / "replaced").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=home / "build" / "replaced"))
    for number, path in enumerate(replaced):
        if os.path.lexists(path):
            os.rename(path, folder / str(number))


def _delete_replaced(home: Path) -> list[str]:
    """Delete what was replaced; a warning about what can't be deleted, which each run tries again."""
    folder, refused = home / "build" / "replaced", []
    shutil.rmtree(folder, onerror=lambda _, path, error: refused.append(f"{path} ({error[1].strerror})"))
    if not folder.exists():
        return []
    return [f"{folder} holds what was replaced and can't be deleted: {refused[0]}; mend that or delete it yourself"]


def _staged(folder: Path) -> Iterator[Path]:
    """What is moved as one, relative to `build`: each file and folder of `folder`, and each file of hidden folders."""
    for path in sorted(folder.glob("*")):
        if path.is_dir() and path.name.startswith("."):
            yield from (file.relative_to(folder.parent) for file in sorted(path.iterdir()))
        else:
            yield path.relative_to(folder.parent)


def _digest(path: Path) -> str | None:
    """A sha256 over the names and bytes of a file or folder; None if there is nothing."""
    if not path.exists():
        return None
    digest = hashlib.sha256()
    for file in _list_files(path):
        digest.update(f"{file.relative_to(path)} {file.stat().st_size} ".encode() + file.read_bytes())
    return digest.hexdigest()


def _list_files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())


def _journal(home: Path) -> Path:
    return home / "build" / "publication.json"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
