"""The published file: `<home>/warehouse.duckdb` is a symbolic link to the newest of `<home>/warehouses/<n>.duckdb`.

DuckDB opens a file three times to read it, so a file replaced in between is read half old, half new. It resolves a link
only once, so a reader gets one version whole, and `delete_former` keeps the one before it for a while. Nothing but
publication may write these files: `find_writer` names who does, `set_wals_aside` puts away what that leaves.
"""

import fcntl
import os
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path

PUBLISHED = "warehouse.duckdb"
VERSIONS = "warehouses"
MODE = 0o640  # the owner writes, the group reads, nobody else
_KEPT_SECONDS = 60  # for readers that resolved the link to the former version and have not opened it yet
_LOCK = "hhqqi4x"  # struct flock on 64-bit Linux: type, whence, start, length, process


def name_next(home: Path) -> str:
    """The path, relative to `home`, that the next version of the warehouse gets."""
    numbers = [int(path.stem) for path in (home / VERSIONS).glob("*.duckdb") if path.stem.isdecimal()]
    return f"{VERSIONS}/{max(numbers, default=0) + 1}.duckdb"


def delete_former(home: Path) -> list[str]:
    """Delete the versions that the link doesn't name, unless it is younger than a minute; warnings about refusals."""
    published, warnings = home / PUBLISHED, []
    if not published.exists() or time.time() - published.lstat().st_mtime < _KEPT_SECONDS:
        return []
    for path in (home / VERSIONS).glob("*.duckdb"):
        if path != published.resolve() and not Path(f"{path}.wal").exists():
            try:
                path.unlink()
            except OSError as error:
                warnings.append(f"{path} is no longer needed and can't be deleted ({error.strerror}); delete it")
    return warnings


def set_wals_aside(home: Path, *, even_open: bool) -> list[str]:
    """Move the changes that programs left beside warehouses into `<home>/set-aside/<n>/`; a sentence about each.

    DuckDB keeps such changes in a file named *.wal. The warehouse that they belong to is linked beside them (a hard
    link, no copy), so they can still be read. `even_open`: also those of programs that still have the file open.
    """
    said = []
    for wal in [home / f"{PUBLISHED}.wal", *sorted((home / VERSIONS).glob("*.duckdb.wal"))]:
        file = wal.with_suffix("")
        writer = find_writer(file)
        if not os.path.lexists(wal) or (writer and not even_open):
            continue
        numbers = [int(path.name) for path in (home / "set-aside").glob("*") if path.name.isdecimal()]
        folder = home / "set-aside" / str(max(numbers, default=0) + 1)
        folder.mkdir(parents=True)
        with suppress(OSError):  # a file system without hard links
            os.link(file.resolve(), folder / PUBLISHED)
        os.rename(wal, folder / f"{PUBLISHED}.wal")
        who = f"{writer}, which still has it open; end it" if writer else "a program that opened it for writing"
        said.append(
            f"{wal.name} holds changes to the warehouse by {who}. They are no part of what is published and lie in "
            f"{folder}; delete it if nobody needs them. Open the warehouse with read_only=True"
        )
    return said


def find_writer(path: Path) -> str | None:
    """The process that has the DuckDB file `path` open for writing, e.g. 'process 4711 (python3)'.

    None if no process has, if it runs on another machine, or if this system isn't Linux. Call it while this process has
    no connection to `path`: closing a file drops a process's own locks on it.
    """
    if sys.platform != "linux" or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            answer = fcntl.fcntl(file, fcntl.F_GETLK, struct.pack(_LOCK, fcntl.F_RDLCK, os.SEEK_SET, 0, 0, 0))
    except OSError:
        return None
    kind, _, _, _, process = struct.unpack(_LOCK, answer)
    if kind == fcntl.F_UNLCK:
        return None
    try:
        return f"process {process} ({Path(f'/proc/{process}/comm').read_text(encoding='utf-8').strip()})"
    except OSError:
        return f"process {process}"
