"""Whether a file of the landing folder has arrived wholly: still being written, or described by a control file.

What is in the export is not looked at. It hands on why a file must wait, and what its control file says of it.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.landing.unpack import Refused

CONTROL_SUFFIX = ".manifest.json"
# names under which browsers, curl, rsync and file managers keep what they have not finished
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".!ut", ".aria2")
_LOCKS = ("~${name}", ".~lock.{name}#")
_PROC = Path("/proc")
_WRITES = 0o3  # O_WRONLY | O_RDWR, the access mode in the flags of an open file (proc(5))


class Control(BaseModel):
    """What a control file says of its export: `rows` under the header, `sha256` in hex of the file as delivered."""

    model_config = ConfigDict(frozen=True)

    rows: int | None = Field(default=None, ge=0)
    sha256: str | None = Field(default=None, pattern="^[0-9A-Fa-f]{64}$")
    exported_on: date | None = None


def read_control(text: bytes) -> Control:
    """The control file's content; raises Refused when it isn't the JSON object it should be."""
    try:
        return Control.model_validate(json.loads(text.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        place = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise Refused(
            f"has a control file that can't be read ({place or 'JSON'}); it may hold rows (a number), sha256 "
            "(64 hex digits) and exported_on (a day as 2022-03-01)"
        ) from None


def why_unfinished(path: Path, written: frozenset[str]) -> str | None:
    """Why the file at `path` must wait, None when nothing speaks for it; `written`: paths that are open for writing."""
    if path.name.lower().endswith(_UNFINISHED):
        return f"still has the name of an unfinished copy (*{path.suffix}); it is read once it has its own name"
    if str(path.resolve()) in written:
        return "is being written by another program; it is read once that has closed it"
    lock = next((path.with_name(n) for n in (form.format(name=path.name) for form in _LOCKS)
                 if path.with_name(n).exists()), None)  # fmt: skip
    if lock:
        return f"is open in a spreadsheet program ({lock.name} lies beside it); close it, or delete that file"
    return None


def open_for_writing(folder: Path) -> frozenset[str]:
    """Real paths of the files under `folder` that a process has open for writing; empty where there is no /proc.

    Only processes that this account may look into are seen: others are caught by `look` or by the control file.
    """
    root, found = f"{folder.resolve()}/", set()
    for link in _PROC.glob("[0-9]*/fd/*"):
        try:
            target = str(link.readlink())
            if target.startswith(root):
                flags = (link.parent.parent / "fdinfo" / link.name).read_text().split("flags:")[1].split()[0]
                if int(flags, 8) & _WRITES:
                    found.add(target)
        except (OSError, IndexError):  # the process has ended or closed it since
            continue
    return frozenset(found)


def look(path: Path) -> tuple[int, int]:
    """Size and time of the last change: two looks that differ mean that the file was written between them."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns
