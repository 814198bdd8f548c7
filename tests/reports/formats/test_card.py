"""Tests the card: its size, that it shows the first tile of the document, and that it is the same each time."""

import struct
from dataclasses import replace

from reports.charts.drawing import typeface
from reports.document.model import KpiStrip
from reports.formats import card


def test_the_card_shows_the_first_tile_and_has_the_proportion_of_a_cover(document, monkeypatch):
    drawings = []
    monkeypatch.setattr(card.theme, "png", lambda svg: drawings.append(svg) or b"picture")
    assert card.picture(document) == b"picture"
    for words in ("灵武市2022年上半年", "办件量", "34.9万", "25%", "截至2022年6月30日", "样例（合成数据）"):
        assert words in drawings[0]
    issued = replace(document, watermark=None, masthead="灵武市审批服务管理局")
    assert card.picture(issued) == b"picture"
    assert "灵武市审批服务管理局" in drawings[1] and "样例" not in drawings[1]


def test_the_same_document_has_the_same_card(document):
    picture = card.picture(document)
    assert struct.unpack(">II", picture[16:24]) == (1800, 766)
    assert card.picture(document) == picture


def test_a_document_without_tiles_has_no_card(document):
    blocks = tuple(block for block in document.blocks if not isinstance(block, KpiStrip))
    assert card.picture(replace(document, blocks=blocks)) is None


def test_no_word_of_the_card_runs_over_its_edge(document, monkeypatch):
    """A long title has two lines; a change that finds no room beside the number is left out."""
    drawings = []
    monkeypatch.setattr(card.theme, "png", drawings.append)
    strip = next(block for block in document.blocks if isinstance(block, KpiStrip))
    tile = replace(strip.tiles[0], changes=strip.tiles[0].changes * 6)
    card.picture(replace(document, title=document.title * 2, blocks=(KpiStrip((tile,)),)))
    assert "25%" not in drawings[0]
    titles = [part.partition("</text>")[0].partition(">")[2] for part in drawings[0].split("<text")[1:3]]
    assert all(typeface.measure(title, 32, bold=True) <= card.WIDTH - 104 for title in titles)
