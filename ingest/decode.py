"""An export file of any format and encoding, made into a UTF-8 CSV that DuckDB can read.

What the columns mean is not known here, and no value is altered. It hands on a `Decoded` with the header, the
number of records and the file's hash.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

from ingest.claim import Claim

_CHUNK = 4 << 20
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Refused(Exception):
    """A file that can't be taken at all; the text says what was found and what to do."""


@dataclass(frozen=True)
class Decoded:
    """`path`: UTF-8 CSV with a header line; `records`: data records in it, quoted newlines counted as text.

    `has_wide_blanks`: a tab or a full-width blank is somewhere in it.
    """

    claim: Claim
    path: Path
    encoding: str
    header: list[str]
    records: int
    ends_in_newline: bool
    has_wide_blanks: bool


def fingerprint(path: Path) -> str:
    """The sha256 of the file as it lies there, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def decode(claim: Claim, target: Path) -> Decoded:
    """`claim`'s file as UTF-8 CSV at `target`; raises Refused when it is not the table its mapping declares."""
    encoding = (_from_workbook if claim.export.format == "xlsx" else _from_text)(claim, target)
    with target.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file, delimiter=claim.export.delimiter), [])
    if header and header[0].lstrip().lower().startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise Refused("is a web page, not a table; export it again and check that the login had not expired")
    if not any(cell.strip() for cell in header):
        raise Refused("is empty: not even a header line; export it again")
    return Decoded(claim, target, encoding, header, *_survey(target, claim.export.delimiter))


def _from_text(claim: Claim, target: Path) -> str:
    declared = claim.export.encoding
    with _open(claim.path) as file:
        start = file.read(4)
    bom = next((name for mark, name in _BOMS.items() if start.startswith(mark)), None)
    if start.startswith(b"PK\x03\x04"):
        raise Refused("is a workbook or an archive though its mapping says CSV; set `format: xlsx` in the mapping")
    candidates = [bom] if bom else [declared] if declared else ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            _transcode(claim.path, encoding, target)
            return encoding.removesuffix("-sig")
        except UnicodeError:
            continue
        except (gzip.BadGzipFile, EOFError, OSError) as error:
            raise Refused(f"is a damaged gzip file ({error}); fetch it again") from None
    raise Refused(f"is not text in {' or '.join(candidates)}; set `encoding` in the mapping or export it again")


def _open(path: Path):
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _transcode(path: Path, encoding: str, target: Path) -> None:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    if encoding == "utf-8" and path.suffix != ".gz":
        with path.open("rb") as source:
            for chunk in iter(lambda: source.read(_CHUNK), b""):
                _no_nul(decoder.decode(chunk))
        decoder.decode(b"", final=True)
        shutil.copyfile(path, target)
        return
    with _open(path) as source, target.open("wb") as out:
        for chunk in iter(lambda: source.read(_CHUNK), b""):
            out.write(_no_nul(decoder.decode(chunk)).encode("utf-8"))
        out.write(decoder.decode(b"", final=True).encode("utf-8"))


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise UnicodeError("NUL in text")
    return text


def _from_workbook(claim: Claim, target: Path) -> str:
    try:
        book = CalamineWorkbook.from_path(claim.path)
        name = claim.export.sheet or book.sheet_names[0]
        sheet = book.get_sheet_by_name(name)
    except Exception as error:  # calamine raises a family of its own per format
        raise Refused(f"can't be opened as a workbook ({error}); export it again as XLSX") from None
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=claim.export.delimiter, lineterminator="\n").writerows(
            [_cell(value) for value in row] for row in sheet.iter_rows()
        )
    return "xlsx"


def _cell(value: object) -> object:
    match value:
        case bool():
            return "是" if value else "否"
        case float() if value.is_integer() and abs(value) < 1e15:
            return int(value)
        case datetime() | date():
            return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
        case _:
            return value


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


def _survey(path: Path, delimiter: str) -> tuple[int, bool, bool]:
    """Data records (counted apart from DuckDB, as a control on its reader), ends in a newline, has wide blanks."""
    newlines, quoted, blank, wide, last = 0, False, False, False, b""
    for chunk in _chunks(path):
        newlines += chunk.count(b"\n")
        quoted = quoted or b'"' in chunk
        blank = blank or b"\n\n" in last + chunk or b"\n\r" in last + chunk
        wide = wide or b"\t" in chunk or "　".encode() in last + chunk
        last = chunk[-2:]
    ends_in_newline = last.endswith(b"\n")
    records = newlines + (not ends_in_newline) - 1
    if quoted or blank:
        with path.open(encoding="utf-8", newline="") as file:
            try:
                records = sum(1 for row in csv.reader(file, delimiter=delimiter) if row) - 1
            except csv.Error as error:
                raise Refused(f"is not a readable CSV ({error}); a quote may be left open") from None
    return max(records, 0), ends_in_newline, wide
