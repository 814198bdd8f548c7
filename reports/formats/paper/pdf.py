"""Turns a document into a PDF in the official layout of GB/T 9704-2012: tagged, with bookmarks, its text searchable.

Takes the document model and returns the file's bytes, the same for the same document. The
look of a page is written in bulletin.typ, which gets the document as JSON.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import typst

from reports.charts.drawing.typeface import FONTS
from reports.document.model import Block, ChartBlock, Document, Heading, ListBlock, Paragraph, Runs, Table
from reports.formats.paper import measures
from reports.words.catalogue import Words

_TEMPLATE = Path(__file__).with_name("bulletin.typ")


class PrintError(ValueError):
    """typst could not set the document, most often because no font has a character; the message names it."""


def pages(document: Document) -> bytes:
    """The whole bulletin as PDF/UA-1, dated with the as-of day.

    Raises PrintError where a character has no glyph, and TypeError for a block that the PDF has no form for.
    """
    as_of = datetime.combine(document.as_of_on, time(), UTC)
    try:
        return typst.compile(
            _TEMPLATE,
            font_paths=_find_fonts(document),
            sys_inputs={"document": json.dumps(_document(document), ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=as_of,
        )
    except typst.TypstError as error:
        advice = ""
        if "could not be displayed" in error.message:
            advice = "; install a font that has it, or add it to code_points() in reports/fonts/subset.py and run that"
        raise PrintError(f"the PDF of {document.title}: {error.message}{advice}") from error


def _find_fonts(document: Document) -> typst.Fonts:
    """The shipped typefaces, and those installed if the office named its own; other fonts change nothing."""
    fonts = _load_fonts(bool(document.faces))
    for face, name in document.faces.items():
        if name not in fonts.families():
            raise PrintError(
                f"jurisdiction.yaml: bulletin.faces: {face}: no typeface named {name!r} is installed; install it or "
                "delete the line, and the shipped one is used"
            )
    return fonts


@cache
def _load_fonts(with_installed: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=with_installed, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _document(document: Document) -> dict:
    words = document.words
    text, annexes = measures.split_annexes(document)
    office = measures.office_of(document)
    return {
        "title": document.title,
        "title_lines": measures.title_lines(document),
        "as_of": document.as_of_on.isoformat(),
        "masthead": document.masthead,
        "masthead_size": measures.masthead_size(document.masthead or " "),
        "language": words.code,
        "faces": dict(document.faces),
        "official": office,
        "addressee": words("paper.addressee", name=office.get("addressee", "")),
        "imprint": measures.imprint(office, words),
        "notes": measures.notes_of(office, words),
        "watermark": document.watermark,
        "watermark_size": measures.watermark_size(document.watermark or " "),
        "blocks": _blocks(text, words),
        "annexes": [
            dict(zip(("label", "name"), measures.label_and_name(annex, words), strict=True))
            | {
                "listed": measures.list_annex(annex, words, place),
                "blocks": _blocks(annex.blocks, words),
            }
            for place, annex in enumerate(annexes, start=1)
        ],
    }


def _blocks(blocks: Sequence[Block], words: Words) -> list[dict]:
    """The blocks as bulletin.typ sets them: each item of a list and each sheet of a chart is a part of its own."""
    parts: list[dict] = []
    for place, block in enumerate(blocks):
        match block:
            case Heading():
                parts.append({"kind": "heading", "level": block.level, "runs": _runs(block.runs)})
            case Paragraph():
                leads = measures.leads_in(blocks, place)
                parts.append({"kind": "paragraph", "runs": _runs(block.runs), "leads": leads})
            case ListBlock():
                for number, item in enumerate(block.items, 1):
                    mark = measures.list_mark(block, words, number)
                    parts.append({"kind": "item", "runs": [[mark, ""], *_runs(item)]})
            case Table():
                parts.append(_table(block))
            case ChartBlock():
                parts += [{"kind": "chart", "svg": svg, "alt": alt} for svg, alt in measures.sheets_of(block, words)]
            case _:
                raise TypeError(
                    f"the PDF has no form for the block {type(block).__name__}; add it to reports/formats/paper/pdf.py"
                )
    return parts


def _table(block: Table) -> dict:
    return {
        "kind": "table",
        "caption": block.caption,
        "note": block.note,
        "header": [measures.header_lines(title) for title in block.header],
        "alignments": block.alignments,
        "apart": [measures.needs_gap(block, place) for place in range(len(block.header))],
        "widths": measures.column_widths(block),
        "size": measures.table_size(block),
        "wraps": measures.wraps(block),
        "rows": [[{"runs": _runs(cell)} for cell in row] for row in block.rows],
    }


def _runs(runs: Runs) -> list[list]:
    return [[run.text, measures.face_of(run)] for run in runs]
