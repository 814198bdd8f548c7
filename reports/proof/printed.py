"""Here what a bulletin's file prints is read back: sentences and rows with their places, and its pictures by hash.
Judging stays out (verify.py), and so does how any format is written.
It hands verify one `Printed` a file, from whichever program saved it last.
"""

import base64
import hashlib
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

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"
_BLOCKS = {"p", "li", "h1", "h2", "h3", "tr", "dt", "dd", "caption", "summary", "figure", "title", "text", "code",
           "svg"}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "summary", "caption"}
# attributes that say a number: to a screen reader, or to a program that reads the page
_PAGE_NUMBER = re.compile(r"—\s*\d*\s*—")
_SAYING = ("value", "aria-label", "data-figure", "data-member", "data-period", "data-part")


class Piece(NamedTuple):
    place: str
    text: str


@dataclass
class Printed:
    """What one file prints, in reading order; `pictures` is place → SHA-256 of what is drawn there."""

    pieces: list[Piece] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)


def read(name: str, content: bytes) -> Printed:
    """What a file of a bulletin folder prints; any exception of the format's reader where it can't be read."""
    return _READERS.get(PurePosixPath(name).suffix, _picture)(content)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _picture(content: bytes) -> Printed:
    return Printed(pictures={"the picture": _hash(content)})


def _lines(content: bytes) -> Printed:
    lines = content.decode("utf-8-sig").splitlines()
    return Printed([Piece(f"line {place}", line) for place, line in enumerate(lines, start=1)])


def _html(content: bytes) -> Printed:
    page = _Page()
    text = content.decode("utf-8")
    page.feed(text)
    page.close()
    page.ended("")
    made = Printed(page.pieces + page.hidden)
    for place, rest in enumerate(text.split("<svg")[1:], start=1):
        made.pictures[f"drawing {place}"] = _hash(rest.partition("</svg>")[0].encode())
    return made


class _Page(HTMLParser):
    """Blocks and rows of a page as pieces; what attributes say apart, so that a sentence stays a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []
        self.hidden: list[Piece] = []
        self.heading, self.words, self.is_ours = "top of the page", "", True

    def ended(self, tag: str) -> None:
        words = " ".join(self.words.split())
        if tag in _HEADINGS and words:
            self.heading = words.removesuffix("#")
        if words:
            self.pieces.append(Piece(self.heading, words))
        self.words = ""

    def handle_starttag(self, tag, attrs):
        if tag in _BLOCKS:
            self.ended("")
        if tag in ("td", "th"):
            self.words += " "
        self.is_ours = tag != "style"
        given = dict(attrs)
        near = f"{self.heading}, attribute near “{self.words.strip()[-20:]}”"
        self.hidden += [Piece(near, f"{key}={given[key]}") for key in _SAYING if key in given]
        kind, _, data = (given.get("href") or "").partition(";base64,")
        if kind.startswith("data:text/csv"):
            lines = base64.b64decode(data).decode("utf-8-sig").splitlines()
            self.hidden += [Piece(f"{given.get('download')} behind {self.heading}", line) for line in lines]

    def handle_endtag(self, tag):
        if tag in _BLOCKS:
            self.ended(tag)
        self.is_ours = True

    def handle_data(self, data):
        if self.is_ours:
            self.words += data


def _pdf(content: bytes) -> Printed:
    made = Printed()
    for number, page in enumerate(pypdf.PdfReader(BytesIO(content)).pages, start=1):
        made.pieces += [Piece(f"page {number}", " ".join(line.split())) for line in page.extract_text().splitlines()]
        # charts are drawn in the page itself; and a font's outlines, not its text, are what the eye reads
        made.pictures[f"drawing of page {number}"] = _hash(page.get_contents().get_data())
        for name, font in page["/Resources"].get("/Font", {}).items():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"] if "/DescendantFonts" in font else {}
            outlines = b"".join(descriptor[k].get_data() for k in ("/FontFile2", "/FontFile3") if k in descriptor)
            made.pictures[f"font {name} of page {number}"] = _hash(outlines)
    return made


def _docx(content: bytes) -> Printed:
    made = Printed()
    with zipfile.ZipFile(BytesIO(content)) as parts:
        body = ElementTree.fromstring(parts.read("word/document.xml"))
        relations = ElementTree.fromstring(parts.read("word/_rels/document.xml.rels"))
        targets = {entry.get("Id"): entry.get("Target", "") for entry in relations}
        made.pieces += _paragraphs(body, "top of the text")
        for place, drawing in enumerate(body.iter(f"{_W}drawing"), start=1):
            about = next(drawing.iter(f"{_DRAWING}wordprocessingDrawing}}docPr"))
            made.pieces.append(Piece(f"alternative text of picture {place}", about.get("descr", "")))
            for blip in drawing.iter(f"{_DRAWING}main}}blip"):
                target = targets.get(blip.get(f"{_R}embed"), "")
                member = target.removeprefix("/") if target.startswith("/") else f"word/{target}"
                made.pictures[f"picture {place}"] = _hash(parts.read(member))
        # Word may number them anew: by what they say, not by their names
        margins = []
        for part in parts.namelist():
            if part.startswith(("word/header", "word/footer", "word/footnotes")) and part.endswith(".xml"):
                margins += _paragraphs(ElementTree.fromstring(parts.read(part)), "header, footer or footnote")
        # a page's number is the program's that laid it out last
        made.pieces += sorted(piece for piece in margins if not _PAGE_NUMBER.fullmatch(piece.text))
    return made


def _paragraphs(root: ElementTree.Element, place: str) -> list[Piece]:
    """Paragraphs and table rows; inserted text counts, text deleted under tracked changes doesn't."""
    found = []
    inside = {id(paragraph) for row in root.iter(f"{_W}tr") for paragraph in row.iter(f"{_W}p")}
    for element in root.iter():
        if element.tag == f"{_W}tr":
            found.append(Piece(f"{place}, table", " ".join(filter(None, map(_text, element.iter(f"{_W}p"))))))
        elif element.tag == f"{_W}p" and id(element) not in inside:
            text, style = _text(element), element.find(f"{_W}pPr/{_W}pStyle")
            if text and style is not None and style.get(f"{_W}val", "").startswith(("Heading", "附件标题", "Caption")):
                place = text
            found += [Piece(place, text)] if text else []
    return found


def _text(paragraph: ElementTree.Element) -> str:
    return "".join(t.text or "" for t in paragraph.iter(f"{_W}t")).strip()


def _xlsx(content: bytes) -> Printed:
    made = Printed()
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for name in book.sheet_names:
        made.pieces.append(Piece("names of sheets", name))
        for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            # programs keep 15 digits of a number or 17
            cells = [f"{cell:.12g}" if isinstance(cell, float) else str(cell) for cell in row]
            made.pieces.append(Piece(f"sheet {name}, row {number}", " ".join(filter(None, cells))))
    return made


_READERS: dict[str, Callable[[bytes], Printed]] = {
    ".html": _html, ".pdf": _pdf, ".docx": _docx, ".xlsx": _xlsx, ".csv": _lines, ".json": _lines,
}  # fmt: skip
