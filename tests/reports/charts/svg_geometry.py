"""Reads the SVG of a chart: the place, size and colour of each text, and the colour below it.

It gives the tests of charts `texts` and `contrast`; those tests decide what is good enough.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from reports.charts.drawing import typeface

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_SHARED = ("font-size", "fill", "font-weight", "text-anchor")
_SHIFT = re.compile(r"translate\(([^,]+),([^)]+)\)")


@dataclass(frozen=True)
class Text:
    """A text with its box in px and the colour it stands on (the topmost shape below its middle)."""

    text: str
    size: float
    fill: str
    ground: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Text") -> bool:
        """Whether two boxes share more than a hair."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.5 and down > 0.5


def texts(svg: str) -> list[Text]:
    """Every text of the picture, in drawing order."""
    shapes: list[tuple[tuple[float, float, float, float], str]] = []
    read: list[Text] = []

    def walk(node: ET.Element, dx: float, dy: float, shared: dict[str, str]) -> None:
        # a text takes what it doesn't set itself from the groups around it
        shared = shared | {name: node.attrib[name] for name in _SHARED if name in node.attrib}
        shift = _SHIFT.search(node.get("transform", ""))
        if shift:
            dx, dy = dx + float(shift[1]), dy + float(shift[2])
        if node.tag == f"{_SVG}rect":
            shapes.append(((0, 0, float(node.get("width")), float(node.get("height"))), node.get("fill")))
        elif node.tag == f"{_SVG}path" and node.get("fill", "none") not in ("none", "transparent"):
            shapes.extend((_box(outline, dx, dy), node.get("fill")) for outline in re.findall("M[^M]*", node.get("d")))
        elif node.tag == f"{_SVG}text":
            read.append(_text(node, dx, dy, shapes, shared))
        for child in node:
            walk(child, dx, dy, shared)

    walk(ET.fromstring(svg), 0, 0, {})
    return read


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two #RRGGBB colours as WCAG 2 computes it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _text(node: ET.Element, x: float, y: float, shapes: list, shared: dict[str, str]) -> Text:
    x, y = x + float(node.get("x", 0)), y + float(node.get("y", 0))
    size = float(shared["font-size"])
    width = typeface.measure(node.text, size, shared.get("font-weight") == "bold")
    left = x - {"start": 0, "middle": width / 2, "end": width}[shared.get("text-anchor", "start")]
    middle, level = left + width / 2, y - size * 0.36
    ground = [fill for (x0, y0, x1, y1), fill in shapes if x0 <= middle <= x1 and y0 <= level <= y1][-1]
    # digits and hanzi reach from about 0.8 em above the baseline to 0.08 em below it
    return Text(node.text, size, shared["fill"], ground, left, y - size * 0.8, left + width, y + size * 0.08)


def _box(path: str, dx: float, dy: float) -> tuple[float, float, float, float]:
    bar = re.fullmatch(r"M([^,]+),([^h]+)h([^v]+)v([^h]+)h[^Z]+Z", path)
    if bar:
        x, y, width, height = (float(number) for number in bar.groups())
        corners = [(x, y), (x + width, y + height)]
    elif "A" in path:  # a dot, drawn around its own origin
        radius = float(_NUMBER.search(path)[0])
        corners = [(-radius, -radius), (radius, radius)]
    else:
        numbers = [float(number) for number in _NUMBER.findall(path)]
        corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs) + dx, min(ys) + dy, max(xs) + dx, max(ys) + dy


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
