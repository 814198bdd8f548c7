"""The lock on a runtime home: one process writes at a time, whether Dagster or the command line started it.

`hold_lock` takes a lock on `<home>/build/lock` and writes into it who holds it. The operating system releases the lock
when the process ends, also when it is killed. The module knows nothing of the work that a caller does under the lock.
"""

import fcntl
import os
import time
from pathlib import Path
from typing import TextIO

from reports.words.locale import words


class RunInProgress(Exception):
    """Another process holds the home; the message says which."""


def hold_lock(home: Path, who: str, patience_seconds: float = 0) -> TextIO:
    """Take the lock of `home` until the returned file is closed; raises RunInProgress with the holder.

    With `patience_seconds` it waits so long for the holder to end.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            return _take_lock(home, who)
        except RunInProgress:
            if time.monotonic() >= deadline:
                raise
            time.sleep(min(1, patience_seconds))


def is_held(home: Path) -> bool:
    """Whether a process holds the home at this moment."""
    path = home / "build" / "lock"
    if not path.exists():
        return False
    with path.open(encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _take_lock(home: Path, who: str) -> TextIO:
    (home / "build").mkdir(parents=True, exist_ok=True)
    lock = os.fdopen(os.open(home / "build" / "lock", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640), "a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise RunInProgress(words("home.in_progress", holder=holder)) from None
    lock.truncate(0)
    lock.write(f"process {os.getpid()}, {who}")
    lock.flush()
    return lock
