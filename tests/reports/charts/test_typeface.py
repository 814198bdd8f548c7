"""Tests the typeface of the charts: which characters it holds, how lines break, which typefaces are refused."""

import pytest

from reports.charts.drawing import theme, typeface


def test_another_typeface_is_refused():
    with pytest.raises(typeface.FontError, match="asks for Arial"):
        theme.png('<svg xmlns="http://www.w3.org/2000/svg"><text font-family="Arial">1</text></svg>')


def test_both_faces_hold_gb2312_and_the_symbols_of_reports():
    characters = [
        bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
    ]
    hanzi = "".join(characters)
    assert len(hanzi) == 6763
    typeface.check_glyphs("−×·—…①②③％‰℃○●▲▼→、，。；：“”（）《》〔〕" + hanzi)


def test_lines_break_after_punctuation_and_never_within_a_number():
    assert typeface.wrap("上半年办件34.9万件，各月均低于上年同月", 336, 18, bold=True) == [
        "上半年办件34.9万件，",
        "各月均低于上年同月",
    ]
    for width in range(60, 300, 7):
        lines = typeface.wrap("来源：灵武市（样例）办件34.9万件，同比−20%。", width, 12)
        assert "".join(lines) == "来源：灵武市（样例）办件34.9万件，同比−20%。"
        assert any("34.9万件" in line for line in lines) and any("−20%" in line for line in lines)
        assert not any(line.startswith(("，", "。", "）")) for line in lines)
