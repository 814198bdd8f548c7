"""Files that can be made again, such as dbt's manifest: kept with their SHA-256, so that a broken one is never used.

`seal_file` puts a finished file into place in one step, its SHA-256 behind its content; `read_sealed_file` returns the
content, or None if the file is missing, cut off or altered. One file holds both, because a reader could meet a new
content beside an old sum.
"""

import hashlib
import os
from pathlib import Path

_DIGEST_BYTES = hashlib.sha256().digest_size


def seal_file(made: Path, path: Path) -> None:
    """Move `made`, on the same disk, to `path` with its SHA-256 behind its content."""
    content = made.read_bytes()
    with made.open("ab") as file:
        file.write(hashlib.sha256(content).digest())
    os.replace(made, path)


def read_sealed_file(path: Path) -> bytes | None:
    """The bytes that were sealed, or None if they aren't there any more."""
    try:
        sealed = path.read_bytes()
    except OSError:
        return None
    content, digest = sealed[:-_DIGEST_BYTES], sealed[-_DIGEST_BYTES:]
    return content if hashlib.sha256(content).digest() == digest else None
