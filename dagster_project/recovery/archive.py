"""A whole home in one tar file, and a new home from such a file.

`write_archive` packs what a home holds, of one publication, while runs go on; `read_archive` unpacks it into an empty
home once every file has proven to be as it was packed. Left out is what a run makes again by itself: the candidate and
dbt's cache. The archive ends with the SHA-256 of each file, so one that was cut off is known as such. A second copy of
what exports do not hold lies in the home itself: `warehouse/backup.py` writes it.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from dagster_project.warehouse.backup import BACKUP, hash_file
from dagster_project.warehouse.damage import Damaged
from dagster_project.warehouse.lock import RunInProgress
from dagster_project.warehouse.moves import is_cut_short
from dagster_project.warehouse.publication import STAGED, hold_home
from dagster_project.warehouse.published_file import PUBLISHED, VERSIONS
from reports.release.freeze import flush_to_disk

_SUMS = "sums.json"  # the last member: path -> SHA-256 of every file before it
_RESTORING = "restoring-"  # the folder of a home in which an archive is unpacked and proven
_LEFT_OUT = {"build", "dbt", "set-aside", VERSIONS}  # the published version is added by itself
_LEFT_OUT_TOO = ("before-rebuild", _RESTORING, PUBLISHED)  # beginnings of names
_OF_SQLITE = ("-wal", "-shm", "-journal")
_MOST_ATTEMPTS = 5
_LONGEST_PUBLICATION_SECONDS = 60


class Archive(NamedTuple):
    """How many files an archive holds, and their bytes."""

    files: int
    size: int


class NotPacked(Exception):
    """The home changed again and again while it was packed; the message says what to do."""


class _HashingReader:
    """A file that hashes what is read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.digest.update(content)
        return content


def write_archive(home: Path, target: Path) -> Archive:
    """Pack `home` into `target`, compressed if its name ends in .gz; returns what it holds.

    Holds no lock. If warehouse, drafts, worklists or releases change meanwhile, the home is packed once more. Raises
    NotPacked after five attempts, CutShort (warehouse/moves.py) and OSError; `target` is not there then.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        for _ in range(_MOST_ATTEMPTS):
            before = _wait_for_publication(home)
            archive = _pack(home, part)
            if archive and before == _read_state(home):
                flush_to_disk(part)
                os.replace(part, target)
                flush_to_disk(target.parent)
                return archive
    finally:
        part.unlink(missing_ok=True)
    raise NotPacked(f"{home} changed {_MOST_ATTEMPTS} times while it was packed; nothing is written, so try it later")


def read_archive(source: Path, home: Path) -> Archive:
    """Unpack `source` into `home`, a folder that holds nothing; returns what the archive holds.

    All is proven before anything is put in its place, the warehouse last. Raises Damaged if the archive was cut off or
    altered, and OSError; `home` holds nothing then.
    """
    folder = Path(tempfile.mkdtemp(prefix=_RESTORING, dir=home))
    try:
        sums = _unpack(source, folder)
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        files.pop(PUBLISHED, None) if (folder / PUBLISHED).is_symlink() else None
        for name in sorted(sums.keys() | files.keys()):
            if name not in files or sums.get(name) != hash_file(files[name]):
                raise Damaged(f"{source}: {name} is lost or not as it was packed; take another backup")
            flush_to_disk(files[name])
        size = sum(path.stat().st_size for path in files.values())
        for path in sorted(folder.iterdir(), key=lambda path: path.name == PUBLISHED):
            path.rename(home / path.name)
        flush_to_disk(home)
    finally:
        for path in [folder, *folder.rglob("*")]:  # folders of releases are read-only
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o750)
        shutil.rmtree(folder)
    return Archive(len(files), size)


def _wait_for_publication(home: Path) -> list[tuple[str, int, int]]:
    """The state of what is published, between two publications; one that was cut short is completed or undone."""
    deadline = time.monotonic() + _LONGEST_PUBLICATION_SECONDS
    while (state := _read_state(home)) is None:
        if time.monotonic() > deadline:
            raise NotPacked(f"a publication of {home} takes longer than a minute; nothing is written, so try it later")
        with suppress(RunInProgress):
            hold_home(home, "backup").close()
        time.sleep(0.01)
    return state


def _read_state(home: Path) -> list[tuple[str, int, int]] | None:
    """(path, inode, time) of whatever a publication, a rendering or a release replaces; None while it is replaced."""
    if is_cut_short(home):
        return None
    folders = [home / BACKUP, *(path for kind in STAGED for path in (home / kind).glob("*"))]
    released = [*(home / "releases").glob("*")]
    try:
        state = [(str(path), os.lstat(path)) for path in sorted([*folders, *released]) if path.exists()]
        state += [(PUBLISHED, os.stat(home / PUBLISHED))] if (home / PUBLISHED).exists() else []
    except FileNotFoundError:
        return None
    return [(path, status.st_ino, status.st_mtime_ns) for path, status in state]


def _pack(home: Path, part: Path) -> Archive | None:
    """Write the archive to `part`; None if a file became shorter while it was read."""
    sums, size = {}, 0
    with tempfile.TemporaryDirectory(prefix=".tongbao-", dir=part.parent) as folder:
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it holds the pseudonym key
        mode = "w:gz" if part.name.removesuffix(".part").endswith(".gz") else "w"
        with open(opened, "wb") as file, tarfile.open(fileobj=file, mode=mode, dereference=True) as archive:
            for name, path in _list_members(home, Path(folder)):
                if path.is_dir():
                    archive.addfile(archive.gettarinfo(path, name))
                    continue
                try:
                    source = path.open("rb")
                except FileNotFoundError:
                    continue  # a run deletes what it no longer keeps; what is published is compared afterwards
                with source:
                    info, reader = archive.gettarinfo(arcname=name, fileobj=source), _HashingReader(source)
                    try:
                        archive.addfile(info, reader)
                    except OSError as error:
                        if error.errno:
                            raise
                        return None
                sums[name] = reader.digest.hexdigest()
                size += info.size
            _add_link(archive, home / PUBLISHED)
            content = json.dumps(sums, indent=0).encode()
            info = tarfile.TarInfo(_SUMS)
            info.size = len(content)
            archive.addfile(info, BytesIO(content))
    return Archive(len(sums), size)


def _list_members(home: Path, copies: Path) -> Iterator[tuple[str, Path]]:
    """(name in the archive, path) of each folder and file; Dagster's databases are copied into `copies` for it."""
    for top in sorted(home.iterdir()):
        if top.name in _LEFT_OUT or top.name.startswith(_LEFT_OUT_TOO):
            continue
        for path in (top, *sorted(top.rglob("*"))):
            name = path.relative_to(home).as_posix()
            if path.suffix == ".db" and path.is_file():
                yield name, _copy_database(path, copies / "copy.db")
            elif path.is_dir() or (path.is_file() and not path.name.endswith(_OF_SQLITE)):
                yield name, path
    published = home / PUBLISHED
    if published.is_symlink():
        yield os.readlink(published), published.resolve()
    elif published.exists():
        yield PUBLISHED, published


def _copy_database(path: Path, copy: Path) -> Path:
    """A copy of a database of SQLite as it is between two transactions; the file itself if it is damaged."""
    copy.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.DatabaseError:
        return path
    return copy


def _add_link(archive: tarfile.TarFile, published: Path) -> None:
    if published.is_symlink():
        link = tarfile.TarInfo(PUBLISHED)
        link.type, link.linkname = tarfile.SYMTYPE, os.readlink(published)
        link.mtime = published.lstat().st_mtime
        archive.addfile(link)


def _unpack(source: Path, folder: Path) -> dict[str, str]:
    """Unpack into `folder` and return the sums; raises Damaged."""
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        sums = json.loads((folder / _SUMS).read_bytes())
        (folder / _SUMS).unlink()
    except FileNotFoundError:
        raise Damaged(f"{source} was cut off, or is no backup of a home; take another one") from None
    except (tarfile.TarError, EOFError, zlib.error, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise  # the disk's fault, not the archive's
        raise Damaged(f"{source} is damaged, or no backup of a home ({error}); take another one") from None
    return sums
