"""What lies in the landing folder: its files, and the files within its archives, with what their control files say.

Whose a file is, is not known here, and no row is read. It hands on one `Found` a file, with the reason where it
can't be read or not yet.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingest.landing.arrive import CONTROL_SUFFIX, Control, look, open_for_writing, read_control, why_unfinished
from ingest.landing.unpack import Refused, Waiting, chunks, members

# Beside exports, but no export: hidden files, the note that marks a folder of generated samples, locks of spreadsheets.
SYNTHETIC_MARKER = "样例说明.md"
_NOT_EXPORTS = re.compile(r"(^|/)([.~]|__MACOSX/|Thumbs\.db$|desktop\.ini$)|(^|/)" + re.escape(SYNTHETIC_MARKER) + "$")
_CONTROL_BYTES = 64 << 10
Verdict = Literal["unclaimed", "waiting", "refused"]


@dataclass(frozen=True)
class Found:
    """One file: `name` inside the landing folder, `outer.zip/inner.csv` for a `member` (its name as stored there).

    `size`: bytes as delivered; `seen`: the first `look` at the file on disk, None where it isn't to be read;
    `problem`: why it isn't read, `verdict` what it is then in the ledger; `control`: what its control file says.
    """

    path: Path
    name: str
    size: int = 0
    seen: tuple[int, int] | None = None
    archive: str | None = None
    member: str | None = None
    problem: str | None = None
    verdict: Verdict | None = None
    control: Control | None = None


def find(exports: Path) -> list[Found]:
    """Every file under `exports` and every member of its archives, in order of their names."""
    written = open_for_writing(exports)
    files = {
        found.name: found
        for path in sorted(exports.rglob("*"))
        for found in _at(path, _readable(path.relative_to(exports)), written)
        if not _NOT_EXPORTS.search(found.name)
    }
    archives = {found.archive for found in files.values() if found.archive}
    for name in [name for name in files if name.lower().endswith(CONTROL_SUFFIX)]:
        control, of = files.pop(name), name[: -len(CONTROL_SUFFIX)]
        if of in files:
            files[of] = _with_control(files[of], control)
        elif of not in archives:
            problem = "is a control file whose export is not there yet"
            files[name] = replace(control, problem=problem, verdict="waiting")
    return sorted(files.values(), key=lambda found: found.name)


def _at(path: Path, name: str, written: frozenset[str]) -> Iterator[Found]:
    """The file at `path`, or what is in it when it is an archive."""
    if path.is_dir():
        return
    if not path.is_file():
        yield Found(path, name, problem="is a link to nothing, or no regular file; delete it", verdict="unclaimed")
        return
    seen = look(path)
    if unfinished := why_unfinished(path, written):
        yield Found(path, name, seen[0], problem=unfinished, verdict="waiting")
        return
    control = path.with_name(path.name + CONTROL_SUFFIX)
    try:
        inside = members(path)
        if inside is None:
            yield Found(path, name, seen[0], seen)
            return
        said = _of_archive(path, len(inside), control) if control.is_file() else None
    except Waiting as waiting:
        yield Found(path, name, seen[0], problem=str(waiting), verdict="waiting")
    except Refused as refused:
        yield Found(path, name, seen[0], seen, problem=str(refused), verdict="refused")
    else:
        for member in inside:
            yield Found(path, f"{name}/{member.name}", member.size, seen, name, member.stored, control=said)


def _with_control(found: Found, control: Found) -> Found:
    if found.problem:
        return found
    try:
        return replace(found, control=_read(control.path, control.member, control.size))
    except Refused as error:
        return replace(found, problem=str(error), verdict="refused")


def _of_archive(path: Path, files: int, control: Path) -> Control:
    """What an archive's control file says of each member, once its sha256 is found right; raises Refused."""
    said = _read(control, None, control.stat().st_size)
    if said.rows is not None and files > 1:
        raise Refused(f"has a control file with rows for {files} files; put one beside each file inside the archive")
    check_sha256(said, fingerprint(path))
    return said.model_copy(update={"sha256": None})


def _read(path: Path, member: str | None, size: int) -> Control:
    if size > _CONTROL_BYTES:
        raise Refused(f"has a control file of {size} bytes; it should hold rows and sha256 only")
    return read_control(b"".join(chunks(path, member)))


def fingerprint(path: Path, member: str | None = None) -> str:
    """The sha256 of a file or an archive's member as delivered, in hex; raises Refused, Waiting."""
    digest = hashlib.sha256()
    for chunk in chunks(path, member, as_delivered=True):
        digest.update(chunk)
    return digest.hexdigest()


def check_sha256(control: Control | None, sha256: str) -> None:
    """Raise Refused unless the control file, if there is one, gives this sha256 or none."""
    if control and control.sha256 and control.sha256.lower() != sha256:
        raise Refused(
            f"is not what its control file describes: sha256 {sha256[:12]}… instead of {control.sha256[:12].lower()}…; "
            "fetch both again"
        )


def _readable(path: Path) -> str:
    """The path in forward slashes; names that an old Windows wrote in GB18030 are made readable."""
    raw = os.fsencode(path.as_posix())
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="backslashreplace")
