"""Files that can be made again, such as dbt's manifest: kept with their SHA-256, so that a broken one is never used.

`seal_file` moves a finished file into place and writes `<name>.sha256` beside it; `read_sealed_file` returns its bytes,
or None if the file is missing, cut off or altered. If a process is killed between both steps, the file does not count.
"""

import hashlib
import os
from pathlib import Path


def seal_file(made: Path, path: Path) -> None:
    """Move `made` to `path`, on the same disk, and write its SHA-256 beside it."""
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    os.replace(made, path)
    part = made.with_name(f"{made.name}.sha256")
    part.write_text(digest, encoding="ascii")
    os.replace(part, _seal(path))


def read_sealed_file(path: Path) -> bytes | None:
    """The bytes that were sealed, or None if they aren't there any more."""
    try:
        content, digest = path.read_bytes(), _seal(path).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest().encode() == digest else None


def delete_sealed_file(path: Path) -> None:
    """Delete the file and its SHA-256."""
    for part in (path, _seal(path)):
        part.unlink(missing_ok=True)


def _seal(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")
