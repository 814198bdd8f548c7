"""Measures texts in the shipped typeface, breaks them into lines, and refuses characters that it lacks.

Takes texts and sizes in px; returns widths in px and lines. The SVG names the typeface and the page embeds it, so a
text is as wide in a browser as it is measured here. Colours and marks are set in theme.py.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILY = "Noto Sans SC"
FONTS = Path(__file__).parents[2] / "fonts"
_FILES = {False: "NotoSansSC-Regular.ttf", True: "NotoSansSC-Bold.ttf"}

# A number keeps its sign, point and unit, a short bracket its words, a Latin word its letters; a line may break between
# other characters.
_PIECE = re.compile(r"（[^（）]{1,4}）|[+−]?\d[\d.,]*(?:%|个?百分点|万?[件个次]|[年月日类])?|[A-Za-z][A-Za-z'’-]*|.")
_NEVER_FIRST = "，。、；：）》”％%！？,.;:)!?"
_NEVER_LAST = "（《“("


class FontError(ValueError):
    """The typeface is missing, is another than the one named, or has no glyph for a character of a chart."""


def measure(text: str, size: float, bold: bool = False) -> float:
    """The width of a text in px; raises FontError where a character has no glyph."""
    widths = _advance_widths(bold)
    try:
        return sum(widths[ord(character)] for character in text) * size / 1000
    except KeyError:
        check_glyphs(text)
        raise


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width` px, broken after punctuation where that needs no further line.

    Where the last line would hold a word or two, the lines above it are made shorter if they can be.
    """
    pieces = _PIECE.findall(text)
    lines, narrower = _fill_lines(pieces, width, size, bold), width
    while len(lines) > 1 and measure(lines[-1], size, bold) < width / 4:
        narrower -= size
        shorter = _fill_lines(pieces, narrower, size, bold)
        if len(shorter) > len(lines):
            break
        lines = shorter
    clauses = _fill_lines(re.findall(r"[^，；。]+[，；。]?", text), width, size, bold)
    clauses_fit = len(clauses) <= len(lines) and all(measure(line, size, bold) <= width for line in clauses)
    return clauses if clauses_fit else lines


def check_glyphs(text: str) -> None:
    """Raises FontError that names each character of the text which the shipped typeface can't draw in both weights."""
    missing = sorted({c for c in text if not all(ord(c) in _advance_widths(bold) for bold in (False, True))})
    if missing:
        hidden = [f"U+{ord(c):04X}" for c in missing if unicodedata.category(c).startswith("C")]
        if hidden:
            shown = "".join(c for c in text if c not in missing)
            raise FontError(
                f"“{shown}” holds {' '.join(hidden)}, which nobody can see and no file can print:"
                " delete it where the name is written, or give the name a printed one in organisations.csv or labels"
            )
        named = " ".join(f"{c} (U+{ord(c):04X})" for c in missing)
        raise FontError(
            f"{FAMILY} as shipped has no glyph for {named} in “{text}”: a chart would show a gap;"
            " add it to code_points() in reports/fonts/subset.py and run that script"
        )


def check_files() -> None:
    """Raises FontError where a font file is missing or isn't the face that it should be."""
    for bold in (False, True):
        _advance_widths(bold)


@cache
def _advance_widths(bold: bool) -> dict[int, int]:
    """By code point, in thousandths of the type size."""
    path = FONTS / _FILES[bold]
    if not path.is_file():
        raise FontError(f"{path} is missing: charts need it; see reports/fonts/README.md")
    with TTFont(path, lazy=True) as font:
        family, weight = font["name"].getDebugName(1), font["OS/2"].usWeightClass
        if (family, weight) != (FAMILY, 700 if bold else 400):
            raise FontError(f"{path} is {family} {weight}, not {FAMILY} {700 if bold else 400}")
        widths = font["hmtx"].metrics
        return {code: widths[glyph][0] for code, glyph in font.getBestCmap().items()}


def _fill_lines(pieces: list[str], width: float, size: float, bold: bool) -> list[str]:
    lines: list[list[str]] = [[]]
    for piece in pieces:
        line = lines[-1]
        if not line or piece == " " or measure("".join(line) + piece, size, bold) <= width:
            line.append(piece)
            continue
        next_line = [piece]
        # punctuation stays with the piece that it closes or opens
        while len(line) > 1 and (next_line[0][0] in _NEVER_FIRST or line[-1][-1] in _NEVER_LAST):
            next_line.insert(0, line.pop())
        lines.append(next_line)
    return ["".join(line).rstrip(" ") for line in lines]
