"""Turns filled Markdown into the blocks of a document; a marked number becomes a run that knows its figure.

It takes a `Filled` text and a function that gives the block of a placeholder. It returns the blocks in order. Filling
the text belongs to reports/text; drawing charts and making tables belong to their own modules.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports.document.model import Block, Heading, ListBlock, Paragraph, Run, Runs, Table
from reports.document.omissions import close_gaps, fill_cell, keep_sentences
from reports.text.filling import MARK_CLOSE, MARK_OPEN, MARK_TEXT, TYPED_CLOSE, TYPED_OPEN, Mark
from reports.text.template import BLOCK_CLOSE, BLOCK_OPEN, Filled
from reports.words.locale import words

_MARK = re.compile(
    f"{MARK_OPEN}(\\d+){MARK_TEXT}([^{MARK_CLOSE}]*){MARK_CLOSE}|{TYPED_OPEN}([^{TYPED_CLOSE}]*){TYPED_CLOSE}"
)
# what stands around a number, its index included
_MARK_SIGNS = re.compile(f"{MARK_OPEN}\\d+{MARK_TEXT}|[{MARK_CLOSE}{TYPED_OPEN}{TYPED_CLOSE}]")
_ADDRESS = re.compile(r"https?://|mailto:")
_LINE_END = "\n"
_BLOCK = re.compile(f"{BLOCK_OPEN}(\\w+):([\\w,]+){BLOCK_CLOSE}")


class DocumentError(ValueError):
    """The text holds Markdown that a bulletin has no form for; the message quotes where it begins."""


def split_runs(text: str, marks: tuple[Mark, ...], look: Run) -> Runs:
    """Splits text at its mark characters into runs that look like `look`: plain stretches and numbers, in order."""
    runs: list[Run] = []
    end = 0
    for match in _MARK.finditer(text):
        if match.start() > end:
            runs.append(replace(look, text=text[end : match.start()]))
        if match[1] is None:
            runs.append(replace(look, text=match[3], is_typed=True))
        else:
            mark = marks[int(match[1])]
            runs.append(replace(look, text=match[2], figure_id=mark.figure_id, part=mark.part, value=mark.value))
        end = match.end()
    if text[end:]:
        runs.append(replace(look, text=text[end:]))
    return tuple(runs)


def parse_blocks(filled: Filled, place: Callable[[str, list[str]], Block | None]) -> tuple[Block, ...]:
    """The blocks of a filled text. `place(kind, keys)` gives the block of a placeholder; None leaves it out.

    A sentence without its number, and what then has no content, is left out by the rules of omissions.py.
    Raises DocumentError for Markdown outside headings (## and below), paragraphs, lists, tables, emphasis and links.
    """
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(filled.markdown)
    blocks: list[Block | None] = []  # None: what would be here has no content
    position = 0
    while position < len(tokens):
        token = tokens[position]
        end = _find_end(tokens, position)
        inside = tokens[position + 1 : end]
        match token.type:
            case "heading_open":
                blocks.append(_heading(token, inside[0], filled))
            case "paragraph_open":
                blocks.append(_paragraph(inside[0], filled, place))
            case "bullet_list_open" | "ordered_list_open":
                items = (keep_sentences(_inline(t, filled)) for t in inside if t.type == "inline")
                kept = tuple(item for item in items if item)
                blocks.append(ListBlock(token.type.startswith("ordered"), kept) if kept else None)
            case "table_open":
                blocks.append(_table(inside, filled))
            case "hr":
                pass
            case _:
                raise _no_form(token, inside, filled)
        position = end + 1
    return close_gaps(blocks, filled.unwritten)


def _find_end(tokens: list[Token], start: int) -> int:
    depth = 0
    for position in range(start, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    raise DocumentError(f"unclosed {tokens[start].type}")


def _heading(token: Token, inline: Token, filled: Filled) -> Heading:
    level = int(token.tag[1])
    if level == 1:
        place = filled.locate(f"# {_bare(inline.content)}")
        raise DocumentError(words("mistake.title", place=place, words=_bare(inline.content)))
    return Heading(level, fill_cell(_inline(inline, filled)), anchor="")


def _paragraph(inline: Token, filled: Filled, place: Callable[[str, list[str]], Block | None]) -> Block | None:
    whole = _BLOCK.fullmatch(inline.content)
    if whole:
        return place(whole[1], whole[2].split(","))
    inside = _BLOCK.search(inline.content)
    if inside:
        place = filled.locate(f"{inside[1]}('{inside[2]}'") or filled.locate(f'{inside[1]}("{inside[2]}"')
        raise DocumentError(words("mistake.chart_inside", place=place, kind=inside[1], name=inside[2]))
    written = _inline(inline, filled)
    runs = keep_sentences(written)
    # beside nothing but what was left out, no one needs to be told that words are still to be written
    is_lost = runs != written and "".join(run.text for run in runs) in ("", filled.unwritten)
    return None if is_lost else Paragraph(runs)


def _no_form(token: Token, inside: list[Token], filled: Filled) -> DocumentError:
    """The error of Markdown that a bulletin has no form for, with file and line where they can be told."""
    content = _bare(next((each.content for each in (token, *inside) if each.content), ""))
    first = content.strip().partition("\n")[0]
    return DocumentError(words("mistake.no_form", place=filled.locate(first), kind=token.type, words=first[:40]))


def _bare(text: str) -> str:
    return _MARK_SIGNS.sub("", text)


def _inline(inline: Token, filled: Filled) -> Runs:
    """The runs of a paragraph, cell or heading. Chinese text has no blank behind bold words or for a line's end."""
    look = Run("")
    pieces: list[tuple[str, Run]] = []
    for child in inline.children or ():
        match child.type:
            case "text" | "code_inline":
                # Markdown needs a blank after bold words that end in 。; drop it, as Chinese text has none there.
                before = pieces[-1] if pieces else ("", look)
                follows_bold = before[1].strong and not look.strong and not before[0][-1:].isascii()
                pieces.append((child.content.removeprefix(" ") if follows_bold else child.content, look))
            case "softbreak" | "hardbreak":
                pieces.append((_LINE_END, look))
            case "strong_open" | "strong_close":
                look = replace(look, strong=child.nesting == 1)
            case "em_open" | "em_close":
                look = replace(look, emphasis=child.nesting == 1)
            case "link_open":
                address = _bare(str(child.attrGet("href")))
                if not _ADDRESS.match(address):
                    raise DocumentError(words("mistake.link", place=filled.locate(f"({address}"), address=address))
                look = replace(look, link=address)
            case "link_close":
                look = replace(look, link="")
            case _:
                raise _no_form(child, [], filled)
    return tuple(run for text, look in _join_lines(pieces) for run in split_runs(text, filled.marks, look))


def _join_lines(pieces: list[tuple[str, Run]]) -> Iterator[tuple[str, Run]]:
    """The pieces with a blank for a line's end after Latin letters and digits, and between any two Latin signs."""
    for place, (content, look) in enumerate(pieces):
        if content != _LINE_END:
            yield content, look
            continue
        before = pieces[place - 1][0][-1:] if place else ""
        signs = [_bare(pieces[near][0]) for near in (place - 1, place + 1) if 0 <= near < len(pieces)]
        is_latin = len(signs) == 2 and signs[0][-1:].isascii() and signs[1][:1].isascii()
        if (before.isascii() and before.isalnum()) or (is_latin and signs[0].strip() and signs[1].strip()):
            yield " ", look


def _table(inside: list[Token], filled: Filled) -> Table:
    rows: list[list[Runs]] = []
    alignments: list[str] = []
    for token in inside:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "th_open":
            alignments.append("right" if "right" in str(token.attrGet("style") or "") else "left")
        elif token.type == "inline":
            rows[-1].append(fill_cell(_inline(token, filled)))
    header = tuple("".join(run.text for run in cell) for cell in rows[0])
    return Table("", header, tuple(tuple(row) for row in rows[1:]), tuple(alignments))
