"""Draws the card of a bulletin: one picture with its title and first figure, to send along with it in WeChat.

Takes the document model and returns a PNG of 900 × 383 px at twice the pixels, the proportion of a WeChat cover. The
figure is that of the first tile, so the office chooses it by the order of its tiles; a document without tiles has no
card. The same document gives the same bytes.
"""

from html import escape

from reports.charts.drawing import theme, typeface
from reports.document.model import Document, KpiStrip, Runs

WIDTH, HEIGHT = 900, 383
_EDGE = 52
_WASH = "#CADCEE"


def picture(document: Document) -> bytes | None:
    """The card as a PNG, or None; raises typeface.FontError for a character that the shipped typeface lacks."""
    strip = next((block for block in document.blocks if isinstance(block, KpiStrip)), None)
    return theme.png(_draw(document, strip)) if strip else None


def _draw(document: Document, strip: KpiStrip) -> str:
    tile, room = strip.tiles[0], WIDTH - 2 * _EDGE
    title = typeface.wrap(document.title, room, 32, bold=True)[:2]
    words = [_write(_EDGE, 82 + 44 * line, text, 32, bold=True) for line, text in enumerate(title)]
    words.append(_write(_EDGE, 212, tile.label, 24, _WASH))
    value = _join(tile.runs)
    words.append(_write(_EDGE - 3, 296, value, 80, bold=True))
    after = _EDGE + typeface.measure(value, 80, bold=True) + 6
    words.append(_write(after, 296, tile.unit, 32, bold=True))
    changes = document.words("list.clause").join(map(_join, tile.changes))
    beside = after + typeface.measure(tile.unit, 32, bold=True) + 34
    if changes and beside + typeface.measure(changes, 24) <= WIDTH - _EDGE:
        words.append(_write(beside, 296, changes, 24, _WASH))
    about = document.words("card.about", day=document.words.day(document.as_of_on))
    words.append(_write(_EDGE, 346, about, 20, _WASH))
    issuer, end = document.watermark or document.masthead or "", _EDGE + typeface.measure(about, 20)
    words.append(_write(end, 346, issuer, 20, bold=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="{typeface.FAMILY}, sans-serif"><rect width="{WIDTH}" height="{HEIGHT}" fill="{theme.MAIN}"/>'
        f"{''.join(words)}</svg>"
    )


def _write(x: float, y: float, text: str, size: float, colour: str = theme.PAPER, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y}" font-size="{size}" fill="{colour}"{weight}>{escape(text)}</text>'


def _join(runs: Runs) -> str:
    return "".join(run.text for run in runs)
