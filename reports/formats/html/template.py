"""Fills a template of page_parts/ and adds the styles, the scripts and the typeface that the page carries.

Takes the name of a template and its values; returns the text of a page that loads nothing from the network, the same
bytes for the same values. What a page says is decided by who calls. webfont.py is loaded only by pages that carry
glyphs, because it takes a quarter of a second and a run with nothing new writes none.
"""

import base64
import hashlib
import re
import string
from collections.abc import Sequence, Set
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

PARTS = Path(__file__).with_name("page_parts")
_LETTERS_AND_DIGITS = frozenset(string.ascii_letters + string.digits)


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
    from reports.formats.html import webfont

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


def _minify(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,>])\s*", r"\1", css).replace(";}", "}").strip()
