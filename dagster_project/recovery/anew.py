"""Begins a rebuild: an empty candidate that takes over what exports and releases do not hold.

`begin_rebuild` takes a home under its lock. It puts the published files aside in `<home>/before-rebuild/` (hard links,
so readers keep what they have until the gate lets the new warehouse through), replaces the candidate by an empty one
with what it could read of the old warehouse, `backup/` and `releases/`, and returns what it did in sentences. The daily
job then does the work; if it is killed, the next `tongbao rebuild` or `run` goes on from the candidate.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from dagster_project.gate.record import create_record_tables
from dagster_project.warehouse.backup import KEY_MARK, TABLES, check_key, export_table
from dagster_project.warehouse.candidate import Candidate, create_delta, open_candidate
from dagster_project.warehouse.damage import Damaged, is_damage
from dagster_project.warehouse.due_bulletins import EXPLORER, INDEX
from ingest.errors import MappingError
from ingest.landing.claim import claim_files
from ingest.mapping.load import load_sources
from ingest.privacy import read_key
from reports.release.folder import find_altered_files
from reports.release.freeze import find_last_version

# table of TABLES -> the table of the candidate that takes its rows over, and what a person calls them
_TAKEN = {
    "accepted": ("quality.accepted", "findings that a person accepted"),
    "check_history": ("quality.check_history", "results of earlier checks"),
    "revisions": ("delta.published_revisions", "revisions"),
    "figures": ("delta.published_figures", "published figures, to find revisions by"),
    "files": ("delta.published_files", "names of loaded files"),
}
_RELEASED = """
    select period, figure, dimension, member, cast(value as double) as value
    from read_csv($1, header = true, all_varchar = true)
"""
_SHOWN = 10


def is_rebuilding(home: Path) -> bool:
    """Whether the candidate was begun by a rebuild that has not been published yet."""
    path = home / "build" / "candidate.duckdb"
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return bool(connection.execute("select 1 from duckdb_tables() where table_name = 'is_rebuild'").fetchall())
    except duckdb.Error:
        return False  # there is none, or it is damaged and is made anew


def begin_rebuild(home: Path, jurisdiction: Path, *, without_missing: bool, new_key: bool) -> Iterator[str]:
    """Begin anew and yield what was done, a sentence each; the caller holds the home.

    Raises Damaged if exports of published rows are gone and not `without_missing`, or if the pseudonym key is not the
    published one and not `new_key`; and MappingError. Nothing is changed then.
    """
    if not new_key:
        check_key(home)
    seed = home / "build" / "seed"
    shutil.rmtree(seed, ignore_errors=True)
    seed.mkdir(parents=True)
    places = {name: _find_rows(home, name, seed) for name in TABLES}
    _require_exports(home, jurisdiction, places["files"], without_missing)

    aside = _make_aside(home)
    yield f"the warehouse and the drafts as they were are in {aside}; delete it once you do not need them any more"
    if new_key:
        yield from _renew_key(home, aside)
    yield from _set_aside(home, aside)
    _begin_candidate(home, places)
    for name, (_, about) in _TAKEN.items():
        if places[name] is None:
            yield f"lost: {about}; neither the old warehouse nor {home / 'backup'} can be read"
    _let_drafts_be_rendered(home)
    shutil.rmtree(seed)


def _find_rows(home: Path, name: str, seed: Path) -> list[Path] | None:
    """The files with rows of table `name`, written to `seed` or kept in `backup/`; None if they are lost."""
    warehouse, kept = home / "warehouse.duckdb", home / "backup" / f"{name}.parquet"
    if not warehouse.exists() and not kept.exists():
        return []
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            export_table(connection, name, seed)
        return [seed / f"{name}.parquet"]
    except duckdb.CatalogException:
        return []  # an older release had no such table
    except duckdb.Error:
        pass  # damaged
    try:
        duckdb.read_parquet(str(kept)).fetchall()
        return [kept]
    except duckdb.Error:
        pass
    return _released_figures(home) if name == "figures" else None


def _released_figures(home: Path) -> list[Path] | None:
    """figures.csv of the newest version of each period that was not altered since its release; None without any."""
    folders = [find_last_version(folder) for folder in sorted((home / "releases").glob("*"))]
    return [f / "figures.csv" for f in folders if f and "figures.csv" not in find_altered_files(f)] or None


def _require_exports(home: Path, jurisdiction: Path, files: list[Path] | None, without_missing: bool) -> None:
    rows = duckdb.read_parquet([str(path) for path in files]).fetchall() if files else []
    there = {claim.name for claim in claim_files(home / "exports", load_sources(jurisdiction))}
    missing = {path: loaded for path, _, _, loaded in sorted(rows) if path not in there}
    if missing and not without_missing:
        shown = ", ".join([*missing][:_SHOWN]) + (f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else "")
        raise Damaged(
            f"{len(missing)} loaded files ({sum(missing.values())} rows) are no longer in {home / 'exports'}: {shown}; "
            "put them back, or lose their rows with `tongbao rebuild --without-missing`"
        )


def _make_aside(home: Path) -> Path:
    number, aside = 1, home / "before-rebuild"
    while aside.exists():
        number += 1
        aside = home / f"before-rebuild-{number}"
    aside.mkdir()
    return aside


def _renew_key(home: Path, aside: Path) -> Iterator[str]:
    """Forget the mark of the old key; put a key that can't be read aside, so that the run makes a new one."""
    (home / "backup" / KEY_MARK).unlink(missing_ok=True)
    path = home / "pseudonym.key"
    try:
        read_key(home)
    except MappingError:
        os.rename(path, aside / path.name)
    yield "every pseudonym is made anew with another key; old and new pseudonyms of a person can't be linked"


def _set_aside(home: Path, aside: Path) -> Iterator[str]:
    """Link the published files into `aside`; move the warehouse there if nobody can open it."""
    warehouse = home / "warehouse.duckdb"
    if (home / "bulletins").is_dir():
        shutil.copytree(home / "bulletins", aside / "bulletins", copy_function=_link)
    elif (home / "bulletins").exists():
        os.rename(home / "bulletins", aside / "bulletins")
    if not warehouse.exists():
        return
    try:
        duckdb.connect(str(warehouse), read_only=True).close()
        _link(warehouse.resolve(), aside / warehouse.name)
        yield f"{warehouse} stays in its place until the new one is published"
    except duckdb.Error as error:
        if not is_damage(str(error)):
            raise
        os.rename(warehouse.resolve(), aside / warehouse.name)
        warehouse.unlink(missing_ok=True)  # where it is a link
        yield f"{warehouse} can't be opened and was moved to {aside}; nothing is published until the rebuild has ended"


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a disk without hard links
        shutil.copy2(source, target)


def _let_drafts_be_rendered(home: Path) -> None:
    """Delete the digest of every draft, and make the folders of lost ones: publication then finds them due.

    Explorer and index, which are files, are deleted and found due like them.
    """
    for digest in (home / "bulletins" / ".digests").glob("*"):
        draft = home / "bulletins" / digest.name
        if draft.exists() and not draft.is_dir():
            draft.unlink()
        if draft.name not in (EXPLORER, INDEX):
            draft.mkdir(exist_ok=True)
        shutil.rmtree(digest) if digest.is_dir() else digest.unlink()


def _begin_candidate(home: Path, places: dict[str, list[Path] | None]) -> None:
    """Replace the candidate by an empty one that holds the rows taken over."""
    candidate = Candidate(home)
    part = candidate.build / "candidate.part"
    candidate.clear_leftovers()
    with open_candidate(part, candidate.build) as connection:
        create_delta(connection)
        create_record_tables(connection)
        connection.execute("create table delta.is_rebuild (since timestamp)")
        for name, (table, _) in _TAKEN.items():
            for path in places[name] or []:
                rows = _RELEASED if path.suffix == ".csv" else "select * from read_parquet($1)"
                rows = "select distinct path from read_parquet($1)" if name == "files" else rows
                connection.execute(f"insert into {table} by name {rows}", [str(path)])
        connection.execute("checkpoint")
    for path in candidate.build.iterdir():
        if path != part and path.name not in ("lock", "seed"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    os.replace(part, candidate.path)
