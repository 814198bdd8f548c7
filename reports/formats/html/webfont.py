"""Cuts the glyphs that a page uses from Noto Sans SC into web fonts that the page carries.

Takes a weight and characters and returns a CSS rule @font-face, the same bytes for the same characters. Which
characters a page needs is decided in template.py.
"""

import base64
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from reports.charts.drawing.typeface import FONTS

# Each weight has a family name of its own: a browser doesn't look in another weight of a family for a missing glyph.
_FAMILIES = {400: "Noto Sans SC", 700: "Noto Sans SC Bold"}
_FILES = {400: "NotoSansSC-Regular.ttf", 700: "NotoSansSC-Bold.ttf"}
# Units per em, 1000 in the source: no outline moves by a sixth of a px at any size used, and a quarter of the bytes go.
_UNITS_PER_EM = 128


class MissingGlyph(ValueError):
    """The font has no glyph for a character, which would show in another face, or not at all."""


@lru_cache(8)  # the next period's page, and a page rendered again, mostly ask for the same characters
def face(weight: int, characters: frozenset[str]) -> str:
    """The CSS rule that embeds these characters in this weight (400 or 700) as WOFF2 in a data: address.

    Raises MissingGlyph with the characters that the font lacks.
    """
    path = _path(weight)
    font = TTFont(path, recalcTimestamp=False)
    wanted = {character for character in characters if character.isprintable()}
    missing = sorted(wanted - covered(weight))
    if missing:
        named = " ".join(f"{character} (U+{ord(character):04X})" for character in missing)
        raise MissingGlyph(f"{path.name} has no glyph for {named}; add them with reports/fonts/subset.py")
    # charts are laid out by plain advance widths; with kerning their words would run shorter than measured
    for tag in {"GSUB", "GPOS", "GDEF"} & set(font.keys()):
        del font[tag]
    options = Options()
    options.flavor = "woff2"
    options.hinting = False
    options.name_IDs = [0, 1, 2, 13, 14]  # copyright and licence travel with the glyphs
    options.notdef_outline = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, wanted))
    subsetter.subset(font)
    scale_upem(font, _UNITS_PER_EM)
    font.flavor = "woff2"
    target = BytesIO()
    font.save(target, reorderTables=False)
    data = base64.b64encode(target.getvalue()).decode()
    return (
        f'@font-face{{font-family:"{_FAMILIES[weight]}";font-weight:{weight};font-display:swap;'
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
    )


@cache
def covered(weight: int) -> frozenset[str]:
    """The characters that the font of this weight has glyphs for."""
    return frozenset(map(chr, TTFont(_path(weight)).getBestCmap()))


def _path(weight: int) -> Path:
    return FONTS / _FILES[weight]
