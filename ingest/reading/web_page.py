"""Writes the table of a web page as a UTF-8 CSV, because many systems write HTML and name it .xls.

It takes the bytes of the page. lxml parses them one row at a time, so memory doesn't grow with markup. Pages without a
table of data, such as a login page, and pages that were cut off are refused. Scripts and links are never followed.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from ingest.errors import Refused
from ingest.reading.workbook import write_rows

MAX_BYTES = 256 << 20
_MARKS = rb"[\s\xef\xbb\xbf\xff\xfe]*"
_MARKUP = re.compile(_MARKS + rb"<(!doctype|!--|\?xml|html|head|meta|body|table|div|script|style)", re.I)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_INVISIBLE = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.I | re.S)
_TABLE_TAG = re.compile(r"<(/?)table\b", re.I)
_ROW_TAG = re.compile(r"<tr\b", re.I)
_MAX_SPAN = 1_000

Table = list[list[str]]


@dataclass
class _Page:
    """What was found in a page; `rows`: how many rows were parsed, in all tables."""

    tables: list[Table] = field(default_factory=list)
    rows: int = 0
    asks_password: bool = False
    has_tall_cells: bool = False


def is_web_page(start: bytes) -> bool:
    """Whether a file that begins with these bytes is markup; NULs are skipped because UTF-16 has them."""
    return bool(_MARKUP.match(start[:512].replace(b"\0", b"")))


def write_table(content: bytes, delimiter: str, target: Path) -> None:
    """Write the page's largest table as CSV to `target`; raises Refused if it is no page of data."""
    if b"schemas-microsoft-com:office:spreadsheet" in content[:4096]:
        raise Refused("is an XML spreadsheet of 2003; open it and save it as XLSX")
    text = _decode_page(content)
    if "\0" in text:
        raise Refused("holds NUL characters: it is damaged; export it again")
    visible = _INVISIBLE.sub("", text)
    depth = 0
    for slash in _TABLE_TAG.findall(visible):
        depth = max(depth - 1, 0) if slash else depth + 1
    if depth:
        raise Refused("is a web page cut off in mid-table; fetch or export it again")
    page = _parse_page(visible)
    if page.asks_password:
        raise Refused("is a login page, not a table; log in and export it again")
    table = max(page.tables, key=len, default=[])
    if not table:
        raise Refused("is a web page, not a table; export it again and check that the login had not expired")
    if page.rows != len(_ROW_TAG.findall(visible)):
        raise Refused("is a web page of which not every row can be read; export it as CSV")
    alike = sum(1 for other in page.tables if len(other) > 1 and len(other[0]) == len(table[0]) > 1)
    if alike > 1:
        raise Refused(f"is a web page with {alike} tables alike; export it as one table, or as CSV")
    if page.has_tall_cells:
        raise Refused("is a web page whose cells span several rows; export it without merged cells")
    write_rows(table, delimiter, target)


def _decode_page(content: bytes) -> str:
    """The text of the page: by its byte-order mark, by the charset that it declares, as UTF-8, as GB18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        declared = _CHARSET.search(content[:4096])
        is_chinese = declared and declared.group(1).lower() in (b"gb2312", b"gbk", b"gb18030", b"gb_2312-80")
        candidates = ["gb18030"] if is_chinese else ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(f"is a web page that is not text in {' or '.join(candidates)}; export it again")


def _parse_page(text: str) -> _Page:
    """Collect the rows of every table; a table inside a cell is a table of its own."""
    page = _Page()
    try:
        _collect_rows(text, page)
    except etree.LxmlError:
        raise Refused("is a web page that can't be parsed; export it as CSV") from None
    return page


def _collect_rows(text: str, page: _Page) -> None:
    open_tables: list[Table] = []
    source = io.BytesIO(b"<html>" + text.encode("utf-8"))  # lxml refuses a page without any element
    for event, element in etree.iterparse(source, ("start", "end"), html=True, encoding="utf-8", huge_tree=True):
        match event, element.tag:
            case "end", "input":
                page.asks_password |= (element.get("type") or "").lower() == "password"
            case "start", "table":
                open_tables.append([])
            case "start", "tr":
                page.rows += 1
                if open_tables:
                    open_tables[-1].append([])
            case "end", "td" | "th" if open_tables:
                # A cell over several columns belongs to the first of them.
                cells = [_read_cell(element), *[""] * (_read_span(element, "colspan") - 1)]
                if not open_tables[-1]:
                    open_tables[-1].append([])
                open_tables[-1][-1] += cells
                page.has_tall_cells |= _read_span(element, "rowspan") > 1
                element.clear()
            case "end", "tr":
                element.clear()
            case "end", "table" if open_tables:
                page.tables.append([row for row in open_tables.pop() if row])
                element.clear()
    if open_tables:
        # Beyond its limits of nesting and length lxml stops without an error.
        raise Refused("is a web page of which not every row can be read; export it as CSV")


def _read_cell(cell: Any) -> str:
    """The text of a cell; a line break is a newline, other blanks are one space."""
    parts = []
    for node in cell.iter():
        if node.tag == "br":
            parts.append("\n")
        elif isinstance(node.tag, str):
            parts.append(re.sub(r"\s+", " ", node.text or ""))
        if node is not cell:
            parts.append(re.sub(r"\s+", " ", node.tail or ""))
    return "".join(parts).strip()


def _read_span(cell: Any, name: str) -> int:
    value = cell.get(name)
    return min(int(value), _MAX_SPAN) if value and value.isdecimal() and int(value) > 0 else 1
