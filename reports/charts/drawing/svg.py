"""Makes the SVG that Vega writes about half as large, without a change to the picture.

Takes and returns SVG text; the same picture gives the same bytes. It removes groups without effect, rounds places to a
tenth of a px, joins shapes with the same look, and writes once the attributes that several words share. A page holds
each chart twice, so these bytes count. theme.py sets ids and roles.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

_NAMESPACE = "http://www.w3.org/2000/svg"
_GROUP, _PATH, _LINE, _TEXT = (f"{{{_NAMESPACE}}}{tag}" for tag in ("g", "path", "line", "text"))
_DECIMAL = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_SHIFT = re.compile(r"translate\(([^,]+),([^)]+)\)")
_USUAL_SIZE = "13"
_DEFAULTS = {"text-anchor": "start", "font-weight": "normal", "stroke-width": "0", "transform": "translate(0,0)"}
_SHARED_BY_WORDS = ("text-anchor", "font-size", "font-weight", "fill")


def compact(svg: str) -> str:
    """The picture with the same marks at the same places to a tenth of a px."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.fromstring(svg)
    root.attrib.pop("version", None)
    family = next((text.get("font-family") for text in root.iter(_TEXT)), None)
    if family:
        root.attrib |= {"font-family": family, "font-size": _USUAL_SIZE}
    _simplify(root)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True).replace(" />", "/>")


def _simplify(node: ET.Element) -> None:
    for child in node:
        _simplify(child)
    children = [grandchild for child in node for grandchild in _without_bare_group(child)]
    node[:] = list(_share_looks_of_words(_join_paths(children)))
    for name, value in list(node.attrib.items()):
        if name != "aria-label":
            node.set(name, _DECIMAL.sub(_round, value))
        if _DEFAULTS.get(name) == node.get(name):
            del node.attrib[name]
    if node.tag == _TEXT:
        _simplify_text(node)
    elif node.tag == _LINE:
        _turn_into_path(node)


def _without_bare_group(node: ET.Element) -> list[ET.Element]:
    return list(node) if node.tag == _GROUP and not node.attrib else [node]


def _simplify_text(text: ET.Element) -> None:
    shift = _SHIFT.fullmatch(text.get("transform", ""))
    if shift:
        del text.attrib["transform"]
        text.set("x", shift[1])
        text.set("y", shift[2])
    text.attrib.pop("font-family", None)
    size = text.attrib.pop("font-size", _USUAL_SIZE).removesuffix("px")
    if size != _USUAL_SIZE:
        text.set("font-size", size)


def _turn_into_path(line: ET.Element) -> None:
    shift = _SHIFT.fullmatch(line.attrib.pop("transform", "translate(0,0)"))
    across, down = line.attrib.pop("x2"), line.attrib.pop("y2")
    line.tag = _PATH
    move = f"h{across}" if down == "0" else f"v{down}" if across == "0" else f"l{across},{down}"
    line.set("d", f"M{shift[1]},{shift[2]}{move}")


def _join_paths(children: list[ET.Element]) -> Iterator[ET.Element]:
    """Joins paths that follow each other and differ only in their outline."""
    last = None
    for child in children:
        is_path = child.tag == _PATH and "transform" not in child.attrib
        if is_path and last is not None and _looks(last) == _looks(child):
            last.set("d", last.get("d") + child.get("d"))
            continue
        last = child if is_path else None
        yield child


def _looks(path: ET.Element) -> dict[str, str]:
    return {name: value for name, value in path.attrib.items() if name != "d"}


def _share_looks_of_words(children: Iterator[ET.Element]) -> Iterator[ET.Element]:
    """Groups words of one look that stand between the same shapes; they never overlap, so their order is free."""
    looks: dict[tuple, list[ET.Element]] = {}
    for child in children:
        if child.tag == _TEXT:
            look = tuple((name, child.get(name)) for name in _SHARED_BY_WORDS if name in child.attrib)
            looks.setdefault(look, []).append(child)
        else:
            yield from _groups_of(looks)
            looks = {}
            yield child
    yield from _groups_of(looks)


def _groups_of(looks: dict[tuple, list[ET.Element]]) -> Iterator[ET.Element]:
    for look, words in looks.items():
        if len(words) == 1:
            yield words[0]
            continue
        group = ET.Element(_GROUP, dict(look))
        for word in words:
            for name, _ in look:
                del word.attrib[name]
        group.extend(words)
        yield group


def _round(number: re.Match) -> str:
    return f"{round(float(number[0]), 1):g}" if abs(float(number[0])) < 1e4 else number[0]
