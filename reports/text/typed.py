"""Finds the numbers that a person typed into the office's text, which no figure proves and no run corrects.

It takes a Markdown text with Jinja and finds the numbers outside of expressions and comments. Dates, numbers of
documents, articles, headings and items of lists are none. `mark_typed` puts signs around them, by which the page shows
them; `list_typed` names file and line, for `preview` and `release`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from reports.text.filling import TYPED_CLOSE, TYPED_OPEN
from reports.text.narrative import read_source
from reports.words.wording import NUMBER

_UNIT = r"(?:\s?(?:万|亿)?[件个次项类位天户人家元名条份]|\s?个?工作日)?"
_SKIPPED = re.compile(
    "|".join(
        (
            r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}",  # what the program fills in or leaves out
            r"^#[^\n]*",  # headings
            r"^[ \t]*\d+[.)、．]",  # the mark of an item
            r"\]\([^)\s]*\)|<[^>\s]*>|https?://\S+",  # addresses
            r"\d+年(?:第?[\d一二三四]季度|[上下]半年)?(?:\d+月(?:\d+[日号])?)?|\d+月(?:\d+[日号])?|\d+[日号](?=[至到—-]|$)",
            r"[〔（(\[]\d{4}[〕）)\]]\s*\d*号?|第\s?\d+[条章款项节号批届次期]|\d+号",
            r"[A-Za-z][\w./-]*\d[\w./-]*|[A-Z]+/T\s?[\d.—-]+",  # names such as v2 or GB/T 9704
        )
    ),
    re.DOTALL | re.MULTILINE,
)
_FOUND = re.compile(f"(?P<skipped>{_SKIPPED.pattern})|(?P<typed>(?:{NUMBER.pattern}){_UNIT})", re.DOTALL | re.MULTILINE)


class Typed(NamedTuple):
    """A number that a person typed: file, line, the number with its unit, and the words around it."""

    path: Path
    line: int
    number: str
    words: str


def mark_typed(text: str) -> str:
    """The text with signs around the numbers that a person typed; its lines stay."""
    return _FOUND.sub(lambda found: f"{TYPED_OPEN}{found[0]}{TYPED_CLOSE}" if found["typed"] else found[0], text)


def list_typed(folder: Path, period: str) -> Iterator[Typed]:
    """The typed numbers of <folder>/template.md and <folder>/<period>.md."""
    for path in (folder / "template.md", folder / f"{period}.md"):
        text = read_source(path) if path.is_file() else ""
        for found in _FOUND.finditer(text):
            if found["typed"]:
                start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
                line = text[start : end if end >= 0 else len(text)]
                around = line[max(0, found.start() - start - 12) : found.end() - start + 8].strip()
                yield Typed(path, text.count("\n", 0, found.start()) + 1, found[0], around)
