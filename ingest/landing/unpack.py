"""Reads the bytes of an export out of its zip or gzip.

`list_members` returns the files in a zip, `read_chunks` the bytes of a file or a member. Both refuse damaged, encrypted
and nested archives, and stop at sizes that no honest export reaches. They write nothing to disk, so an archive can't
choose where a file goes. `reading` decides what the bytes mean.
"""

from __future__ import annotations

import gzip
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ingest.errors import Refused, Waiting

_CHUNK = 1 << 18  # 256 KB fit into the processor's cache, which makes decoding twice as fast
MAX_MEMBERS = 2_000
MAX_BYTES = 4 << 30  # one file, unpacked
MAX_RATIO = 200  # unpacked to packed; text reaches 10 to 50, deflate at most 1032
_RATIO_FROM = 64 << 20

ZIP, GZIP, OLE = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
_EMPTY_ZIP = b"PK\x05\x06"
_ARCHIVE_NAMES = (".zip", ".7z", ".rar", ".tar", ".tgz")
# Fuzzing showed that zipfile and gzip raise these when lengths, offsets or names in a file are wrong.
DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    gzip.BadGzipFile,
    EOFError,
    ValueError,
    LookupError,
    ArithmeticError,
    MemoryError,
    RuntimeError,
)


@dataclass(frozen=True)
class Member:
    """One file in an archive: `name` as people read it, `stored` as the archive spells it, `size` unpacked bytes."""

    name: str
    stored: str
    size: int


def list_members(path: Path) -> list[Member] | None:
    """The files in a zip of exports, in its order; None if `path` is no such zip (a workbook is a zip too).

    Raises Refused for an archive that is damaged, encrypted, nested, or would write outside its own folder.
    """
    with _explain_damage(), path.open("rb") as file:
        start = file.read(8)
    if not start.startswith((ZIP, _EMPTY_ZIP)):
        return None
    with _explain_damage(), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if is_workbook([entry.filename for entry in entries]):
        return None
    members = [Member(_decode_name(entry), entry.filename, entry.file_size) for entry in entries if not entry.is_dir()]
    if not members:
        raise Refused("is an archive without a file in it; pack the exports again")
    if len(members) > MAX_MEMBERS:
        raise Refused(
            f"is an archive of {len(members)} files, more than {MAX_MEMBERS}; deliver them in several archives"
        )
    for entry in entries:
        _check_entry(_decode_name(entry), entry)
    names = [member.name for member in members]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"holds the file {twice} twice; pack the exports again")
    return members


def is_workbook(names: list[str]) -> bool:
    """Whether a zip that holds `names` is one file of an office program (ISO/IEC 29500-2, OpenDocument 1.2 part 3)."""
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= set(names)


def read_chunks(path: Path, member: str | None = None, *, as_delivered: bool = False) -> Iterator[bytes]:
    """The bytes of a file or of an archive's member, in chunks; `as_delivered` leaves a gzip packed.

    Raises Refused when it is damaged or unpacks beyond the limits, Waiting when it is gone.
    """
    with _explain_damage(), _open_file(path, member) as (file, packed):
        is_gzip = not as_delivered and file.peek(2).startswith(GZIP)
        if not is_gzip:
            yield from _within_limits(file, packed) if member else iter(lambda: file.read(_CHUNK), b"")
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            if unpacked.peek(2).startswith(GZIP):
                raise Refused("is packed twice (gzip within gzip); unpack it once and deliver it again")
            yield from _within_limits(unpacked, packed)


@contextmanager
def _open_file(path: Path, member: str | None) -> Iterator[tuple[BinaryIO, int]]:
    """The file or member as it was delivered, and its size in bytes on disk."""
    if member is None:
        with path.open("rb") as file:
            yield file, path.stat().st_size
    else:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            yield file, archive.getinfo(member).compress_size


def _within_limits(file: BinaryIO, packed: int) -> Iterator[bytes]:
    total = 0
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        total += len(chunk)
        if total > MAX_BYTES or (total > _RATIO_FROM and total > MAX_RATIO * packed):
            raise Refused(f"unpacks to more than {total >> 20} MB, as no export does; check it and deliver it unpacked")
        yield chunk


def _check_entry(name: str, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 1:
        raise Refused("is encrypted; pack the exports again without a password")
    if name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
        raise Refused(f"holds a file that would lie outside its folder ({name}); pack the exports again")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused(f"holds a link instead of a file ({name}); pack the file itself")
    if name.lower().endswith(_ARCHIVE_NAMES):
        raise Refused(f"holds another archive ({name}); unpack that one and deliver its files")


def _decode_name(entry: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in GB18030 without saying so, and zipfile reads them as code page 437."""
    name = entry.orig_filename
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


@contextmanager
def _explain_damage() -> Iterator[None]:
    """Turn what the libraries raise for damaged or unreadable files into Refused or Waiting with advice for a clerk."""
    try:
        yield
    except FileNotFoundError:
        raise Waiting("was deleted or moved while it was read; the next run looks again") from None
    except PermissionError:
        raise Refused("can't be read: permission denied; let the account that runs tongbao read it") from None
    except NotImplementedError as error:
        raise Refused(f"is packed in a way that can't be read ({error}); pack it again as an ordinary zip") from None
    except DAMAGED as error:
        raise Refused(f"is a damaged gzip or zip file ({str(error)[:120]}); fetch it again") from None
    except OSError as error:
        raise Refused(f"can't be read from disk ({error.strerror or error}); fetch it again") from None
