"""Turns a document into one self-contained web page.

Takes the document model and returns the page's text, the same bytes for the same document. The page loads nothing from
the network; its one script makes cells of tables open notes, and its content security policy forbids all else. It
carries the glyphs of all its text, so that a reader whose system has no Chinese typeface can read it. The mark-up of
blocks is written in blocks.py.
"""

import base64
import hashlib
import re
import string
import xml.etree.ElementTree as ET
from collections.abc import Sequence, Set
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.document.model import Annex, ChartBlock, Document, Heading, KpiStrip
from reports.formats.html import blocks, webfont
from reports.formats.html.numbers import Names

# Bytes. A larger page is still written whole; render.py warns about it.
USUAL_LIMIT = 400_000
PARTS = Path(__file__).with_name("page_parts")
_LETTERS_AND_DIGITS = frozenset(string.ascii_letters + string.digits)
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


def fill_template(
    template: str,
    *,
    bold: Set[str] = frozenset(),
    styles: Sequence[str] = ("bulletin.css",),
    scripts: Sequence[str] = (),
    carries_glyphs: bool = True,
    **values: Any,
) -> str:
    """Fills a template of page_parts/ with `values`, the styles and scripts, and the policy that allows only these.

    `words`, the language of the page, is one of the values. The page carries a regular glyph of each of its characters
    and a bold glyph of each character in `bold`; without `carries_glyphs` it shows the typefaces of the reader.
    """
    without_fonts = _fill(template, "", styles, scripts, values)
    if not carries_glyphs:
        return without_fonts
    regular = webfont.covered(400) & (_LETTERS_AND_DIGITS | set(without_fonts))
    faces = [webfont.face(weight, frozenset(glyphs)) for weight, glyphs in ((400, regular), (700, bold)) if glyphs]
    return _fill(template, "".join(faces), styles, scripts, values)


def _fill(template: str, faces: str, styles: Sequence[str], scripts: Sequence[str], values: dict[str, Any]) -> str:
    style = "".join((PARTS / name).read_text("utf-8") for name in styles)
    style = _minify(faces + style.replace("$sql", values["words"]("page.sql")))
    programs = [Markup((PARTS / name).read_text("utf-8")) for name in scripts]
    allowed = f"; script-src {' '.join(map(_hash_source, programs))}" if programs else ""
    policy = (
        f"default-src 'none'; style-src {_hash_source(style)}{allowed}; font-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    template = _environment().get_template(template)
    return template.render(policy=policy, style=Markup(style), programs=programs, **values) + "\n"


def _hash_source(content: str) -> str:
    """How a content security policy names the one style or script that has this content."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(PARTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
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


def _minify(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,>])\s*", r"\1", css).replace(";}", "}").strip()
