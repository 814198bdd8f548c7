"""Guards the published file against programs that open it for writing, which nothing but publication may do.

DuckDB writes changes first into `warehouse.duckdb.wal`. Such a file beside a newly published one makes DuckDB refuse to
open it, so `set_wal_aside` moves it into `<home>/set-aside/<n>/`, with the file that it belongs to. `find_writer` asks
the system which process holds a file open for writing.
"""

import fcntl
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path

MODE = 0o640  # the owner writes, the group reads, nobody else
_LOCK = "hhqqi4x"  # struct flock on 64-bit Linux: type, whence, start, length, process


def set_wal_aside(home: Path) -> str | None:
    """Move `warehouse.duckdb.wal` away, so that the published file opens; a sentence about it, or None without one.

    The warehouse that it belongs to is linked beside it (a hard link, no copy), so its changes can still be read.
    """
    published, wal = home / "warehouse.duckdb", home / "warehouse.duckdb.wal"
    if not os.path.lexists(wal):
        return None
    number = 1 + max((int(path.name) for path in (home / "set-aside").glob("*") if path.name.isdecimal()), default=0)
    folder = home / "set-aside" / str(number)
    folder.mkdir(parents=True)
    writer = find_writer(published)
    with suppress(OSError):  # a file system without hard links
        os.link(published, folder / published.name)
    os.rename(wal, folder / wal.name)
    who = f"{writer}, which still has it open; end it" if writer else "a program that opened it for writing"
    return (
        f"warehouse.duckdb.wal holds changes to warehouse.duckdb made by {who}. They are no part of what is published "
        f"and lie in {folder}; delete it if nobody needs them. Open the warehouse with read_only=True"
    )


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
