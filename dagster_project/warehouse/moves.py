"""Moves files and folders to their places, all or none: tried beforehand, journalled, undone or completed.

`make_moves` swaps each source with its target and makes the last move last: that one decides whether the others count.
A killed process leaves `<home>/build/publication.json`; `settle_moves` then undoes the moves before the last, or
completes them if the last was made. What was replaced waits in `<home>/build/replaced` until it can be deleted.
`publication.py` says what is moved.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dagster_project.warehouse.published_file import PUBLISHED, VERSIONS, set_wals_aside
from dagster_project.warehouse.replacement import describe_refusal, find_obstacle, mend_swap, swap
from reports.release.freeze import flush_to_disk


class NotPublished(Exception):
    """What is published stays as it was; the message says which path was in the way, why, and what to do."""


class CutShort(Exception):
    """A publication could be neither completed nor undone; the message says which path is in the way and what to do."""


def make_moves(home: Path, moves: dict[str, str]) -> list[str]:
    """Make `moves` (source -> target, both relative to `home`), all or none; the last one decides. Returns warnings.

    Each source replaces what lies at its target. Raises NotPublished before anything is changed, or after every change
    was undone, and CutShort if undoing failed.
    """
    check_moves(home, moves.items())
    try:
        for source in moves:
            for file in _list_files(home / source):
                flush_to_disk(file)
        _write_journal(home, moves)
    except OSError as error:
        raise NotPublished(describe_refusal(error, error.filename or home / "build", "written")) from None
    warnings, refusal = [], None
    try:
        for source, target in moves.items():
            if target == PUBLISHED:
                warnings += set_wals_aside(home, even_open=True)
                os.replace(home / source, home / target)
            else:
                swap(home / source, home / target)
    except OSError as error:
        refusal = describe_refusal(error, home / target)
    finally:
        is_published = settle_moves(home)
    if not is_published:
        raise NotPublished(refusal)
    return [*warnings, *delete_replaced(home)]


def is_cut_short(home: Path) -> bool:
    """Whether warehouse and bulletins may not belong together, because a publication was not finished."""
    return journal_path(home).exists()


def check_moves(home: Path, moves: Iterable[tuple[str, str | Path]]) -> None:
    """Raise NotPublished if one of `moves` (source, target) could not be made; changes nothing that a reader sees."""
    for source, target in moves:
        if obstacle := find_obstacle(home / source, home / target):
            raise NotPublished(obstacle)


def settle_moves(home: Path) -> bool:
    """Bring every target into the state of the last one; whether that is the new one. Ends the journal."""
    moves = read_journal(home)
    is_published = _is_made(home, **moves[-1])
    try:
        for move in moves:
            staged, target = home / move["source"], home / move["target"]
            mend_swap(staged, target)
            if _is_made(home, **move) != is_published:
                swap(staged, target)
        for target in {(home / move["target"]).parent for move in moves}:
            flush_to_disk(target)
        if is_published:
            _put_away(home, [home / move["source"] for move in moves])
        journal_path(home).unlink()
    except OSError as error:
        which = f"{moves[-1]['target']} is {'the new' if is_published else 'the former'} one"
        raise CutShort(
            f"publication was cut short: {which}, but {describe_refusal(error, target)}; then run again, which "
            f"{'completes' if is_published else 'undoes'} the publication"
        ) from None
    return is_published


def delete_replaced(home: Path) -> list[str]:
    """Delete what was replaced; a warning about what can't be deleted, which each run tries again."""
    folder, refused = home / "build" / "replaced", []
    shutil.rmtree(folder, onerror=lambda _, path, error: refused.append(f"{path} ({error[1].strerror})"))
    if not folder.exists():
        return []
    return [f"{folder} holds what was replaced and can't be deleted: {refused[0]}; mend that or delete it yourself"]


def journal_path(home: Path) -> Path:
    """Where the moves are recorded while they are made."""
    return home / "build" / "publication.json"


def read_journal(home: Path) -> list[dict[str, Any]] | None:
    """The moves as recorded, None if the journal is damaged or of an older release."""
    try:
        record = json.loads(journal_path(home).read_text(encoding="utf-8"))
        return [{key: move[key] for key in ("source", "target", "digest")} for move in record] or None
    except (ValueError, LookupError, TypeError):
        return None


def _is_made(home: Path, source: str, target: str, digest: str | None) -> bool:
    """Whether a move was made: its target has the recorded content or, without a digest, its source is gone."""
    return _digest(home / target) == digest if digest else not os.path.lexists(home / source)


def _write_journal(home: Path, moves: dict[str, str]) -> None:
    """Record the moves, each with its content; not the warehouse's, which is too large to be read for this."""
    draft = journal_path(home).with_suffix(".part")
    record = [
        {"source": source, "target": target, "digest": None if _is_warehouse(target) else _digest(home / source)}
        for source, target in moves.items()
    ]
    draft.write_text(json.dumps(record), encoding="utf-8")
    flush_to_disk(draft)
    os.replace(draft, journal_path(home))
    flush_to_disk(draft.parent)


def _is_warehouse(target: str) -> bool:
    return target == PUBLISHED or Path(target).parts[0] == VERSIONS


def _put_away(home: Path, replaced: list[Path]) -> None:
    """Move what was replaced out of the staging folders, where the next run would take it for its own."""
    (home / "build" / "replaced").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=home / "build" / "replaced"))
    for number, path in enumerate(replaced):
        if os.path.lexists(path):
            os.rename(path, folder / str(number))


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
