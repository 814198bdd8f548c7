"""Finds text of a PDF that lies beyond the page's edge, where no reader sees it and comparing renderings finds nothing.

It takes the bytes of a PDF and returns such text by page. The least width that its characters can have on a line is
compared with the page, so that nothing that a reader sees is reported. verify.py reports what is found.
"""

from io import BytesIO

import pypdf

from reports.formats.paper.measures import width

_TOLERANCE = 2  # pt, for the estimated width
# half of such a mark is blank, and a line that must keep another character takes it away
_SQUEEZED = frozenset("，。、；：！？（）《》〈〉“”‘’【】〔〕")


def find_text_beyond_edges(content: bytes) -> dict[int, list[str]]:
    """The text of the PDF that begins or ends outside of its page, by the page's number."""
    found: dict[int, list[str]] = {}
    for number, page in enumerate(pypdf.PdfReader(BytesIO(content)).pages, start=1):
        box = tuple(map(float, page.mediabox))

        def look(text, outer, inner, font, size, number=number, box=box) -> None:
            line = "".join(text.split())  # the reader puts spaces between the characters of a justified line
            if line and not all(_is_inside(point, box) for point in _find_ends(line, outer, inner, size)):
                found.setdefault(number, []).append(line)

        page.extract_text(visitor_text=look)
    return found


def _find_ends(line: str, outer: list[float], inner: list[float], size: float) -> tuple[tuple[float, float], ...]:
    """Where a line of text begins and ends on the page, in pt; `outer` and `inner` are its matrices."""
    a, b, c, d, e, f = outer
    x, y = inner[4] * a + inner[5] * c + e, inner[4] * b + inner[5] * d + f
    length = size * (width(line) - sum(character in _SQUEEZED for character in line) / 2)
    return (x, y), (x + length * (inner[0] * a + inner[1] * c), y + length * (inner[0] * b + inner[1] * d))


def _is_inside(point: tuple[float, float], box: tuple[float, ...]) -> bool:
    (x, y), (left, bottom, right, top) = point, box
    return left - _TOLERANCE <= x <= right + _TOLERANCE and bottom - _TOLERANCE <= y <= top + _TOLERANCE
