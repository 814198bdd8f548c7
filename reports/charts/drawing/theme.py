"""The looks of every chart: colours, the Altair theme, and the steps from a chart to SVG and PNG.

Takes a Vega-Lite specification and returns SVG text, or takes that SVG and returns a PNG picture. The page maps each
colour here to a colour for dark paper in formats/html/page_parts/bulletin.css. The chart modules choose marks and their
places.
"""

import re
from functools import cache
from html import escape, unescape

import altair as alt
import typst
import vl_convert

from reports.charts.drawing import typeface
from reports.charts.drawing.svg import compact

INK = "#1B2733"
INK2 = "#4A5763"
MAIN = "#12599C"
ALERT = "#C2410C"
MUTED = "#8496A8"
GHOST = "#C7D3DF"  # the year before; its value is always printed
ONLINE = "#0F766E"
TRACK = "#EDF1F5"
WASH = "#E6EEF6"
# from few to many, in the hue of the main colour
STEP1, STEP2, STEP3, STEP4 = "#CADCEE", "#8FB5DA", "#4F88BF", MAIN
PAPER = "#FFFFFF"

_ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*"|aria-hidden="true"|class="[^"]*")')
_EMPTY = re.compile(r'<path(?: d="[^"]*")?(?: display="none")?/>')
_TEXT = re.compile(r"<text\b([^>]*)>([^<]*)</text>")
_FAMILY = re.compile(r'font-family="([^",]*)')


@alt.theme.register("tongbao", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    return {
        "config": {
            "background": PAPER,
            "font": f"{typeface.FAMILY}, sans-serif",
            "padding": 0,
            # the picture is exactly as large as the sheet, whatever lies on it
            "autosize": {"type": "none"},
            "view": {"stroke": None},
            "aria": False,
            "bar": {"color": MAIN},
            "rect": {"color": MAIN},
            "line": {"color": MAIN, "strokeWidth": 3},
            "area": {"color": WASH},
            "point": {"color": MAIN, "filled": True, "opacity": 1},
            "rule": {"color": INK2, "strokeWidth": 1},
            "tick": {"color": GHOST, "thickness": 1},
            "text": {"color": INK, "baseline": "alphabetic", "fontSize": 13},
        }
    }


def to_svg(spec: dict, prefix: str, alternative: str) -> str:
    """The SVG of a Vega-Lite chart under the theme, described by `alternative`; the same bytes for the same chart.

    `prefix` makes its ids unique among the charts of a page. Raises typeface.FontError for a character without glyph.
    """
    _register_fonts()
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    svg = vl_convert.vegalite_to_svg({"$schema": alt.SCHEMA_URL, **_theme(), **spec}, vl_version=version)
    for _, text in _TEXT.findall(svg):
        typeface.check_glyphs(unescape(text))
    svg = compact(_EMPTY.sub("", _ROLES.sub("", svg)))
    # Vega has no property that paints the edge of a letter below its face
    svg = re.sub(r'(<text\b[^>]*)( stroke="#)', r'\1 paint-order="stroke" stroke-linejoin="round"\2', svg)
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r"url\(#", f"url(#{prefix}-", svg)
    svg = re.sub(r'(href="#)', rf"\1{prefix}-", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alternative)}" ', 1)


def png(svg: str, scale: float = 2) -> bytes:
    """A chart's SVG as a PNG picture with `scale` pixels to the px; raises typeface.FontError rather than draw a gap.

    typst draws the same picture as vl-convert in a third of the time and of the bytes.
    """
    families = set(_FAMILY.findall(svg))
    if families != {typeface.FAMILY}:
        asked = " and ".join(sorted(families)) or "no typeface"
        raise typeface.FontError(f"the picture asks for {asked}, not {typeface.FAMILY}")
    for _, text in _TEXT.findall(svg):
        typeface.check_glyphs(unescape(text))
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    return typst.compile(page, font_paths=_shipped_fonts(), sys_inputs={"svg": svg}, format="png", ppi=96 * scale)


@cache
def _shipped_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(typeface.FONTS)])


@cache
def _register_fonts() -> None:
    # vl-convert silently draws no text at all in a family that it doesn't know
    typeface.check_files()
    vl_convert.register_font_directory(str(typeface.FONTS))
