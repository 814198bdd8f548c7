"""Writes a sheet of a workbook (XLSX, XLSM, XLSB, ODS, XLS) as a UTF-8 CSV, so that no workbook can harm the run.

Dates are written in ISO form, and numbers of more than 15 digits in scientific notation, so that a later rule notices
the digits that the spreadsheet lost. An old XLS is read in a process of its own, `python -m ingest.reading.workbook`.
What the columns mean is decided elsewhere.
"""

from __future__ import annotations

import csv
import io
import itertools
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
from python_calamine import CalamineWorkbook, PasswordError, WorksheetNotFound

from ingest.errors import Refused
from ingest.landing.unpack import DAMAGED, MAX_RATIO, OLE, is_workbook
from ingest.masks import mask_path

MAX_PACKED = 512 << 20
_MAX_UNPACKED = 2 << 30
_MAX_CELLS = 50_000_000  # calamine keeps every cell between the first and the last in memory, 32 bytes each
_EXACT = 1e15  # a spreadsheet keeps 15 digits of a number and changes the others to 0
_SECONDS, _MEMORY = 120, 3 << 30
_REFERENCE = 10  # characters of the farthest cell's name, XFD1048576 (ECMA-376 part 1, 18.3.1.4 and 18.18.7)
_TOGETHER = 1_000  # rows written at once


def write_workbook(content: bytes, sheet: str | None, delimiter: str, target: Path) -> str:
    """Write the sheet (the first if `sheet` is None) as CSV to `target`, return the format; raises Refused."""
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:  # [MS-OFFCRYPTO] 2.3.4.4
            raise Refused("is protected by a password; save it without one")
        _read_in_process(content, sheet, delimiter, target)
        return "xls"
    _check_package(content)
    _write_sheet(content, sheet, delimiter, target)
    return "xlsx"


def write_rows(rows: Iterable[Iterable[object]], delimiter: str, target: Path) -> None:
    """Write `rows` as CSV to `target`, without rows that hold no value."""
    rest = iter(rows)
    with target.open("w", encoding="utf-8", newline="") as file:
        for some in iter(lambda: list(itertools.islice(rest, _TOGETHER)), []):
            text = io.StringIO(newline="")
            csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(
                row
                for row in ([v if type(v) is str else _format_cell(v) for v in row] for row in some)
                if any(row) or any(cell != "" for cell in row)
            )
            if "\0" in (written := text.getvalue()):
                raise Refused("holds NUL characters: it is damaged; export it again")
            # Only line ends within cells can be \r: the writer ends rows with \n.
            file.write(written.replace("\r\n", "\n").replace("\r", "\n"))


def _write_sheet(content: bytes | Path, sheet: str | None, delimiter: str, target: Path) -> None:
    try:
        # calamine tells a password from damage only if it opens the file by its path.
        is_path = isinstance(content, Path)
        book = CalamineWorkbook.from_path(content) if is_path else CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise Refused("is a workbook without a sheet; export it again")
        rows: Iterator[list] = book.get_sheet_by_name(sheet or book.sheet_names[0]).iter_rows()
        write_rows(rows, delimiter, target)
    except Refused:
        raise
    except PasswordError:
        raise Refused("is protected by a password; save it without one") from None
    except WorksheetNotFound:
        names = "、".join(map(mask_path, book.sheet_names))
        raise Refused(f"has no sheet {sheet}; it has {names}. Set `sheet` in the mapping or export it again") from None
    except BaseException as error:
        # A panic in calamine is no Exception; nor are Ctrl-C and a run's cancellation, which say nothing of the file.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise Refused(f"can't be opened as a workbook ({str(error)[:120]}); open it, save it as XLSX anew") from None


def _check_package(content: bytes) -> None:
    """Raise Refused if the file is damaged or would take the run down: entities, bombs, a cell in the last corner."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if not is_workbook([entry.filename for entry in entries]):
                raise Refused("is an archive within a file that should be an export; unpack it and deliver its files")
            size = sum(entry.file_size for entry in entries)
            if size > _MAX_UNPACKED or (size > 64 << 20 and size > MAX_RATIO * len(content)):
                raise Refused(f"unpacks to {size >> 20} MB, as no export does; check it and export it as CSV")
            for entry in entries:
                with archive.open(entry) as part:
                    _check_part(entry.filename, iter(lambda part=part: part.read(4 << 20), b""))
    except (*DAMAGED, OSError) as error:
        raise Refused(f"is a damaged workbook ({str(error)[:120]}); fetch it or save it again") from None


def _check_part(name: str, chunks: Iterator[bytes]) -> None:
    """Read the part to its end, so that zipfile checks its checksum, and search it for what no program writes."""
    is_xml, is_sheet = name.lower().endswith((".xml", ".rels")), name.lower().startswith("xl/worksheets/")
    width, rows, last = 0, 0, b""
    for chunk in chunks:
        chunk, last = last + chunk, chunk[-32:]
        if is_xml and (b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk):
            raise Refused("defines XML entities, as no spreadsheet program does; don't open it, ask who sent it")
        if is_sheet:
            far_column, far_row = _find_farthest(chunk)
            width, rows = max(width, far_column), max(rows, far_row)
    if rows * width > _MAX_CELLS:
        raise Refused(
            f"has a sheet of {rows} rows by {width} columns, most of them empty; delete the empty rows and columns "
            "after the data (Ctrl+End shows the last cell) and save it again"
        )


def _find_farthest(chunk: bytes) -> tuple[int, int]:
    """The largest column and row of the references in a chunk of a sheet (r="AB12" of cells, r="12" of rows)."""
    codes = np.frombuffer(chunk, np.uint8)
    places = np.flatnonzero(codes[: -_REFERENCE - 3] == ord("="))
    places = (
        places[(codes[places - 1] == ord("r")) & (codes[places - 2] <= ord(" ")) & (codes[places + 1] == ord('"'))] + 2
    )
    column, row = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
    in_letters = np.ones(len(places), bool)
    in_digits = in_letters
    for shift in range(_REFERENCE):
        code = codes[places + shift].astype(np.int64)
        in_letters = in_letters & (code >= ord("A")) & (code <= ord("Z"))
        in_digits = in_digits & (in_letters | ((code >= ord("0")) & (code <= ord("9"))))
        column = np.where(in_letters, column * 26 + code - ord("A") + 1, column)
        row = np.where(in_digits & ~in_letters, row * 10 + code - ord("0"), row)
    return int(column.max(initial=0)), int(row.max(initial=0))


def _read_in_process(content: bytes, sheet: str | None, delimiter: str, target: Path) -> None:
    """Read an old workbook in a process of its own: it has no checksums, and a damaged one can crash the reader."""
    target = target.resolve()
    source = target.with_suffix(".xls")
    source.write_bytes(content)
    command = [sys.executable, "-m", "ingest.reading.workbook", source, target, delimiter, *([sheet] if sheet else [])]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_SECONDS, cwd=Path(__file__).parents[2], check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused(f"takes more than {_SECONDS} seconds to open; open it, save it as XLSX anew") from None
    finally:
        source.unlink()
    if done.returncode == 1 and done.stdout:
        raise Refused(done.stdout.decode("utf-8"))
    if done.returncode:
        raise Refused("can't be opened: it is damaged, or too big to open; open it, save it as XLSX anew")


def _format_cell(value: object) -> object:
    match value:
        case bool():
            return "是" if value else "否"
        case int() | float() if abs(value) >= _EXACT:
            return f"{value:.14E}"
        case float() if value.is_integer():
            return int(value)
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case None:
            return ""
        case _:
            return str(value)


def _main(source: str, target: str, delimiter: str, sheet: str | None = None) -> int:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # This system has no such limits; a crash still ends only this process.
    try:
        _write_sheet(Path(source), sheet, delimiter, Path(target))
    except Refused as refused:
        sys.stdout.buffer.write(str(refused).encode("utf-8"))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
