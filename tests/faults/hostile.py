"""The hostile files that are binary or large: archives, workbooks, bombs, and files of another kind than their name.

It returns the bytes of each file by its path in the landing folder. expected.csv says what must become of each.
"""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import xlsxwriter

from tests.faults.good import HEADER, lines, rows

_OLD_WORKBOOK = Path(__file__).parent / "files" / "desk" / "real_workbook_of_1997.xls"
_MOMENT = (2022, 7, 16, 0, 0, 0)


def text(prefix: str) -> bytes:
    return ("\n".join(lines(prefix)) + "\n").encode()


def squeezed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def packed(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, _MOMENT) if isinstance(name, str) else name
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def changed(content: bytes, old: bytes, new: bytes, count: int = -1) -> bytes:
    assert old in content
    return content.replace(old, new, count)


def dented(content: bytes, at: int) -> bytes:
    return content[:at] + bytes(40) + content[at + 40 :]


def encrypted(content: bytes) -> bytes:
    """The archive with its members marked as encrypted, in their own headers and in the directory."""
    local, central = b"PK\x03\x04\x14\x00", b"PK\x01\x02\x14\x03\x14\x00"
    return changed(changed(content, local + b"\0\0", local + b"\1\0"), central + b"\0\0", central + b"\1\0")


def workbook(prefix: str, sheet: str = "Sheet1", *, as_numbers: bool = False) -> bytes:
    """The sixty rows with real dates; `as_numbers` gives one person's number as a number, as clerks type it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(*_MOMENT)})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, HEADER)
        for line, row in enumerate(rows(prefix), 1):
            page.write_row(line, 0, row[:4])
            for column in (4, 5):
                if row[column]:
                    page.write_datetime(line, column, datetime.fromisoformat(row[column]), moment)
            page.write(line, 6, row[6])
            page.write_string(line, 7, row[7])
        if as_numbers:
            page.write_number(9, 7, int(rows(prefix)[8][7]))
        page.write_blank(500, 9, None, moment)
    return out.getvalue()


def rewritten(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook with `change(name, bytes)` done to each of its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed(*((name, change(name, archive.read(name))) for name in archive.namelist()))


def _part(target: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, content: changed(content, old, new, 1) if name == target else content


_LAUGHS = b'?>\n<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
_FAR_CELL = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
_SHEET = "xl/worksheets/sheet1.xml"


def files() -> Iterable[tuple[str, bytes]]:
    """(path in the landing folder, bytes) of every hostile file that is not kept in files/."""
    plain, book, old = text("B01-"), workbook("B02-"), _OLD_WORKBOOK.read_bytes()
    much = b"1,2,3,4\n" * (9 << 20)
    yield "desk/workbook.xlsx", book
    yield "sheet/its_sheet_is_another.xlsx", workbook("B03-", "汇总")
    yield "sheet/sheet_by_name.xlsx", workbook("B04-", "明细")
    yield "desk/one_number_too_long.xlsx", workbook("B05-", as_numbers=True)
    yield "desk/workbook_named.csv", workbook("B06-")
    yield "desk/old_workbook_named.csv", changed(old, b"X01-", b"B07-")
    yield "desk/old_workbook_named.xlsx", changed(old, b"X01-", b"B08-")
    yield "desk/text_named.xlsx", text("B09-")
    yield "desk/text_named.xls", text("B10-")
    yield "desk/text_named.csv.gz", text("B11-")
    yield "desk/gzip_named.csv", squeezed(text("B12-"))
    yield "desk/workbook_named.csv.gz", squeezed(workbook("B13-"))
    yield "desk/archive_named.csv", packed(("inner.csv", text("B14-")))
    yield "desk/pdf_named.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    yield "desk/rar_named.zip", b"Rar!\x1a\x07\x01\x00" + bytes(64)
    yield "desk/gzip.csv.gz", squeezed(plain)
    yield "desk/gzip_cut_off.csv.gz", squeezed(text("B15-"))[:-40]
    yield "desk/gzip_with_a_wrong_checksum.csv.gz", squeezed(plain)[:-8] + bytes(8)
    yield "desk/gzip_within_gzip.csv.gz", squeezed(squeezed(plain))
    yield "desk/gzip_bomb.csv.gz", squeezed(much)
    yield (
        "desk/archive.zip",
        packed(
            ("一月/办件.csv", text("C01-")),
            ("plain.csv.gz", squeezed(text("C02-"))),
            ("book.xlsx", workbook("C03-")),
            ("old.xls", changed(old, b"X01-", b"C04-")),
            ("__MACOSX/._plain.csv", b"\0\1"),
            ("readme.txt", b"x"),
        ),
    )
    chinese = packed(("gbk.csv", text("C05-")))
    yield "desk/archive_of_old_windows.zip", changed(chinese, b"gbk.csv", "办k.csv".encode("gb18030")[:3] + b".csv")
    yield "desk/archive_empty.zip", packed()
    yield "desk/archive_damaged.zip", packed(("a.csv", plain))[:-30]
    yield "desk/archive_member_damaged.zip", dented(packed(("a.csv", plain)), 200)
    yield "desk/archive_encrypted.zip", encrypted(packed(("a.csv", plain)))
    yield "desk/archive_climbs_out.zip", packed(("../../a.csv", plain))
    yield "desk/archive_climbs_out_of_windows.zip", packed(("..\\..\\a.csv", plain))
    yield "desk/archive_with_absolute_path.zip", packed(("/etc/a.csv", plain))
    yield "desk/archive_with_drive_letter.zip", packed(("C:\\a.csv", plain))
    yield "desk/archive_with_link.zip", packed((link("a.csv"), b"/etc/passwd"))
    yield "desk/archive_within_archive.zip", packed(("a.zip", packed(("a.csv", plain))))
    yield "desk/archive_with_a_name_twice.zip", packed(("a.csv", plain), ("b.csv", plain)).replace(b"b.csv", b"a.csv")
    yield "desk/archive_of_too_many.zip", packed(*((f"{number}.csv", b"") for number in range(2_001)))
    yield "desk/archive_bomb.zip", packed(("a.csv", much))
    yield (
        "desk/archive_with_control_file.zip",
        packed(
            ("a.csv", text("C06-")),
            ("a.csv.manifest.json", b'{"rows": 60}'),
            ("b.csv", text("C07-")),
            ("b.csv.manifest.json", b'{"rows": 59}'),
        ),
    )
    one = packed(("a.csv", text("C08-")))
    yield "desk/archive_other_than_its_control_file.zip", one
    yield "desk/archive_other_than_its_control_file.zip.manifest.json", b'{"sha256": "' + b"0" * 64 + b'"}'
    yield "desk/workbook_locked.xls", _locked(old)
    name, secret = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    yield "desk/workbook_locked.xlsx", changed(old, name + bytes(len(secret) - len(name)), secret, 1)
    yield "desk/workbook_damaged.xlsx", dented(book, 2000)
    yield "desk/workbook_cut_off.xls", old[:6000]
    yield "desk/workbook_bomb.xlsx", rewritten(book, lambda n, c: c + bytes(70 << 20) if n == _SHEET else c)
    yield "desk/workbook_of_entities.xlsx", rewritten(book, _part("xl/sharedStrings.xml", b"?>", _LAUGHS))
    yield "desk/workbook_with_a_far_cell.xlsx", rewritten(book, _part(_SHEET, b"</sheetData>", _FAR_CELL))
    yield "desk/document_named.xlsx", packed(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
    yield "desk/cell_of_100_thousand_letters.csv", text("D01-").replace("县行政审批局".encode(), b"x" * 100_000, 1)
    yield "desk/cell_of_5_million_letters.csv", text("D02-").replace("县行政审批局".encode(), b"x" * 5_000_000, 1)
    yield (
        "desk/quoted_cell_of_5_million_letters.csv",
        text("D03-").replace("县行政审批局".encode(), b'"' + b"x" * 5_000_000 + b'"', 1),
    )
    yield "desk/columns_1500.csv", b",".join(b"c%d" % n for n in range(1500)) + b"\n" + b"," * 1499 + b"\n"


def _locked(workbook: bytes) -> bytes:
    """The old workbook with its second record made FILEPASS ([MS-XLS] 2.4.117), as a password does."""
    start = workbook.index(b"\x09\x08\x10\x00")  # BOF, 16 bytes
    second = start + 20
    return workbook[:second] + b"\x2f\x00" + workbook[second + 2 :]
