"""Takes the words that an official wrote into a DOCX back into the office's text, from which all formats are made.

It takes the edited file, a fresh one of the same period, and the text of bulletin/<period>.md as written and as
filled. It returns the new text. Only the office's own words may differ: where a figure, a table or a sentence of the
template does, nothing is adopted, as it would be undone by the next rendering. Writing the file belongs to the command.
"""

import re
import tempfile
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

import duckdb

from reports.figures.revised import Revised
from reports.proof.passages import EXPRESSION, LEAD, Passage, list_passages, without_emphasis
from reports.proof.printed import read_docx_lines
from reports.render import fill_text, render
from reports.text.narrative import list_asked, make_skeleton, read_source
from reports.words.locale import words as say
from reports.words.wording import NUMBER

_SYNTAX = re.compile(r"([\\`*_\[\]<>#~|])")


class NotAdopted(ValueError):
    """The edited file can't be adopted; each line of the message says where and what to do."""


class Line(NamedTuple):
    """A line of the DOCX: a passage, and what the program prints before and behind it, such as the mark of a list."""

    passage: Passage
    before: str
    behind: str


@dataclass
class Adopted:
    """The new text of bulletin/<period>.md; `changed` quotes its passages, `typed` numbers that no figure proves."""

    text: str
    changed: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)


def adopt_docx(
    connection: duckdb.DuckDBPyConnection, period: str, jurisdiction: Path, edited: bytes, revised: Revised | None
) -> Adopted:
    """The text of <jurisdiction>/bulletin/<period>.md with the words of the DOCX `edited`.

    Raises NotAdopted, render.MISTAKES, and zipfile's or the XML reader's errors on a damaged file.
    """
    figures, filled = fill_text(connection, period, jurisdiction, revised)
    path = jurisdiction / "bulletin" / f"{period}.md"
    source = read_source(path) if path.is_file() else make_skeleton(path.parent, figures.words)
    with tempfile.TemporaryDirectory(prefix="tongbao-adopt-") as folder:
        render(connection, period, jurisdiction, Path(folder), "", revised)
        fresh = (Path(folder) / "bulletin.docx").read_bytes()
    # the file may hold its sections in another order than the bulletin prints them
    asked = list(list_asked(path.parent))
    passages = sorted(list_passages(source, filled), key=lambda passage: asked.index(passage.section))
    return adopt_words(edited, fresh, source, passages)


def adopt_words(edited: bytes, fresh: bytes, source: str, passages: list[Passage]) -> Adopted:
    """The text `source` with the words of `edited`; `fresh` and `passages`, in print's order, are what it gives now.

    Raises NotAdopted, and whatever the reader of DOCX raises on a damaged file.
    """
    old, new = read_docx_lines(fresh), read_docx_lines(edited)
    at = _find_passages(old, passages)
    adopted, changes, refused = Adopted(source), [], []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        foreign = [old[line] for line in range(i, j) if line not in at]
        if foreign or (i == j and i - 1 not in at):
            key = "adopt.foreign" if foreign else "adopt.added_elsewhere"
            refused.append(say(key, words=_shorten([*foreign, *new[k:m]][0])))
            continue
        try:
            changes += _replace([at[line] for line in range(i, j)] or [at[i - 1]], old[i:j], new[k:m], adopted)
        except NotAdopted as error:
            refused.append(str(error))
    if refused:
        raise NotAdopted("\n".join(refused))
    for start, end, words in sorted(changes, reverse=True):
        adopted.text = adopted.text[:start] + words + adopted.text[end:]
    return adopted


def _find_passages(lines: list[str], passages: list[Passage]) -> dict[int, Line]:
    """The lines of the fresh DOCX that print a passage, by number; the others are the program's."""
    found, begin = {}, 0
    for number, line in enumerate(lines):
        for place in range(begin, len(passages)):
            passage = passages[place]
            if passage.printed and passage.printed in line:
                before, _, behind = line.partition(passage.printed)
                found[number], begin = Line(passage, before, behind), place + 1
                break
    return found


def _replace(lines: list[Line], old: list[str], new: list[str], adopted: Adopted) -> list[tuple[int, int, str]]:
    """Each change of the source as (start, end, words): passages reworded, deleted, or followed by new ones."""
    changes, passages = [], [line.passage for line in lines]
    for (passage, before, behind), words in zip(lines if old else (), new, strict=False):
        own = words.removeprefix(before).removesuffix(behind)
        if len(own) != len(words) - len(before) - len(behind):
            raise NotAdopted(say("adopt.foreign", words=_shorten(f"{before}…{behind}")))
        changes.append((passage.start, passage.end, _rewrite(passage, own, adopted)))
    for passage in passages[len(new) :] if old else ():
        if passage.values != ():
            raise NotAdopted(say("adopt.figures_deleted", words=_shorten(passage.printed)))
        adopted.changed.append(say("adopt.deleted", section=passage.section, words=_shorten(passage.printed)))
        changes.append((passage.start - len(passage.lead), passage.end, ""))
    if len(new) > len(old):
        last = passages[-1]
        start, end, words = changes.pop() if old else (last.end, last.end, "")
        changes.append((start, end, words + _append(last, new[len(old) :], adopted)))
    return changes


def _append(passage: Passage, lines: list[str], adopted: Adopted) -> str:
    """The Markdown of lines added behind a passage: items behind an item, else paragraphs."""
    added = ""
    for line in lines:
        words = LEAD.sub("", line, count=1) if passage.lead else line
        words = re.sub(r"^\d+[.．、]\s*|^——?\s*", "", words) if passage.lead else words
        adopted.changed.append(say("adopt.added", section=passage.section, words=_shorten(words)))
        adopted.typed += NUMBER.findall(words)
        added += (f"\n{passage.lead}" if passage.lead else "\n\n") + _escape(words)
    return added


def _rewrite(passage: Passage, words: str, adopted: Adopted) -> str:
    """The Markdown of a passage with new words and its old expressions."""
    if passage.values is None:
        raise NotAdopted(say("adopt.markup", words=_shorten(passage.printed), section=passage.section))
    literals = EXPRESSION.split(passage.written)
    expressions = [*EXPRESSION.findall(passage.written), ""]
    matcher = SequenceMatcher(None, passage.printed, words, autojunk=False)
    rewritten, at_old, at_new = "", 0, 0
    for literal, value, expression in zip(literals, (*passage.values, None), expressions, strict=True):
        if value is None:
            old_gap, new_gap = passage.printed[at_old:], words[at_new:]
        else:
            start = at_old + len(without_emphasis(literal if at_old else literal.lstrip()))
            place = _place_of(value, start, matcher, words, at_new)
            old_gap, new_gap = passage.printed[at_old:start], words[at_new:place]
            at_old, at_new = start + len(value), place + len(value)
        if new_gap != old_gap:
            adopted.typed += [number for number in NUMBER.findall(new_gap) if number not in NUMBER.findall(old_gap)]
        rewritten += (literal if new_gap == old_gap else _escape(new_gap)) + expression
    old, new = _shorten(passage.printed), _shorten(words)
    adopted.changed.append(say("adopt.reworded", section=passage.section, old=old, new=new))
    return rewritten


def _place_of(value: str, start: int, matcher: SequenceMatcher, words: str, begin: int) -> int:
    """Where the edited words print an expression's value; raises NotAdopted where they don't."""
    for block in matcher.get_matching_blocks():
        if block.a <= start and start + len(value) <= block.a + block.size:
            return block.b + start - block.a
    if words.count(value, begin) == 1:
        return words.index(value, begin)
    raise NotAdopted(say("adopt.value_lost", words=_shorten(words), value=value))


def _escape(words: str) -> str:
    if any(sign in words for sign in ("{{", "{%", "{#")):
        raise NotAdopted(say("adopt.language", words=_shorten(words)))
    return _SYNTAX.sub(r"\\\1", words)


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
