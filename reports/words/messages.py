"""Says a message in Chinese that the code raised or recorded in English, for whoever reads it at a terminal or page.

Files of exports, mappings and the home are judged in rooms that know no language, and what they find is stored: the
locale must not change it. `tell` takes such a message and returns it in the language asked for, by the patterns of
`messages/<language>.yaml`; what no pattern fits stays as it is. Sentences with a key are in `catalogue.py`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from reports.words.locale import say

_FOLDER = Path(__file__).parent / "messages"
# before what is said stand a file with line, column and place, or a file's name alone
_SUBJECT = re.compile(r"(?=((?:\S+: )*))((?:\S+: )*\S+ |)")
# what a message fills in; behind a semicolon stands an advice, which is a message as well
_PART = "((?:(?!; ).)+?)"


def tell(message: str, language: str = "") -> str:
    """`message` in `language`, or in that of the locale: each line for itself, and the parts that are messages too."""
    language = language or say("en", "zh")
    patterns = read_patterns(language)
    return "\n".join(_tell(line, patterns) for line in message.split("\n"))


@cache
def read_patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern of a message, the same in `language`), those with most letters first; none for English."""
    path = _FOLDER / f"{language}.yaml"
    texts = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) if path.exists() else {}
    in_order = sorted(texts, key=lambda text: (-len(text.replace("{}", "")), text))
    return tuple((re.compile(_PART.join(map(re.escape, text.split("{}")))), texts[text]) for text in in_order)


def _tell(text: str, patterns: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    place, file = _SUBJECT.match(text).groups()
    for subject in dict.fromkeys((place, "", file)):
        for pattern, translation in patterns:
            if found := pattern.fullmatch(text, len(subject)):
                return subject + translation.format(*(_tell(part, patterns) for part in found.groups()))
    parts = text.split("; ")
    told = [_tell(part, patterns) for part in parts] if len(parts) > 1 else parts
    return text if told == parts else _tell("; ", patterns).join(told)
