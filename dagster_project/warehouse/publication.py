"""Publication: the candidate, bulletins and worklists take the place of what is published, all or nothing.

`publish` writes a journal of moves and then makes them; `finish_publication` completes a journal that a killed run
left, and every run calls it first. The assets write bulletins and worklists into `<home>/build/<kind>/` beforehand.
`may_publish.py` decides whether the candidate may be published, `due_bulletins.py` which bulletins are rendered.
"""

import json
import os
import shutil
from pathlib import Path

from dagster_project.warehouse.backup import write_backup, write_sums
from dagster_project.warehouse.candidate import UNPUBLISHED_SCHEMAS, Candidate

STAGED = ("backup", "bulletins", "worklists")  # folders of the home that are published together with the warehouse


def staging_folder(home: Path, kind: str) -> Path:
    """The folder in which bulletins (one folder a period) or worklists (one a day) are made before publication."""
    return home / "build" / kind


def publish(candidate: Candidate) -> None:
    """Publish the candidate and everything staged beside it; if this is cut short, the next run completes it."""
    backup = staging_folder(candidate.home, "backup")
    with candidate.connect() as connection:
        write_backup(connection, candidate.home, backup)
        for schema in UNPUBLISHED_SCHEMAS:
            connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute("checkpoint")
    write_sums(backup, candidate.path)
    moves = {}
    for kind in STAGED:
        for folder in sorted((candidate.build / kind).glob("*")):
            moves[f"build/{kind}/{folder.name}"] = f"{kind}/{folder.name}"
    moves["build/candidate.duckdb"] = "warehouse.duckdb"
    publish_moves(candidate.home, moves)


def publish_moves(home: Path, moves: dict[str, str]) -> None:
    """Make `moves` (source -> target, both relative to `home`), each replacing what lies at its target."""
    for path in [home / source for source in moves]:
        for file in [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]:
            _sync(file)
    journal = home / "build" / "publication.json"
    draft = journal.with_suffix(".part")
    draft.write_text(json.dumps(moves), encoding="utf-8")
    _sync(draft)
    os.replace(draft, journal)
    finish_publication(home)


def finish_publication(home: Path) -> None:
    """Make the moves of the journal that are still to be made, if there is a journal."""
    journal = home / "build" / "publication.json"
    if not journal.exists():
        return
    for source, target in json.loads(journal.read_text(encoding="utf-8")).items():
        source, target = home / source, home / target
        if not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
        os.replace(source, target)
    _sync(home)
    journal.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
