"""Reads the office's text as a Chinese keyboard writes it: full-width brackets, commas and quotes in expressions.

It takes a Markdown text with Jinja and returns one of the same length, so that lines and columns stay. Within {{ }} and
{% %} full-width signs become those of Jinja; what stands in quotes there, comments, and the words around stay as they
are. What remains wrong is told by mistakes.py.
"""

import re

# a comment is found first, so that what it quotes is left alone
_PLACES = re.compile(r"\{#.*?#\}|[{｛](?:[{｛].*?[}｝]|[%％].*?[%％])[}｝]", re.DOTALL)
_HALF_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"。": ".", "、": ",", "　": " "}
# what opens a quotation -> the sign that Jinja reads, and all that may close it
_QUOTES = dict.fromkeys("'‘’＇", ("'", "‘’＇'")) | dict.fromkeys('"“”＂', ('"', '“”＂"'))
_NAME = re.compile(r"[\w-]+")


def use_half_width(text: str) -> str:
    """The text with the expressions as Jinja reads them: ｛｛ fig（‘case_volume’） ｝｝ is {{ fig('case_volume') }}."""
    return _PLACES.sub(lambda place: place[0] if place[0].startswith("{#") else _convert(place[0]), text)


def _convert(expression: str) -> str:
    converted, place = "", 0
    while place < len(expression):
        sign = expression[place]
        end = _find_end(expression, place) if sign in _QUOTES else -1
        if end < 0:
            converted += _HALF_WIDTH.get(sign, sign)
            place += 1
            continue
        quote = _QUOTES[sign][0]
        converted += quote + expression[place + 1 : end] + quote
        place = end + 1
    return converted


def _find_end(expression: str, start: int) -> int:
    """Where the quotation that begins at `start` ends; -1 if nowhere, so that Jinja tells it.

    What a plain quote opens, another plain one closes, as Jinja reads it; a full-width one only behind a mere name.
    """
    sign, closing = expression[start], _QUOTES[expression[start]][1]
    end = next((place for place in range(start + 1, len(expression)) if expression[place] in closing), -1)
    if not sign.isascii() or _NAME.fullmatch(expression, start + 1, end):
        return end
    plain = re.compile(rf"(?:\\.|[^{sign}\\])*{sign}", re.DOTALL).match(expression, start + 1)
    return plain.end() - 1 if plain else end
