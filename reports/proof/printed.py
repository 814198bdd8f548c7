"""Reads back what a bulletin's file prints: sentences and rows with their places, pictures by hash.

It takes a file of any of the bulletin's formats, also one that an office program has saved, and returns one `Printed`.
Comparing belongs to verify.py; writing a format belongs to reports/formats.
"""

import base64
import hashlib
import logging
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from pathlib import PurePosixPath
from typing import NamedTuple
from xml.etree import ElementTree

import pypdf
from python_calamine import CalamineWorkbook

# of a damaged PDF it logs each place that it can't read; the error that it raises in the end says enough
logging.getLogger("pypdf").setLevel(logging.CRITICAL)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"
# Elements of a page that end the sentence before them.
_TEXT_BLOCKS = {"p", "li", "dt", "dd", "tr", "caption", "h1", "h2", "h3", "summary", "title", "code"}
_BLOCKS = _TEXT_BLOCKS | {"figure", "svg", "text"}
# of the DOCX; the second is what docx_page.py and the English words call the title of an annex
_HEADING_STYLES = ("Heading", "附件标题", "AnnexTitle", "Caption")
_HEADINGS = {"h1", "h2", "h3", "summary", "caption"}
_PAGE_NUMBER = re.compile(r"—\s*\d*\s*—")
# Attributes that carry a number or a name: to a screen reader, or to a program that reads the page.
_SPOKEN_ATTRIBUTES = ("value", "aria-label", "data-note", "data-figure", "data-member", "data-period", "data-part")


class Piece(NamedTuple):
    """A sentence, row or attribute that a file prints, and where: a heading, a page, a sheet's row."""

    place: str
    text: str


@dataclass
class Printed:
    """What one file prints, in reading order; `pictures` is place → SHA-256 of what is drawn there."""

    pieces: list[Piece] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)


def read_printed(name: str, content: bytes) -> Printed:
    """What a file of a bulletin folder prints. Raises whatever the format's reader raises on a damaged file."""
    return READERS.get(PurePosixPath(name).suffix, _read_picture)(content)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_picture(content: bytes) -> Printed:
    return Printed(pictures={"the picture": _hash(content)})


def _read_lines(content: bytes) -> Printed:
    lines = content.decode("utf-8-sig").splitlines()
    return Printed([Piece(f"line {place}", line) for place, line in enumerate(lines, start=1)])


def _read_html(content: bytes) -> Printed:
    page = _Page()
    text = content.decode("utf-8")
    page.feed(text)
    page.close()
    page.end_piece("")
    printed = Printed(page.pieces + page.hidden)
    for place, rest in enumerate(text.split("<svg")[1:], start=1):
        printed.pictures[f"drawing {place}"] = _hash(rest.partition("</svg>")[0].encode())
    return printed


class _Page(HTMLParser):
    """Blocks and rows of a page as `pieces`. Attributes go to `hidden`, so that they don't split a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []
        self.hidden: list[Piece] = []
        self.heading, self.words, self.is_text = "top of the page", "", True

    def end_piece(self, tag: str) -> None:
        words = " ".join(self.words.split())
        if tag in _HEADINGS and words:
            self.heading = words.removesuffix("#")
        if words:
            self.pieces.append(Piece(self.heading, words))
        self.words = ""

    def handle_starttag(self, tag, attrs):
        if tag in _BLOCKS:
            self.end_piece("")
        if tag in ("td", "th"):
            self.words += " "
        self.is_text = tag not in ("style", "script")
        attributes = {name: value or "" for name, value in attrs}
        near = f"{self.heading}, attribute near “{self.words.strip()[-20:]}”"
        self.hidden += [Piece(near, f"{key}={attributes[key]}") for key in _SPOKEN_ATTRIBUTES if key in attributes]
        kind, _, data = (attributes.get("href") or "").partition(";base64,")
        if kind.startswith("data:text/csv"):
            lines = base64.b64decode(data).decode("utf-8-sig").splitlines()
            self.hidden += [Piece(f"{attributes.get('download')} behind {self.heading}", line) for line in lines]

    def handle_endtag(self, tag):
        if tag in _BLOCKS:
            self.end_piece(tag)
        self.is_text = True

    def handle_data(self, data):
        if self.is_text:
            self.words += data


def _read_pdf(content: bytes) -> Printed:
    printed = Printed()
    for number, page in enumerate(pypdf.PdfReader(BytesIO(content)).pages, start=1):
        printed.pieces += [Piece(f"page {number}", " ".join(line.split())) for line in page.extract_text().splitlines()]
        # Charts are drawn in the page itself. Fonts are hashed because a reader sees their outlines, not the text.
        printed.pictures[f"drawing of page {number}"] = _hash(page.get_contents().get_data())
        for name, font in page["/Resources"].get("/Font", {}).items():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"] if "/DescendantFonts" in font else {}
            outlines = b"".join(descriptor[k].get_data() for k in ("/FontFile2", "/FontFile3") if k in descriptor)
            printed.pictures[f"font {name} of page {number}"] = _hash(outlines)
    return printed


def _read_docx(content: bytes) -> Printed:
    printed = Printed()
    with zipfile.ZipFile(BytesIO(content)) as parts:
        body = ElementTree.fromstring(parts.read("word/document.xml"))
        relations = ElementTree.fromstring(parts.read("word/_rels/document.xml.rels"))
        targets = {entry.get("Id"): entry.get("Target", "") for entry in relations}
        printed.pieces += _read_paragraphs(body, "top of the text")
        for place, drawing in enumerate(body.iter(f"{_W}drawing"), start=1):
            about = next(drawing.iter(f"{_DRAWING}wordprocessingDrawing}}docPr"))
            printed.pieces.append(Piece(f"alternative text of picture {place}", about.get("descr", "")))
            for blip in drawing.iter(f"{_DRAWING}main}}blip"):
                target = targets.get(blip.get(f"{_R}embed"), "")
                member = target.removeprefix("/") if target.startswith("/") else f"word/{target}"
                printed.pictures[f"picture {place}"] = _hash(parts.read(member))
        # Word may renumber headers and footers, so compare them by their text and not by their file names.
        margins = []
        for part in parts.namelist():
            if part.startswith(("word/header", "word/footer", "word/footnotes")) and part.endswith(".xml"):
                margins += _read_paragraphs(ElementTree.fromstring(parts.read(part)), "header, footer or footnote")
        # The page number depends on the program that laid the pages out last, so leave it out.
        printed.pieces += sorted(piece for piece in margins if not _PAGE_NUMBER.fullmatch(piece.text))
    return printed


def read_docx_lines(content: bytes) -> list[str]:
    """The paragraphs of a DOCX, and each table's rows as one line, in order; without headers, footers and pictures."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        body = ElementTree.fromstring(parts.read("word/document.xml"))
    return [piece.text for piece in _read_paragraphs(body, "")]


def read_docx_period(content: bytes) -> str:
    """The period whose bulletin a DOCX is, also after another program saved it; '' where it doesn't say."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        about = ElementTree.fromstring(parts.read("docProps/core.xml"))
    keywords = next((element for element in about if element.tag.endswith("}keywords")), None)
    return (keywords.text or "") if keywords is not None else ""


def _read_paragraphs(root: ElementTree.Element, place: str) -> list[Piece]:
    """Paragraphs and table rows; inserted text counts, text deleted under tracked changes doesn't."""
    pieces = []
    in_tables = {paragraph for row in root.iter(f"{_W}tr") for paragraph in row.iter(f"{_W}p")}
    for element in root.iter():
        if element.tag == f"{_W}tr":
            pieces.append(Piece(f"{place}, table", " ".join(filter(None, map(_join_text, element.iter(f"{_W}p"))))))
        elif element.tag == f"{_W}p" and element not in in_tables:
            text, style = _join_text(element), element.find(f"{_W}pPr/{_W}pStyle")
            if text and style is not None and style.get(f"{_W}val", "").startswith(_HEADING_STYLES):
                place = text
            pieces += [Piece(place, text)] if text else []
    return pieces


def _join_text(paragraph: ElementTree.Element) -> str:
    return "".join(t.text or "" for t in paragraph.iter(f"{_W}t")).strip()


def _read_xlsx(content: bytes) -> Printed:
    printed = Printed()
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for name in book.sheet_names:
        printed.pieces.append(Piece("names of sheets", name))
        for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            # Some programs save 15 digits of a number, others 17; 12 are the same in all.
            cells = [f"{cell:.12g}" if isinstance(cell, float) else str(cell) for cell in row]
            printed.pieces.append(Piece(f"sheet {name}, row {number}", " ".join(filter(None, cells))))
    return printed


READERS: dict[str, Callable[[bytes], Printed]] = {
    ".html": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
    ".xlsx": _read_xlsx,
    ".csv": _read_lines,
    ".json": _read_lines,
}
