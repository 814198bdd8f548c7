"""Tells whether a file in the landing folder has arrived completely.

From names, locks and open file handles these functions see that a file is still being written; they also read the
control file that a system may deliver beside an export. They return the reason to wait, or the `Control`. They don't
look into the export itself.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import Refused

CONTROL_SUFFIX = ".manifest.json"
# Browsers, curl, rsync and file managers give these names to files that they have not finished.
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".!ut", ".aria2")
_LOCKS = ("~${name}", ".~lock.{name}#")
_PROC = Path("/proc")
_WRITES = 0o3  # O_WRONLY | O_RDWR, the access mode in the flags of an open file (proc(5))


class Control(BaseModel):
    """What a control file states about its export: `rows` below the header, `sha256` of the delivered file in hex."""

    model_config = ConfigDict(frozen=True)

    rows: int | None = Field(default=None, ge=0)
    sha256: str | None = Field(default=None, pattern="^[0-9A-Fa-f]{64}$")
    exported_on: date | None = None


def parse_control(text: bytes) -> Control:
    """The content of a control file; raises Refused unless it is a JSON object of `Control`'s fields."""
    try:
        return Control.model_validate(json.loads(text.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        place = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise Refused(
            f"has a control file that can't be read ({place or 'JSON'}); it may hold rows (a number), sha256 "
            "(64 hex digits) and exported_on (a day as 2022-03-01)"
        ) from None


def explain_unfinished(path: Path, written: frozenset[str]) -> str | None:
    """Why the file at `path` must wait, None if there is no reason; `written`: paths that are open for writing."""
    if path.name.lower().endswith(_UNFINISHED):
        return f"still has the name of an unfinished copy (*{path.suffix}); it is read once it has its own name"
    if str(path.resolve()) in written:
        return "is being written by another program; it is read once that has closed it"
    for form in _LOCKS:
        lock = path.with_name(form.format(name=path.name))
        if lock.exists():
            return f"is open in a spreadsheet program ({lock.name} is beside it); close it, or delete that file"
    return None


def list_open_files(folder: Path) -> frozenset[str]:
    """Real paths of the files under `folder` that a process has open for writing; empty where there is no /proc.

    /proc shows only the processes of this account. A file that another account writes is noticed because `read_stamp`
    changes while it is read, or because its control file disagrees.
    """
    root, open_files = f"{folder.resolve()}/", set()
    for link in _PROC.glob("[0-9]*/fd/*"):
        try:
            target = str(link.readlink())
            if target.startswith(root):
                flags = (link.parent.parent / "fdinfo" / link.name).read_text().split("flags:")[1].split()[0]
                if int(flags, 8) & _WRITES:
                    open_files.add(target)
        except (OSError, IndexError):  # the process ended or closed the file meanwhile
            continue
    return frozenset(open_files)


def read_stamp(path: Path) -> tuple[int, int]:
    """Size and time of the last change in nanoseconds: if two stamps differ, the file was written between them."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns
