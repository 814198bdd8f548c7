"""Here an SVG as vega writes it is made small: needless groups go, places are rounded, words share what they have.
What is drawn stays out, and so does the page around it.
It hands theme the same picture in about half the bytes.
"""

import re
import xml.etree.ElementTree as ET

_NAMESPACE = "http://www.w3.org/2000/svg"
_DECIMAL = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_SHIFT = re.compile(r"translate\(([^,]+),([^)]+)\)")
# what most words of a chart have; the others say their own
_USUAL = {"font-size": "13", "fill": "#1B2733"}
_SHARED = ("text-anchor", "font-size", "font-weight", "fill")
_DEFAULTS = {"text-anchor": "start", "font-weight": "normal", "stroke-width": "0", "transform": "translate(0,0)"}


def compact(svg: str) -> str:
    """The picture with the same marks at the same places to a tenth of a px; same picture, same bytes."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.fromstring(svg)
    root.attrib.pop("version", None)
    _visit(root)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True).replace(" />", "/>")


def _visit(node: ET.Element) -> None:
    children: list[ET.Element] = []
    for child in node:
        _visit(child)
        for name, value in list(child.attrib.items()):
            child.set(name, _DECIMAL.sub(_rounded, value) if name != "aria-label" else value)
            if _DEFAULTS.get(name) == child.get(name):
                del child.attrib[name]
        if child.tag == f"{{{_NAMESPACE}}}text":
            _place(child)
        is_bare = child.tag == f"{{{_NAMESPACE}}}g" and not child.attrib
        children += list(child) if is_bare else [child]
    node[:] = _merged(_sharing(children))


def _merged(children: list[ET.Element]) -> list[ET.Element]:
    """Shapes that follow each other and differ only in their outline become one; so do straight lines."""
    made: list[ET.Element] = []
    for child in children:
        if child.tag == f"{{{_NAMESPACE}}}line":
            _outline(child)
        is_path = child.tag == f"{{{_NAMESPACE}}}path" and "transform" not in child.attrib
        if is_path and made and made[-1].tag == child.tag and _looks(made[-1]) == _looks(child):
            made[-1].set("d", made[-1].get("d") + child.get("d"))
        else:
            made.append(child)
    return made


def _outline(line: ET.Element) -> None:
    shift = _SHIFT.fullmatch(line.attrib.pop("transform", "translate(0,0)"))
    across, down = line.attrib.pop("x2"), line.attrib.pop("y2")
    line.tag = f"{{{_NAMESPACE}}}path"
    line.set("d", f"M{shift[1]},{shift[2]}" + (f"h{across}" if down == "0" else f"l{across},{down}"))


def _looks(path: ET.Element) -> dict[str, str]:
    return {name: value for name, value in path.attrib.items() if name != "d"}


def _place(text: ET.Element) -> None:
    shift = _SHIFT.fullmatch(text.get("transform", ""))
    if shift:
        del text.attrib["transform"]
        text.set("x", shift[1])
        text.set("y", shift[2])
    text.set("font-size", text.get("font-size", "13").removesuffix("px"))


def _sharing(children: list[ET.Element]) -> list[ET.Element]:
    """Words that follow each other go into one group, which says once what is usual for them."""
    made: list[ET.Element] = []
    for child in children:
        if child.tag != f"{{{_NAMESPACE}}}text":
            made.append(child)
            continue
        family = child.attrib.pop("font-family")
        if not made or made[-1].get("font-family") != family:
            made.append(ET.Element(f"{{{_NAMESPACE}}}g", {"font-family": family, **_USUAL}))
        for name, usual in _USUAL.items():
            if child.get(name) == usual:
                del child.attrib[name]
        made[-1].append(child)
    for group in made:
        if "font-family" in group.attrib:
            group[:] = _by_looks(list(group))
    return made


def _by_looks(words: list[ET.Element]) -> list[ET.Element]:
    """Words of one look stand together under a group that says it: they never overlap, so their order is free."""
    looks: dict[tuple, list[ET.Element]] = {}
    for word in words:
        looks.setdefault(tuple((name, word.get(name)) for name in _SHARED if name in word.attrib), []).append(word)
    made: list[ET.Element] = []
    for look, alike in looks.items():
        if len(alike) == 1 or not look:
            made += alike
            continue
        for word in alike:
            for name, _ in look:
                del word.attrib[name]
        made.append(ET.Element(f"{{{_NAMESPACE}}}g", dict(look)))
        made[-1].extend(alike)
    return made


def _rounded(number: re.Match) -> str:
    return f"{round(float(number[0]), 1):g}" if abs(float(number[0])) < 1e4 else number[0]
