"""Lists the landing folder: its files, the files inside its archives, and what their control files state.

It takes the folder and returns one `LandedFile` a file, with the reason if that file can't be read, or not yet.
`claim.py` decides which source a file belongs to. This module reads no row.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingest.errors import Refused, Waiting
from ingest.landing.arrive import (
    CONTROL_SUFFIX,
    Control,
    explain_unfinished,
    list_open_files,
    parse_control,
    read_stamp,
)
from ingest.landing.unpack import list_members, read_chunks

SYNTHETIC_MARKER = "样例说明.md"
# Hidden files, locks of spreadsheet programs and the note that marks a folder of samples are no exports.
_NOT_EXPORTS = re.compile(r"(^|/)([.~]|__MACOSX/|Thumbs\.db$|desktop\.ini$)|(^|/)" + re.escape(SYNTHETIC_MARKER) + "$")
_CONTROL_BYTES = 64 << 10
UnreadVerdict = Literal["unclaimed", "waiting", "refused"]


@dataclass(frozen=True)
class LandedFile:
    """One file: `name` inside the landing folder, `outer.zip/inner.csv` for a `member` (its name as stored there).

    `size`: bytes as delivered; `stamp`: its `read_stamp` when it was listed, None if it must not be opened; `problem`:
    why it isn't read, and `verdict` its verdict in the ledger then; `control`: what its control file states.
    """

    path: Path
    name: str
    size: int = 0
    stamp: tuple[int, int] | None = None
    archive: str | None = None
    member: str | None = None
    problem: str | None = None
    verdict: UnreadVerdict | None = None
    control: Control | None = None


def find_files(exports: Path) -> list[LandedFile]:
    """Every file under `exports` and every member of its archives, in order of their names."""
    written = list_open_files(exports)
    files = {
        file.name: file
        for path in sorted(exports.rglob("*"))
        for file in _list_path(path, _decode_name(path.relative_to(exports)), written)
        if not _NOT_EXPORTS.search(file.name)
    }
    archives = {file.archive for file in files.values() if file.archive}
    for name in [name for name in files if name.lower().endswith(CONTROL_SUFFIX)]:
        control, export = files.pop(name), name[: -len(CONTROL_SUFFIX)]
        if export in files:
            files[export] = _add_control(files[export], control)
        elif export not in archives:
            problem = "is a control file whose export is not there yet"
            files[name] = replace(control, problem=problem, verdict="waiting")
    return sorted(files.values(), key=lambda file: file.name)


def _list_path(path: Path, name: str, written: frozenset[str]) -> Iterator[LandedFile]:
    """The file at `path`, or what is in it when it is an archive."""
    if path.is_dir():
        return
    if not path.is_file():
        yield LandedFile(path, name, problem="is a link to nothing, or no regular file; delete it", verdict="unclaimed")
        return
    stamp = read_stamp(path)
    if unfinished := explain_unfinished(path, written):
        yield LandedFile(path, name, stamp[0], problem=unfinished, verdict="waiting")
        return
    control = path.with_name(path.name + CONTROL_SUFFIX)
    try:
        members = list_members(path)
        if members is None:
            yield LandedFile(path, name, stamp[0], stamp)
            return
        stated = _read_archive_control(path, len(members), control) if control.is_file() else None
    except Waiting as waiting:
        yield LandedFile(path, name, stamp[0], problem=str(waiting), verdict="waiting")
    except Refused as refused:
        yield LandedFile(path, name, stamp[0], stamp, problem=str(refused), verdict="refused")
    else:
        for member in members:
            yield LandedFile(path, f"{name}/{member.name}", member.size, stamp, name, member.stored, control=stated)


def _add_control(file: LandedFile, control: LandedFile) -> LandedFile:
    if file.problem:
        return file
    try:
        return replace(file, control=_read_control(control.path, control.member, control.size))
    except Refused as error:
        return replace(file, problem=str(error), verdict="refused")


def _read_archive_control(path: Path, files: int, control: Path) -> Control:
    """What an archive's control file states about each member, after its sha256 was compared; raises Refused."""
    stated = _read_control(control, None, control.stat().st_size)
    if stated.rows is not None and files > 1:
        raise Refused(f"has a control file with rows for {files} files; put one beside each file inside the archive")
    check_sha256(stated, hash_file(path))
    return stated.model_copy(update={"sha256": None})


def _read_control(path: Path, member: str | None, size: int) -> Control:
    if size > _CONTROL_BYTES:
        raise Refused(f"has a control file of {size} bytes; it should hold rows and sha256 only")
    return parse_control(b"".join(read_chunks(path, member)))


def hash_file(path: Path, member: str | None = None) -> str:
    """The sha256 of a file or an archive's member as delivered, in hex; raises Refused, Waiting."""
    digest = hashlib.sha256()
    for chunk in read_chunks(path, member, as_delivered=True):
        digest.update(chunk)
    return digest.hexdigest()


def check_sha256(control: Control | None, sha256: str) -> None:
    """Raise Refused unless the control file, if there is one, gives this sha256 or none."""
    if control and control.sha256 and control.sha256.lower() != sha256:
        raise Refused(
            f"is not what its control file describes: sha256 {sha256[:12]}… instead of {control.sha256[:12].lower()}…; "
            "fetch both again"
        )


def _decode_name(path: Path) -> str:
    """The path with forward slashes. Old Windows systems write names in GB18030, which Python can't decode itself."""
    raw = os.fsencode(path.as_posix())
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="backslashreplace")
