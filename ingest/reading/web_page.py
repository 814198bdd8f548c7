"""A table of a web page as CSV: many systems write HTML and name it .xls.

Pages that hold no table of data, such as a login page, are refused; scripts and links are never followed. It hands
on a UTF-8 CSV file.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from ingest.landing.unpack import Refused
from ingest.reading.workbook import write_rows

MAX_BYTES = 256 << 20
_MARKS = rb"[\s\xef\xbb\xbf\xff\xfe]*"
_MARKUP = re.compile(_MARKS + rb"<(!doctype|!--|\?xml|html|head|meta|body|table|div|script|style)", re.I)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_MAX_SPAN = 1_000


def is_web_page(start: bytes) -> bool:
    """Whether a file that starts so is markup; in UTF-16 its letters are apart."""
    return bool(_MARKUP.match(start[:512].replace(b"\0", b"")))


def write_table(content: bytes, delimiter: str, target: Path) -> None:
    """The page's largest table as CSV at `target`; raises Refused when it is no page of data."""
    if b"schemas-microsoft-com:office:spreadsheet" in content[:4096]:
        raise Refused("is an XML spreadsheet of 2003; open it and save it as XLSX")
    parser = _Tables()
    parser.feed(_text(content))
    parser.close()
    if parser.asks_password:
        raise Refused("is a login page, not a table; log in and export it again")
    table = max(parser.tables, key=len, default=[])
    if not table:
        raise Refused("is a web page, not a table; export it again and check that the login had not expired")
    alike = sum(1 for other in parser.tables if len(other) > 1 and len(other[0]) == len(table[0]) > 1)
    if alike > 1:
        raise Refused(f"is a web page with {alike} tables alike; export it as one table, or as CSV")
    if parser.has_tall_cells:
        raise Refused("is a web page whose cells span several rows; export it without merged cells")
    write_rows(table, delimiter, target)


def _text(content: bytes) -> str:
    """The page in its encoding: mark, what it says of itself, UTF-8, GB18030; raises Refused."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        said = _CHARSET.search(content[:4096])
        is_chinese = said and said.group(1).lower() in (b"gb2312", b"gbk", b"gb18030", b"gb_2312-80")
        candidates = ["gb18030"] if is_chinese else ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(f"is a web page that is not text in {' or '.join(candidates)}; export it again")


class _Tables(HTMLParser):
    """Collects the rows of each table that holds no other table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self.span = 1
        self.asks_password = self.has_tall_cells = False
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        match tag:
            case "input":
                self.asks_password |= (said.get("type") or "").lower() == "password"
            case "script" | "style":
                self.silent = True
            case "table":
                self._end_cell()
                self.open.append([])
            case "tr" if self.open:
                self._end_cell()
                self.open[-1].append([])
            case "td" | "th" if self.open:
                self._end_cell()
                if not self.open[-1]:
                    self.open[-1].append([])
                self.cell, self.span = [], _span(said.get("colspan"))
                self.has_tall_cells |= _span(said.get("rowspan")) > 1
            case "br" if self.cell is not None:
                self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "script" | "style":
                self.silent = False
            case "td" | "th" | "tr":
                self._end_cell()
            case "table" if self.open:
                self._end_cell()
                self.tables.append([row for row in self.open.pop() if row])

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent:
            self.cell.append(re.sub(r"\s+", " ", data))

    def close(self) -> None:
        super().close()
        if self.open:
            raise Refused("is a web page cut off in mid-table; fetch or export it again")

    def _end_cell(self) -> None:
        if self.cell is not None and self.open:
            text = "".join(self.cell).strip()
            # a cell over several columns stands in the first of them
            self.open[-1][-1] += [text, *[""] * (self.span - 1)]
        self.cell = None


def _span(value: str | None) -> int:
    return min(int(value), _MAX_SPAN) if value and value.isdecimal() and int(value) > 0 else 1
