"""Looks through a decoded text before DuckDB reads it: records, blanks, line ends, mixed encodings.

`survey_file` counts the records by itself, so that a later step can compare them with what DuckDB read, and tells which
blanks need trimming. `mend_file` repairs line ends. `MixedLines` finds UTF-8 lines in a GB18030 file. Nothing here
knows what the columns mean.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.errors import Refused

NEWLINE = b"\n"
_CHUNK = 1 << 18  # 256 KB fit into the processor's cache, which makes the search twice as fast
_BOM = "\ufeff".encode()
_FULL_WIDTH_BLANK, _NO_BREAK_BLANK = "　".encode(), "\u00a0".encode()
_MAX_CELL = 4_000_000  # characters; the limit of a line in `rows/conform.py`
_OVERLAP = 1_100  # bytes; longer than any record without a value


@dataclass(frozen=True)
class Survey:
    """`records`: data records, counted without DuckDB as a control on its reader.

    `has_edge_blanks`: a cell begins or ends with a blank; `has_wide_blanks`: the file holds a tab, a full-width or a
    no-break blank, or a line end within a cell; `needs_mending`: nothing else was counted, call `mend_file` first.
    """

    records: int
    ends_in_newline: bool
    has_edge_blanks: bool
    has_wide_blanks: bool
    needs_mending: bool


def survey_file(path: Path, delimiter: str, width: int) -> Survey:
    """The survey of a UTF-8 CSV whose header has `width` cells; raises Refused if its records can't be separated."""
    newlines = returns = pairs = quotes = 0
    spanning = blank = edge = wide = odd = False
    edges = np.zeros(256, bool)
    edges[[*b'\r\n"', ord(delimiter)]] = True
    last = NEWLINE
    for chunk in _read_chunks(path):
        seen = last + chunk
        codes = np.frombuffer(seen, np.uint8)
        ends = np.flatnonzero(codes == ord(NEWLINE))
        fresh = ends[np.searchsorted(ends, len(last)) :]
        newlines += len(fresh)
        if b'"' in chunk:
            marks = np.flatnonzero(codes[len(last) :] == ord('"')) + len(last)
            # A line end after an odd number of quotes is within a cell.
            spanning = spanning or bool(((np.searchsorted(marks, fresh) + quotes) & 1).any())
            quotes += len(marks)
        else:
            spanning = spanning or (quotes % 2 == 1 and len(fresh) > 0)
        if b"\r" in seen:
            returns += chunk.count(b"\r")
            pairs += chunk.count(b"\r\n") + (last.endswith(b"\r") and chunk.startswith(NEWLINE))
        lengths = np.diff(ends)
        for place in np.flatnonzero(lengths <= width + 1):
            line = seen[ends[place] + 1 : ends[place + 1]]
            blank = blank or not line.strip(b"\r")
            odd = odd or (line.strip(b"\r") and not line.strip(b" \r" + delimiter.encode()))
        if not edge and b" " in seen:
            # The overlap with the chunk before gives the first and last byte both neighbours.
            before = np.flatnonzero(codes[1:-1] == ord(" "))
            edge = bool(edges[codes[before]].any() or edges[codes[before + 2]].any())
        wide = (
            wide
            or b"\t" in chunk
            or _contains(seen, codes, _FULL_WIDTH_BLANK)
            or _contains(seen, codes, _NO_BREAK_BLANK)
        )
        odd = odd or _contains(seen, codes, _BOM)
        last = seen[-_OVERLAP:]
    ends_in_newline = last.endswith((NEWLINE, b"\r"))
    edge = edge or last.endswith(b" ")
    needs_mending = bool(odd) or returns > pairs or 0 < pairs < newlines or _starts_blank(path)
    if needs_mending:
        return Survey(0, ends_in_newline, edge, wide, True)
    records = newlines + (not ends_in_newline) - 1
    if spanning or blank or quotes % 2:
        records = _count_records(path, delimiter, width)
    return Survey(max(records, 0), ends_in_newline, edge, wide or spanning, False)


def mend_file(path: Path, delimiter: str) -> None:
    """Rewrite the file with \\n line ends only, without byte-order marks inside and without records of no value."""
    mended, blanks, is_first = path.with_suffix(".mended"), b" \r\n" + delimiter.encode(), True
    with path.open("rb") as source, mended.open("wb") as out:
        for part in source:
            text = part.replace(_BOM, b"").replace(b"\r\n", NEWLINE).replace(b"\r", NEWLINE)
            for line in text.splitlines(keepends=True):
                is_empty = not line.strip(blanks)
                # Readers skip an empty line, and it may belong to a quoted cell, so it stays.
                if not is_empty or (line == NEWLINE and not is_first):
                    out.write(line)
                    is_first = False
    mended.replace(path)


def _count_records(path: Path, delimiter: str, width: int) -> int:
    records, before = -1, 0
    csv.field_size_limit(_MAX_CELL)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for row in reader:
                records += bool(row)
                is_long = reader.line_num > before + 1
                before = reader.line_num
                if is_long and width > 2 and any("\n" in c and c.count(delimiter) >= width - 1 for c in row):
                    raise Refused(
                        f"has a cell that swallows whole lines, in record {records}; a quote is out of place "
                        f"shortly before line {before}: export it again"
                    )
        except csv.Error as error:
            raise Refused(f"is not a readable CSV ({error}); a quote is open before line {reader.line_num}") from None
    return records


def _contains(text: bytes, codes: np.ndarray, mark: bytes) -> bool:
    """Whether `mark`, of two or three bytes, is in `text`: ten times as fast as `in` if its first byte is rare."""
    if mark[:1] not in text:
        return False
    places = np.flatnonzero(codes[: 1 - len(mark)] == mark[0])
    for shift, byte in enumerate(mark[1:], 1):
        places = places[codes[places + shift] == byte]
    return len(places) > 0


def _starts_blank(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(1 << 16).lstrip(b" ")
    return start.startswith((NEWLINE, b"\r"))


def _read_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


class MixedLines:
    """Finds lines of UTF-8 in a file that decodes as GB18030.

    An even number of Chinese characters in UTF-8 is valid GB18030 too, but means other words. Nothing else would show
    that such a line was read wrongly.
    """

    def __init__(self) -> None:
        self.rest = b""

    def find_utf8(self, chunk: bytes) -> int | None:
        """The number, from 1, of the first such line in `chunk`; pass the chunks in order."""
        first_end, last_end = chunk.find(NEWLINE), chunk.rfind(NEWLINE)
        whole, self.rest = self.rest + chunk[: first_end + 1], chunk[last_end + 1 :] if first_end >= 0 else b""
        if first_end < 0:
            self.rest = whole + chunk
            return 1 if _find_utf8_line(self.rest) else None
        if _find_utf8_line(whole):
            return 1
        place = _find_utf8_line(chunk[first_end + 1 :])
        return 1 + place if place else None


def _find_utf8_line(block: bytes) -> int | None:
    """The first line of `block` that is UTF-8 with two Chinese characters in a row."""
    if len(block) < 6:
        return None
    codes = np.frombuffer(block, np.uint8)
    hits = np.flatnonzero((codes[:-5] - np.uint8(0xE2)) <= 0x0D)
    for shift in (1, 2, 4, 5):
        hits = hits[(codes[hits + shift] & 0xC0) == 0x80]
    hits = hits[(codes[hits + 3] - np.uint8(0xE2)) <= 0x0D]
    place = 0
    for hit in hits:
        if hit < place:
            continue
        start, end = block.rfind(NEWLINE, 0, hit) + 1, block.find(NEWLINE, hit)
        place = end if end >= 0 else len(block)
        try:
            block[start:place].decode("utf-8")
            return block.count(NEWLINE, 0, start) + 1
        except UnicodeDecodeError:
            continue
    return None
