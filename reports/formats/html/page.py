"""Here a document becomes one self-contained web page: no network, no script, a policy that allows only its own.
What the page says stays out, and so do the other formats.
It hands render the page's text, the same bytes for the same document.
"""

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Set
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.document.model import Annex, ChartBlock, Document, Heading, KpiStrip
from reports.formats.html import blocks, webfont
from reports.formats.html.numbers import Names

_PAGE = Path(__file__).with_name("page_parts")
_HANZI = "\u2e80"  # and full-width marks: whatever follows is as wide as high
_MOST = 250_000  # bytes
_BOLD = ("bold", "600", "700", "800", "900")


def page(document: Document) -> str:
    """The whole page; raises webfont.MissingGlyph where a chart's or figure's character isn't in the fonts."""
    charts = [block for block in document.blocks if isinstance(block, ChartBlock)]
    names = Names(document.period, {note.key: f"n{place}" for place, note in enumerate(document.notes)})
    return shell(
        "bulletin.html.j2",
        *_characters(document, charts),
        document=document,
        contents=[_entry(block) for block in document.blocks if isinstance(block, Heading | Annex)],
        body=Markup("\n".join(blocks.block(block, names) for block in document.blocks)),
        notes=Markup("\n".join(blocks.note(note, names) for note in document.notes)),
    )


def shell(template: str, regular: Set[str] = frozenset(), bold: Set[str] = frozenset(), **values: object) -> str:
    """A template of reports/page filled, under the one style and a policy that allows nothing but it.

    It carries glyphs of all that it says, for readers whose system has no Chinese face. Where that would make it too
    large, it carries the `bold` words and what is no hanzi of the `regular` ones: a hanzi is one em wide in any face,
    so that nothing in a chart moves.
    """
    lean = _filled(template, {character for character in regular if character < _HANZI}, bold, values)
    whole = _filled(template, regular | (webfont.covered(400) & set(lean)), bold, values)
    return whole if len(whole.encode()) <= _MOST else lean


def _filled(template: str, regular: Set[str], bold: Set[str], values: dict[str, object]) -> str:
    faces = [webfont.face(weight, frozenset(glyphs)) for weight, glyphs in ((400, regular), (700, bold)) if glyphs]
    style = _minified("".join(faces) + (_PAGE / "bulletin.css").read_text("utf-8"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; base-uri 'none'; form-action 'none'"
    return _environment().get_template(template).render(policy=policy, style=Markup(style), **values) + "\n"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def _entry(block: Heading | Annex) -> dict:
    if isinstance(block, Annex):
        return {"anchor": block.anchor, "text": block.title, "level": 2}
    return {"anchor": block.anchor, "text": "".join(run.text for run in block.runs), "level": block.level}


def _characters(document: Document, charts: list[ChartBlock]) -> tuple[set[str], set[str]]:
    """What charts and tiles print, in either weight."""
    regular: set[str] = set("0123456789")
    bold: set[str] = set()
    for block in charts:
        for drawn in (block.chart, block.narrow):
            _collect(ET.fromstring(drawn.svg), "normal", regular, bold)
    for block in document.blocks:
        if isinstance(block, KpiStrip):
            for tile in block.tiles:
                bold.update("".join(run.text for run in tile.runs) + tile.unit)
    return regular, bold


def _collect(node: ET.Element, weight: str, regular: set[str], bold: set[str]) -> None:
    weight = node.get("font-weight", weight)
    (bold if weight in _BOLD else regular).update((node.text or "").strip())
    for child in node:
        _collect(child, weight, regular, bold)


def _minified(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,>])\s*", r"\1", css).replace(";}", "}").strip()
