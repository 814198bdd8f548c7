"""Turns a document into one self-contained web page.

Takes the document model and returns the page's text, the same bytes for the same document. The page loads nothing from
the network; its one script makes cells of tables open notes, and its content security policy forbids all else. It
carries the glyphs of all its text, so that a reader whose system has no Chinese typeface can read it. The mark-up of
blocks is written in blocks.py.
"""

import xml.etree.ElementTree as ET

from markupsafe import Markup

from reports.document.model import Annex, ChartBlock, Document, Heading, KpiStrip
from reports.formats.html import blocks
from reports.formats.html.numbers import Names
from reports.formats.html.template import fill_template

# Bytes. A larger page is still written whole; render.py warns about it.
USUAL_LIMIT = 400_000
_BOLD_WEIGHTS = ("bold", "600", "700", "800", "900")


def page(document: Document) -> str:
    """The whole page; raises webfont.MissingGlyph where the font lacks a bold character of a chart or a tile."""
    names = Names(document.period, {note.key: f"n{place}" for place, note in enumerate(document.notes)}, document.words)
    return fill_template(
        "bulletin.html.j2",
        scripts=("bulletin.js",),
        bold=_bold_characters(document),
        document=document,
        words=document.words,
        files=_list_files(document),
        contents=[_contents_entry(block) for block in document.blocks if isinstance(block, Heading | Annex)],
        body=Markup("\n".join(blocks.block(block, names) for block in document.blocks)),
        notes=Markup("\n".join(blocks.note(note, names) for note in document.notes)),
    )


def _list_files(document: Document) -> list[tuple[str, str]]:
    """Name and address of each file that lies beside the page."""
    files = [(suffix.upper(), f"bulletin.{suffix}") for suffix in ("pdf", "docx", "xlsx")]
    files.append((document.words("page.csv"), "figures.csv"))
    if any(isinstance(block, KpiStrip) for block in document.blocks):
        files.append((document.words("page.card"), "card.png"))
    return files


def _contents_entry(block: Heading | Annex) -> dict:
    if isinstance(block, Annex):
        return {"anchor": block.anchor, "text": block.title, "level": 2}
    return {"anchor": block.anchor, "text": "".join(run.text for run in block.runs), "level": block.level}


def _bold_characters(document: Document) -> set[str]:
    """The characters that charts and tiles print in bold."""
    bold: set[str] = set()
    for block in document.blocks:
        if isinstance(block, ChartBlock):
            for drawing in (block.chart, block.narrow):
                _collect_bold(ET.fromstring(drawing.svg), "normal", bold)
        elif isinstance(block, KpiStrip):
            for tile in block.tiles:
                bold.update("".join(run.text for run in tile.runs) + tile.unit)
    return bold


def _collect_bold(node: ET.Element, weight: str, bold: set[str]) -> None:
    weight = node.get("font-weight", weight)
    if weight in _BOLD_WEIGHTS:
        bold.update((node.text or "").strip())
    for child in node:
        _collect_bold(child, weight, bold)
