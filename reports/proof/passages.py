"""The paragraphs and items of the office's text bulletin/<period>.md, each as written and as printed.

It takes the text and what it gives when filled, and returns a `Passage` for each, with what its expressions print.
adopt.py finds them in a DOCX and rewrites them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reports.document.markdown import parse_blocks
from reports.document.model import ListBlock, Paragraph, Runs
from reports.text.filling import MARK_CLOSE, MARK_OPEN, MARK_TEXT, TYPED_CLOSE, TYPED_OPEN
from reports.text.narrative import split_source
from reports.text.template import Filled

EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
LEAD = re.compile(r"(?:\d+[.)]|[-*+])[ \t]+")
_MARK = re.compile(f"{MARK_OPEN}\\d+{MARK_TEXT}|[{MARK_CLOSE}{TYPED_OPEN}{TYPED_CLOSE}]")
_EMPHASIS = re.compile(r"\*\*|__")


@dataclass(frozen=True)
class Passage:
    """A paragraph or item of the office's text: where it stands in the file, as written, and as printed.

    `values` are its expressions as printed, in order; None where the text has no simple relation to what is printed.
    """

    section: str
    start: int
    end: int
    lead: str
    written: str
    printed: str
    values: tuple[str, ...] | None


def list_passages(source: str, filled: Filled) -> Iterator[Passage]:
    """The paragraphs and items of the office's text, in order."""
    for key, (begin, text) in split_source(source).items():
        written, printed = list(_units(text)), [unit for _, unit in _units(filled.sections.get(key, text))]
        if len(written) != len(printed):
            yield Passage(key, begin, begin + len(text), "", text, "", None)
            continue
        for (offset, unit), as_filled in zip(written, printed, strict=True):
            lead = (LEAD.match(unit) or [""])[0]
            start = begin + offset + len(lead)
            body, shown = unit[len(lead) :], _plain(as_filled, filled)
            values = _find_values(body, _MARK.sub("", as_filled)[len(lead) :], shown)
            yield Passage(key, start, start + len(body), lead, body, shown, values)


def _units(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs and list items with their places in the text; an item begins with a number or a dash."""
    for block in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        starts = [0, *(line.end() for line in re.finditer(rf"\n(?={LEAD.pattern})", block[0]))]
        for start, end in zip(starts, [*starts[1:], len(block[0])], strict=True):
            yield block.start() + start, block[0][start:end].rstrip()


def _plain(markdown: str, filled: Filled) -> str:
    """What a paragraph or item prints, without the mark of a list."""
    (block, *_) = parse_blocks(Filled(markdown, filled.marks), lambda kind, keys: None) or (None,)
    match block:
        case Paragraph():
            return _join(block.runs)
        case ListBlock():
            return _join(block.items[0])
    return ""


def _join(runs: Runs) -> str:
    return "".join(run.text for run in runs).strip()


def _find_values(written: str, as_filled: str, printed: str) -> tuple[str, ...] | None:
    """What the expressions of a passage print; None where it can't be told, as conditions or markup stand between."""
    literals = EXPRESSION.split(written)
    match = re.fullmatch("(.*?)".join(map(re.escape, literals)), as_filled, re.DOTALL)
    if match is None:
        return None
    values = match.groups()
    shown = "".join(without_emphasis(one) + value for one, value in zip(literals, (*values, ""), strict=True))
    return values if shown.strip() == printed else None


def without_emphasis(literal: str) -> str:
    """Markdown's words without emphasis, its lines joined as Chinese text is."""
    return _EMPHASIS.sub("", literal).replace("\n", "")
