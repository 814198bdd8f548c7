"""Here are the looks of every chart: colours, the typeface, how long a text is, and an altair chart made into SVG.
Which chart shows what stays out, and so do sizes and places within a chart.
It hands charts the palette, `measure` and `wrap`, and documents the finished SVG text or, by `png`, a picture.
"""

import re
from functools import cache
from html import escape, unescape
from pathlib import Path

import altair as alt
import typst
import vl_convert
from fontTools.ttLib import TTFont

from reports.charts.svg import compact

INK = "#1B2733"
INK2 = "#4A5763"
MAIN = "#12599C"
ALERT = "#C2410C"
MUTED = "#8496A8"
GHOST = "#C7D3DF"  # the year before; always with its value printed
ONLINE = "#0F766E"
TRACK = "#EDF1F5"
WASH = "#E6EEF6"
# from few to many, in the main colour's hue
STEP1, STEP2, STEP3, STEP4 = "#CADCEE", "#8FB5DA", "#4F88BF", MAIN
PAPER = "#FFFFFF"

FAMILY = "Noto Sans SC"
FONTS = Path(__file__).parents[1] / "fonts"
_FILES = {False: "NotoSansSC-Regular.ttf", True: "NotoSansSC-Bold.ttf"}

_ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*"|aria-hidden="true"|class="[^"]*")')
_EMPTY = re.compile(r'<path(?: d="[^"]*")?(?: display="none")?/>')
_TEXT = re.compile(r"<text\b([^>]*)>([^<]*)</text>")
_FAMILY = re.compile(r'font-family="([^",]*)')
# a number keeps its sign, point and unit, a short bracket its words; everything else may be parted
_PIECE = re.compile(r"（[^（）]{1,4}）|[+−]?\d[\d.,]*(?:%|个?百分点|万?[件个次]|[年月日类])?|.")
_NEVER_FIRST = "，。、；：）》”％%！？"
_NEVER_LAST = "（《“"


class FontError(ValueError):
    """The typeface is missing, isn't the one named, or has no glyph for a character that is to be drawn."""


@alt.theme.register("tongbao", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    return {
        "config": {
            "background": PAPER,
            "font": f"{FAMILY}, sans-serif",
            "padding": 0,
            # the canvas is exactly as wide as asked for; nothing drawn may change it
            "autosize": {"type": "none"},
            "view": {"stroke": None},
            "aria": False,
            "bar": {"color": MAIN},
            "line": {"color": MAIN, "strokeWidth": 3},
            "rule": {"color": INK2, "strokeWidth": 1},
            "text": {"color": INK, "baseline": "alphabetic"},
        }
    }


def measure(text: str, size: float, bold: bool = False) -> float:
    """How wide a text runs, in px; raises FontError where a character has no glyph."""
    advances = _advances(bold)
    try:
        return sum(advances[ord(character)] for character in text) * size / 1000
    except KeyError:
        check(text)
        raise


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width`, parted after punctuation where that costs no further line.

    The last line isn't left with a word or two where the lines above it can be shorter.
    """
    pieces = _PIECE.findall(text)
    greedy, narrower = _filled(pieces, width, size, bold), width
    while len(greedy) > 1 and measure(greedy[-1], size, bold) < width / 4:
        narrower -= size
        shorter = _filled(pieces, narrower, size, bold)
        if len(shorter) > len(greedy):
            break
        greedy = shorter
    clauses = _filled(re.findall(r"[^，；。]+[，；。]?", text), width, size, bold)
    tidy = len(clauses) <= len(greedy) and all(measure(line, size, bold) <= width for line in clauses)
    return clauses if tidy else greedy


def check(text: str) -> None:
    """Raises FontError naming each character of the text that the shipped typeface cannot draw."""
    missing = sorted({c for c in text if not all(ord(c) in _advances(bold) for bold in (False, True))})
    if missing:
        found = " ".join(f"{c} (U+{ord(c):04X})" for c in missing)
        raise FontError(
            f"{FAMILY} as shipped has no glyph for {found} in “{text}”: a chart would show a gap;"
            " add it to code_points() in reports/fonts/subset.py and run that script"
        )


def to_svg(spec: dict, prefix: str, alternative: str) -> str:
    """SVG of a Vega-Lite chart under the theme: role, alternative text, ids of its own; same chart, same bytes."""
    _register()
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    svg = vl_convert.vegalite_to_svg({"$schema": alt.SCHEMA_URL, **_theme(), **spec}, vl_version=version)
    for _, text in _TEXT.findall(svg):
        check(unescape(text))
    svg = compact(_EMPTY.sub("", _ROLES.sub("", svg)))
    # a letter's edge belongs under its face, which vega cannot say
    svg = re.sub(r'(<text\b[^>]*)( stroke="#)', r'\1 paint-order="stroke" stroke-linejoin="round"\2', svg)
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r"url\(#", f"url(#{prefix}-", svg)
    svg = re.sub(r'(href="#)', rf"\1{prefix}-", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alternative)}" ', 1)


def png(svg: str, scale: float = 2) -> bytes:
    """A chart's SVG as a PNG picture, `scale` pixels to the px; raises FontError rather than draw a gap."""
    families = set(_FAMILY.findall(svg))
    if families != {FAMILY}:
        raise FontError(f"the picture asks for {' and '.join(sorted(families)) or 'no typeface'}, not {FAMILY}")
    for _, text in _TEXT.findall(svg):
        check(unescape(text))
    # typst draws the same picture as vl-convert in a third of the time and of the bytes
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    return typst.compile(page, font_paths=_shipped(), sys_inputs={"svg": svg}, format="png", ppi=96 * scale)


@cache
def _shipped() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _register() -> None:
    # vl-convert draws nothing at all for a family it doesn't know, without a word
    for bold in (False, True):
        _advances(bold)
    vl_convert.register_font_directory(str(FONTS))


@cache
def _advances(bold: bool) -> dict[int, int]:
    path = FONTS / _FILES[bold]
    if not path.is_file():
        raise FontError(f"{path} is missing: charts need it; see reports/fonts/README.md")
    with TTFont(path, lazy=True) as font:
        family, weight = font["name"].getDebugName(1), font["OS/2"].usWeightClass
        if (family, weight) != (FAMILY, 700 if bold else 400):
            raise FontError(f"{path} is {family} {weight}, not {FAMILY} {700 if bold else 400}")
        widths = font["hmtx"].metrics
        return {code: widths[glyph][0] for code, glyph in font.getBestCmap().items()}


def _filled(pieces: list[str], width: float, size: float, bold: bool) -> list[str]:
    lines: list[list[str]] = [[]]
    for piece in pieces:
        line = lines[-1]
        if not line or measure("".join(line) + piece, size, bold) <= width:
            line.append(piece)
            continue
        carried = [piece]
        # punctuation keeps to the piece it closes or opens
        while len(line) > 1 and (carried[0][0] in _NEVER_FIRST or line[-1][-1] in _NEVER_LAST):
            carried.insert(0, line.pop())
        lines.append(carried)
    return ["".join(line) for line in lines]
