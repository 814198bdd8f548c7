"""Turns a document into a PDF in the official layout of GB/T 9704-2012: tagged, with bookmarks, its text searchable.

Takes the document model and the office's own fonts to be used, and returns the file's bytes, the same for the same
document and fonts, whatever else is installed. The look of a page is written in bulletin.typ, which gets the document
as JSON.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from types import MappingProxyType

import typst

from reports.charts.drawing.typeface import FONTS
from reports.document.model import Block, ChartBlock, Document, Heading, ListBlock, Paragraph, Runs, Table
from reports.formats.paper import docx_page, measures
from reports.formats.paper.measures import Part
from reports.words.catalogue import Words
from reports.words.locale import words as say

_TEMPLATE = Path(__file__).with_name("bulletin.typ")
# the faces of bulletin.typ, and what jurisdiction.yaml calls them
_FACES = dict(zip(("fangsong", "biaosong", "heiti", "kaiti"), docx_page.FACES, strict=True))


# For each part of the text in the order it is set: its place in the document, and the scale at which a chart is drawn.
Flow = list[tuple[int, float]]


class PrintError(ValueError):
    """typst could not set the document, most often because no font has a character; the message names it."""


def list_office_fonts(words: Words, faces: Mapping[str, str] = MappingProxyType({})) -> tuple[str, ...]:
    """The families of the official layout that are installed here: the office's own 仿宋, 小标宋, 黑体 and 楷体.

    `faces` are those that jurisdiction.yaml names; raises PrintError for one that isn't installed.
    """
    installed = {family.casefold() for family in _fonts().families()}
    for face, name in faces.items():
        if name.casefold() not in installed:
            raise PrintError(say("setting.face", face=face, name=name))
    names = [name for face in _FACES for name in _list_names(words, faces, face)]
    return tuple(name for name in names if name.casefold() in installed)


def _list_names(words: Words, faces: Mapping[str, str], face: str) -> list[str]:
    """The families that may stand for a face, the office's choice first."""
    chosen = [faces[_FACES[face]]] if _FACES[face] in faces else []
    return [*chosen, *words.list(f"paper.fonts.{face}")]


def pages(document: Document, office_fonts: Collection[str] | None = None) -> tuple[bytes, Flow]:
    """The whole bulletin as PDF/UA-1, dated with the as-of day, and how its text flows, which the DOCX follows.

    It is set in `office_fonts` where they have the face, else in the shipped fonts; None: in all that are installed.
    Raises PrintError where a font isn't installed or a character has no glyph, and TypeError for a block that the PDF
    has no form for.
    """
    as_of = datetime.combine(document.as_of_on, time(), UTC)
    with _naming(document):
        compiler = _compiler(document, office_fonts)
        content = compiler.compile(pdf_standards=["ua-1"], timestamp=as_of)
        return content, [tuple(part) for part in json.loads(compiler.query("<flow>", field="value", one=True))]


def pictures(document: Document) -> list[bytes]:
    """The pages of the PDF as PNGs, about as wide as half a screen; raises what `pages` does."""
    with _naming(document):
        made = _compiler(document, None).compile(format="png", ppi=96)
    return made if isinstance(made, list) else [made]


def _compiler(document: Document, office_fonts: Collection[str] | None) -> typst.Compiler:
    installed = list_office_fonts(document.words, document.faces)
    if missing := [name for name in office_fonts or () if name not in installed]:
        raise PrintError(say("setting.typeface", title=document.title, names=", ".join(missing)))
    fonts = installed if office_fonts is None else office_fonts
    sent = json.dumps(_document(document, fonts), ensure_ascii=False)
    return typst.Compiler(_TEMPLATE, font_paths=_fonts(), sys_inputs={"document": sent})


@contextmanager
def _naming(document: Document) -> Iterator[None]:
    """Raises typst's error as a PrintError that names the document and says what to do."""
    try:
        yield
    except typst.TypstError as error:
        advice = ""
        if "could not be displayed" in error.message:
            advice = "; install a font that has it, or add it to code_points() in reports/fonts/subset.py and run that"
        raise PrintError(f"the PDF of {document.title}: {error.message}{advice}") from error


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _document(document: Document, fonts: Collection[str]) -> dict:
    words = document.words
    text, annexes = measures.split_annexes(document)
    office = measures.office_of(document)
    return {
        "fonts": {face: [n for n in _list_names(words, document.faces, face) if n in fonts] for face in _FACES},
        "title": document.title,
        "title_lines": measures.title_lines(document),
        "as_of": document.as_of_on.isoformat(),
        "masthead": document.masthead,
        "masthead_size": measures.masthead_size(document.masthead or " "),
        "language": words.code,
        "official": office,
        "addressee": words("paper.addressee", name=office.get("addressee", "")),
        "imprint": measures.imprint(office, words),
        "notes": measures.notes_of(office, words),
        "watermark": document.watermark,
        "watermark_size": measures.watermark_size(document.watermark or " "),
        "blocks": _parts(text, words),
        "annexes": [
            dict(zip(("label", "name"), measures.label_and_name(annex, words), strict=True))
            | {
                "listed": measures.list_annex(annex, words, place),
                "blocks": _parts(annex.blocks, words),
            }
            for place, annex in enumerate(annexes, start=1)
        ],
    }


def _parts(blocks: Sequence[Block], words: Words) -> list[dict]:
    return [_part(part, words) for part in measures.parts_of(blocks)]


def _part(part: Part, words: Words) -> dict:
    match part.block:
        case Heading(level=level, runs=runs):
            return {"kind": "heading", "level": level, "runs": _runs(runs)}
        case Paragraph(runs=runs):
            return {"kind": "paragraph", "runs": _runs(runs), "leads": part.leads}
        case ListBlock() as block:
            mark = measures.list_mark(block, words, part.number)
            return {"kind": "item", "runs": [[mark, "", ""], *_runs(block.items[part.number - 1])]}
        case Table() as block:
            return _table(block)
        case ChartBlock():
            svg, alt = measures.sheet_of(part, words)
            return {"kind": "chart", "svg": svg, "alt": alt}
    raise TypeError(
        f"the PDF has no form for the block {type(part.block).__name__}; add it to reports/formats/paper/pdf.py"
    )


def _table(block: Table) -> dict:
    return {
        "kind": "table",
        "caption": block.caption,
        "note": block.note,
        "header": measures.headings(block),
        "alignments": block.alignments,
        "apart": [measures.needs_gap(block, place) for place in range(len(block.header))],
        "widths": measures.column_widths(block),
        "size": measures.table_size(block),
        "wraps": measures.wraps(block),
        "rows": [[{"runs": _runs(cell)} for cell in row] for row in block.rows],
    }


def _runs(runs: Runs) -> list[list]:
    return [[run.text, measures.face_of(run), run.link] for run in runs]
