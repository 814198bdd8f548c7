"""An export file of any format and encoding, made into a UTF-8 CSV that DuckDB can read.

What the columns mean is not known here, and no value is altered: only marks of encoding, line ends and records without
any value go. It hands on a `Decoded` with the header and the number of records.
"""

from __future__ import annotations

import codecs
import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.landing.arrive import look
from ingest.landing.claim import Claim
from ingest.landing.unpack import OLE, ZIP, Refused, Waiting, chunks
from ingest.reading import web_page, workbook
from ingest.reading.survey import NEWLINE, MixedLines, mend, survey

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_FOREIGN = {b"%PDF": "a PDF", b"Rar!": "a RAR archive", b"7z\xbc\xaf": "a 7-Zip archive", b"\x89PNG": "a picture",
            b"\xff\xd8\xff": "a picture", b"{": "JSON, perhaps a message of the system",
            b"MIME-Version": "a web archive", b"SQLite": "a database"}  # fmt: skip
_DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons"}
_MAX_COLUMNS = 1_000


class _NotText(Exception):
    """The file is not in the encoding that was tried; the text says where."""


@dataclass(frozen=True)
class Decoded:
    """`path`: UTF-8 CSV with a header line; `records`: data records in it, quoted newlines counted as text.

    `has_edge_blanks` and `has_wide_blanks` as in `survey.Survey`.
    """

    claim: Claim
    path: Path
    encoding: str
    header: list[str]
    records: int
    ends_in_newline: bool
    has_edge_blanks: bool
    has_wide_blanks: bool


def decode(claim: Claim, target: Path) -> Decoded:
    """`claim`'s file as UTF-8 CSV at `target`.

    Raises Refused when it is no table such as its mapping or its control file declares, Waiting when it was written
    while it was read.
    """
    try:
        encoding = _write(claim, target)
    except Refused:
        _unchanged(claim)
        raise
    _unchanged(claim)
    delimiter = claim.export.delimiter
    header = _header(target, delimiter)
    found = survey(target, delimiter, len(header))
    if found.needs_mending:
        mend(target, delimiter)
        header = _header(target, delimiter)
        found = survey(target, delimiter, len(header))
    if not any(cell.strip() for cell in header):
        raise Refused("is empty: not even a header line; export it again")
    if len(header) == 1 and (other := next((d for d in _DELIMITERS if d != delimiter and d in header[0]), None)):
        raise Refused(
            f"is separated by {_DELIMITERS[other]}, not by {_DELIMITERS.get(delimiter, delimiter)}; "
            f"set `delimiter: {other!r}` in the mapping"
        )
    if len(header) > _MAX_COLUMNS:
        raise Refused(f"has {len(header)} columns, more than {_MAX_COLUMNS}; export only those that are needed")
    control = claim.found.control
    if control and control.rows is not None and control.rows != found.records:
        raise Refused(f"holds {found.records} records, its control file says {control.rows}; fetch both again")
    blanks = found.has_edge_blanks, found.has_wide_blanks
    return Decoded(claim, target, encoding, header, found.records, found.ends_in_newline, *blanks)


def _unchanged(claim: Claim) -> None:
    try:
        now = look(claim.path)
    except OSError:
        now = None
    if now != claim.found.seen:
        raise Waiting("was written while it was read; the next run reads it")


def _header(path: Path, delimiter: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        try:
            return next(csv.reader(file, delimiter=delimiter), [])
        except csv.Error:
            raise Refused("has no header that can be read: its first line holds an open quote or no end") from None


def _write(claim: Claim, target: Path) -> str:
    """The file's content at `target`; the encoding or format found. What it is, its first bytes say, not its name."""
    export = claim.export
    stream = chunks(claim.path, claim.found.member)
    start = next(stream, b"")
    foreign = next((name for mark, name in _FOREIGN.items() if start.startswith(mark)), None)
    if foreign:
        raise Refused(f"is {foreign}, not a table; deliver it as CSV or XLSX, alone or in a .zip")
    if start.startswith((ZIP, OLE)):
        content = _whole(start, stream, workbook.MAX_PACKED)
        return workbook.write_workbook(content, export.sheet, export.delimiter, target)
    if web_page.is_web_page(start):
        web_page.write_table(_whole(start, stream, web_page.MAX_BYTES), export.delimiter, target)
        return "html"
    return _write_text(claim, start, stream, target)


def _whole(start: bytes, stream: Iterator[bytes], limit: int) -> bytes:
    parts, size = [start], len(start)
    for chunk in stream:
        size += len(chunk)
        if size > limit:
            raise Refused(f"is larger than {limit >> 20} MB, too much for a workbook or a page; export it as CSV")
        parts.append(chunk)
    return b"".join(parts)


def _write_text(claim: Claim, start: bytes, stream: Iterator[bytes], target: Path) -> str:
    declared = claim.export.encoding
    marked = next((name for mark, name in _BOMS.items() if start.startswith(mark)), None) or _unmarked_utf16(start)
    candidates = [marked] if marked else [declared] if declared else ["utf-8", "gb18030"]
    failures = []
    for encoding in candidates:
        parts = itertools.chain([start], stream) if not failures else chunks(claim.path, claim.found.member)
        try:
            _transcode(parts, encoding, target)
            return "utf-16" if encoding.startswith("utf-16") else encoding.removesuffix("-sig")
        except _NotText as error:
            failures.append(f"{encoding.removesuffix('-sig')} ({error})")
    raise Refused(f"is not text in {' or '.join(failures)}; set `encoding` in the mapping or export it again")


def _transcode(parts: Iterator[bytes], encoding: str, target: Path) -> None:
    decoder, mixed = codecs.getincrementaldecoder(encoding)(errors="strict"), MixedLines()
    with target.open("w+b") as out:

        def line(part: bytes = b"") -> int:
            """The line that ends what has been written and `part`; counted only where a fault is to be told."""
            out.seek(0)
            return 1 + sum(c.count(NEWLINE) for c in iter(lambda: out.read(1 << 20), b"")) + part.count(NEWLINE)

        for chunk in parts:
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                sound = chunk[: error.start]
                if encoding.startswith("utf-16"):  # half a letter may look like a line end
                    held = len(error.object) - len(chunk)
                    sound = decoder.decode(chunk[: max(error.start - held, 0)]).encode("utf-8")
                raise _NotText(f"line {line(sound)}") from None
            if encoding == "gb18030" and (place := mixed.find(chunk)):
                raise _NotText(f"line {line() - 1 + place} is UTF-8")
            # bytes that have just been found to be UTF-8 need not be made anew
            written = chunk if encoding == "utf-8" else text.encode("utf-8")
            if b"\0" in written:
                place = line(written[: written.index(b"\0")])
                raise Refused(f"holds NUL bytes in line {place}: it was not written wholly; fetch or export it again")
            out.write(written)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise Refused(f"is cut off in mid-character in line {line()}; fetch or export it again") from None


def _unmarked_utf16(start: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of its delimiters and digits is NUL, and no other text has any."""
    first, second = start[:4096:2].count(0), start[1:4096:2].count(0)
    # 一 is U+4E00: a few of the other bytes may be NUL too
    if max(first, second) > len(start[:4096]) / 50 and max(first, second) > 10 * min(first, second):
        return "utf-16-le" if second > first else "utf-16-be"
    return None
