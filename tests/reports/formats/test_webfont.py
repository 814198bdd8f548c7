"""Tests that a page carries a glyph of each character it prints, whatever its size.

The embedded fonts are read back from the page. Which characters the shipped fonts hold is tested with the charts.
"""

import base64
import re
from dataclasses import replace
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from reports.document.model import Paragraph, Run
from reports.formats.html import page as html
from reports.formats.html import webfont

# most of GB 2312's first level, the hanzi in everyday use
GB2312_HANZI = bytes(byte for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF) for byte in (row, cell)).decode(
    "gb2312"
)


def hanzi(made: str) -> set[str]:
    return {character for character in re.sub("<[^>]*>", "", made) if "\u4e00" <= character <= "\u9fff"}


def glyphs(made: str, family: str) -> set[str]:
    address = re.search(rf'font-family: ?"{family}";[^}}]*base64,([^)]*)\)', made)[1]
    return set(map(chr, TTFont(BytesIO(base64.b64decode(address))).getBestCmap()))


def test_the_page_carries_a_glyph_of_each_hanzi_it_prints(document):
    page = html.page(document)
    assert len(hanzi(page)) > 300 and hanzi(page) <= glyphs(page, "Noto Sans SC")


@pytest.mark.parametrize("more", [459, 3000])
def test_a_page_with_more_hanzi_still_carries_a_glyph_of_each(document, more):
    full_stops = Paragraph((Run("。" * 38_000),))  # they make the page as large as Lingwu's
    printed = hanzi(html.page(document))
    others = "".join(character for character in GB2312_HANZI if character not in printed)[:more]
    made = html.page(replace(document, blocks=(*document.blocks, full_stops, Paragraph((Run(others),)))))
    assert len(others) == more and printed | set(others) <= glyphs(made, "Noto Sans SC")


@pytest.mark.parametrize("weight", [400, 700])
def test_a_glyph_the_font_lacks_is_named(weight):
    with pytest.raises(webfont.MissingGlyph, match=r"U\+20BB7.*subset\.py"):
        webfont.face(weight, frozenset("办\U00020bb7"))
