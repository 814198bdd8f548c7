"""Here the glyphs that a page uses are cut from Noto Sans SC into web fonts that it can carry.
Choosing the characters stays out, and so does all drawing.
It hands html an @font-face rule per weight, the same bytes for the same characters.
"""

import base64
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

# a family each: a browser asks no other weight of a family for a glyph that one lacks
_FAMILIES = {400: "Noto Sans SC", 700: "Noto Sans SC Bold"}
# of 1000 units: no outline moves by a sixth of a px at any size used, and a quarter of the bytes goes
_EM = 128
_FILES = {400: "NotoSansSC-Regular.ttf", 700: "NotoSansSC-Bold.ttf"}


class MissingGlyph(ValueError):
    """A character isn't in the font: it would show in another face, or not at all."""


@lru_cache(8)  # a page rendered again, and the next period's, mostly ask for the same
def face(weight: int, characters: frozenset[str]) -> str:
    """The CSS rule that embeds these characters in this weight (400 or 700) as WOFF2 in a data: address."""
    path = _path(weight)
    font = TTFont(path, recalcTimestamp=False)
    wanted = {character for character in characters if character.isprintable()}
    missing = sorted(wanted - covered(weight))
    if missing:
        found = " ".join(f"{character} (U+{ord(character):04X})" for character in missing)
        raise MissingGlyph(f"{path.name} has no glyph for {found}; add them with reports/fonts/subset.py")
    # charts are laid out by bare advance widths: kerned, their words would run shorter than measured
    for tag in {"GSUB", "GPOS", "GDEF"} & set(font.keys()):
        del font[tag]
    options = Options()
    options.flavor = "woff2"
    options.hinting = False
    options.name_IDs = [0, 1, 2, 13, 14]  # the copyright and licence travel with the glyphs
    options.notdef_outline = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, wanted))
    subsetter.subset(font)
    scale_upem(font, _EM)
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
    return Path(__file__).parents[2] / "fonts" / _FILES[weight]
