"""Reads text and CSV files that a person keeps in a jurisdiction's folder, often with a spreadsheet program.

It takes a path and returns the text, or the header and the rows with their line. It accepts what such programs write:
a byte-order mark, GBK, any line ends, semicolons or tabs, full-width blanks around a cell. What a cell must be is
decided by the callers. A file that can't be read is a MappingError.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import MappingError

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Row:
    """One row: `line` where it ends in the file, from 1, and its `cells` by header."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class ListFile:
    """`rows`: those with a value, all cells trimmed; `faults`: `path:line: …` of rows that don't fit the header."""

    path: Path
    header: list[str]
    rows: list[Row]
    faults: list[str]


def read_text(path: Path) -> str:
    """The text of the file: by its byte-order mark, else strict UTF-8, else strict GB18030; raises MappingError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MappingError(f"{path}: can't be read: {error.strerror}") from None
    if content.startswith(_WORKBOOKS):
        raise MappingError(f"{path}: is a workbook; open it and save it as CSV (UTF-8)")
    marked = next((encoding for mark, encoding in _MARKS.items() if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise MappingError(f"{path}: is text in neither UTF-8 nor GBK; save it as UTF-8")


def read_list_file(path: Path) -> ListFile:
    """The rows of the CSV file; raises MappingError if it is no CSV with a header."""
    text = read_text(path)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, faults = [], []
    try:
        header = [unicodedata.normalize("NFKC", cell).strip() for cell in next(reader, [])]
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if not any(trimmed):
                continue
            if len(trimmed) > len(header) and not any(trimmed[len(header) :]):
                trimmed = trimmed[: len(header)]
            if len(trimmed) != len(header):
                faults.append(
                    f"{path}:{reader.line_num}: has {len(trimmed)} cells, the header has {len(header)}; "
                    "a separator is missing, or one too many"
                )
                continue
            rows.append(Row(reader.line_num, dict(zip(header, trimmed, strict=True))))
    except csv.Error as error:
        raise MappingError(f"{path}:{reader.line_num}: is no CSV: {error}; check the quotes") from None
    if not any(header):
        raise MappingError(f"{path}:1: is empty: its first line must name the columns")
    return ListFile(path, header, rows, faults)
