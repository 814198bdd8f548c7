"""Detects the format and encoding of an export file and writes it as a UTF-8 CSV that DuckDB can read.

It takes a claim and a target path, writes the CSV there and returns a `Decoded` with the header and the number of
records. Values stay as they are; only byte-order marks, odd line ends and records without any value are removed. Web
pages find their own encoding in `web_page.py`. What the columns mean is decided in `compare.py`.
"""

from __future__ import annotations

import codecs
import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import Refused, Waiting
from ingest.landing.arrive import read_stamp
from ingest.landing.claim import Claim
from ingest.landing.unpack import OLE, ZIP, read_chunks
from ingest.reading import web_page, workbook
from ingest.reading.survey import NEWLINE, MixedLines, mend_file, survey_file

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_FOREIGN = {
    b"%PDF": "a PDF",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{": "JSON, perhaps a message of the system",
    b"MIME-Version": "a web archive",
    b"SQLite": "a database",
}
_DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons"}
_MAX_COLUMNS = 1_000


class _NotText(Exception):
    """The file is not in the encoding that was tried; the text names the line."""


@dataclass(frozen=True)
class Decoded:
    """`path`: UTF-8 CSV with a header line; `records`: data records in it (a quoted newline ends no record).

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


def decode_file(claim: Claim, target: Path) -> Decoded:
    """Write `claim`'s file as UTF-8 CSV to `target`.

    Raises Refused if it is no table such as its mapping or its control file declares, Waiting if another program wrote
    it meanwhile.
    """
    try:
        encoding = _write_csv(claim, target)
    except Refused:
        # A file that changes while it is read looks damaged: it must wait, not be refused.
        _check_unchanged(claim)
        raise
    _check_unchanged(claim)
    delimiter = claim.export.delimiter
    header = _read_header(target, delimiter)
    survey = survey_file(target, delimiter, len(header))
    if survey.needs_mending:
        mend_file(target, delimiter)
        header = _read_header(target, delimiter)
        survey = survey_file(target, delimiter, len(header))
    if not any(cell.strip() for cell in header):
        raise Refused("is empty: not even a header line; export it again")
    if len(header) == 1 and (other := next((d for d in _DELIMITERS if d != delimiter and d in header[0]), None)):
        raise Refused(
            f"is separated by {_DELIMITERS[other]}, not by {_DELIMITERS.get(delimiter, delimiter)}; "
            f"set `delimiter: {other!r}` in the mapping"
        )
    if len(header) > _MAX_COLUMNS:
        raise Refused(f"has {len(header)} columns, more than {_MAX_COLUMNS}; export only those that are needed")
    control = claim.file.control
    if control and control.rows is not None and control.rows != survey.records:
        raise Refused(f"holds {survey.records} records, its control file says {control.rows}; fetch both again")
    return Decoded(
        claim,
        target,
        encoding,
        header,
        survey.records,
        survey.ends_in_newline,
        survey.has_edge_blanks,
        survey.has_wide_blanks,
    )


def _check_unchanged(claim: Claim) -> None:
    try:
        stamp = read_stamp(claim.path)
    except OSError:
        stamp = None
    if stamp != claim.file.stamp:
        raise Waiting("was written while it was read; the next run reads it")


def _read_header(path: Path, delimiter: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        try:
            return next(csv.reader(file, delimiter=delimiter), [])
        except csv.Error:
            raise Refused("has no header that can be read: its first line holds an open quote or no end") from None


def _write_csv(claim: Claim, target: Path) -> str:
    """Write the file's content to `target` and return its encoding or format, which its bytes tell, not its name."""
    export = claim.export
    stream = read_chunks(claim.path, claim.file.member)
    start = next(stream, b"")
    foreign = next((name for mark, name in _FOREIGN.items() if start.startswith(mark)), None)
    if foreign:
        raise Refused(f"is {foreign}, not a table; deliver it as CSV or XLSX, alone or in a .zip")
    if start.startswith((ZIP, OLE)):
        content = _join(start, stream, workbook.MAX_PACKED)
        return workbook.write_workbook(content, export.sheet, export.delimiter, target)
    if web_page.is_web_page(start):
        web_page.write_table(_join(start, stream, web_page.MAX_BYTES), export.delimiter, target)
        return "html"
    return _write_text(claim, start, stream, target)


def _join(start: bytes, stream: Iterator[bytes], limit: int) -> bytes:
    parts, size = [start], len(start)
    for chunk in stream:
        size += len(chunk)
        if size > limit:
            raise Refused(f"is larger than {limit >> 20} MB, too much for a workbook or a page; export it as CSV")
        parts.append(chunk)
    return b"".join(parts)


def _write_text(claim: Claim, start: bytes, stream: Iterator[bytes], target: Path) -> str:
    declared = claim.export.encoding
    marked = next((name for mark, name in _BOMS.items() if start.startswith(mark)), None) or _detect_utf16(start)
    candidates = [marked] if marked else [declared] if declared else ["utf-8", "gb18030"]
    failures = []
    for encoding in candidates:
        parts = itertools.chain([start], stream) if not failures else read_chunks(claim.path, claim.file.member)
        try:
            _transcode(parts, encoding, target)
            return "utf-16" if encoding.startswith("utf-16") else encoding.removesuffix("-sig")
        except _NotText as error:
            failures.append(f"{encoding.removesuffix('-sig')} ({error})")
    raise Refused(f"is not text in {' or '.join(failures)}; set `encoding` in the mapping or export it again")


def _transcode(parts: Iterator[bytes], encoding: str, target: Path) -> None:
    decoder, mixed = codecs.getincrementaldecoder(encoding)(errors="strict"), MixedLines()
    with target.open("w+b") as out:

        def count_lines(part: bytes = b"") -> int:
            """The number of the line at the end of what was written plus `part`; needed only for messages."""
            out.seek(0)
            return 1 + sum(c.count(NEWLINE) for c in iter(lambda: out.read(1 << 20), b"")) + part.count(NEWLINE)

        for chunk in parts:
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                sound = chunk[: error.start]
                if encoding.startswith("utf-16"):  # half a character may look like a line end
                    held = len(error.object) - len(chunk)
                    sound = decoder.decode(chunk[: max(error.start - held, 0)]).encode("utf-8")
                raise _NotText(f"line {count_lines(sound)}") from None
            if encoding == "gb18030" and (place := mixed.find_utf8(chunk)):
                raise _NotText(f"line {count_lines() - 1 + place} is UTF-8")
            # The chunk was just decoded as UTF-8, so its bytes can be written as they are.
            written = chunk if encoding == "utf-8" else text.encode("utf-8")
            if b"\0" in written:
                place = count_lines(written[: written.index(b"\0")])
                raise Refused(
                    f"holds NUL bytes in line {place}: it was not written completely; fetch or export it again"
                )
            out.write(written)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise Refused(f"is cut off in mid-character in line {count_lines()}; fetch or export it again") from None


def _detect_utf16(start: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: every other byte of digits and delimiters is NUL, in no other text."""
    first, second = start[:4096:2].count(0), start[1:4096:2].count(0)
    # A few of the other bytes may be NUL too: 一 is U+4E00.
    if max(first, second) > len(start[:4096]) / 50 and max(first, second) > 10 * min(first, second):
        return "utf-16-le" if second > first else "utf-16-be"
    return None
