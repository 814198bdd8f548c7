"""Leaves out what a period has no data for: sentences, list items, their lead-ins, whole sections; numbers the rest.

It takes the runs of a paragraph or the blocks of a text in which ABSENT stands for a missing number, and None for a
block without content. It returns what remains. The rules are told to the text's author at the head of the template.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports.document.model import Block, Heading, Paragraph, Run, Runs
from reports.text.filling import ABSENT
from reports.words.wording import NO_DATA, numeral

_OPENING, _CLOSING = "（(「『《“【[", "）)」』》”】]"
_ENDS, _LATIN_ENDS = "。！？；", ".!?;"
_COLON = re.compile(r"：|:(?=\s|$)")
# how a heading may be numbered: 一、 （一） 1. 1、
_NUMBERED = re.compile(r"(?P<open>[（(]?)(?P<number>[一二三四五六七八九十]+|\d+)(?P<close>[）)、.．])")


def keep_sentences(runs: Runs) -> Runs:
    """The runs without the clauses that ABSENT is in; () where nothing remains.

    A clause ends with ；and a sentence with 。！or ？outside brackets. What leads up to a colon in a sentence's first
    clause remains for the clauses behind it.
    """
    text = "".join(run.text for run in runs)
    if ABSENT not in text:
        return runs
    kept: list[Run] = []
    for clauses in _split_sentences(text):
        whole = [clause for clause in clauses if ABSENT not in text[slice(*clause)]]
        if not whole:
            continue
        first = text[slice(*clauses[0])]
        if whole[0] != clauses[0]:
            leads = [colon.end() for colon in _COLON.finditer(first.partition(ABSENT)[0])]
            kept += _slice_runs(runs, clauses[0][0], clauses[0][0] + max(leads, default=0))
        for start, end in whole[:-1]:
            kept += _slice_runs(runs, start, end)
        start, end = whole[-1]
        if whole[-1] == clauses[-1]:
            kept += _slice_runs(runs, start, end)
        else:  # the sentence now ends with another clause, which takes over its full stop
            kept += _slice_runs(runs, start, start + len(text[start:end].rstrip("；; ")))
            stop = text[slice(*clauses[-1])].rstrip()[-1]
            kept.append(Run(stop if stop in _ENDS + _LATIN_ENDS else ""))
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
    return tuple(run for run in kept if run.text)


def fill_cell(runs: Runs) -> Runs:
    """The runs of a table's cell or of a heading, which keep their place: — stands for a missing number."""
    return tuple(replace(run, text=run.text.replace(ABSENT, NO_DATA)) for run in runs)


def close_gaps(blocks: Sequence[Block | None], unwritten: str) -> tuple[Block, ...]:
    """The blocks without gaps: a lead-in to nothing and a section of nothing are left out, and headings numbered.

    A section that only says `unwritten`, that its words are still to be written, is one of nothing if it has lost
    something else.
    """
    remaining = list(blocks)
    for place, block in enumerate(remaining):
        follows = remaining[place + 1 : place + 2]
        if follows == [None] and isinstance(block, Paragraph) and _text(block).endswith(("：", ":")):
            remaining[place] = None
    levels = sorted({block.level for block in remaining if isinstance(block, Heading)}, reverse=True)
    for level in levels:
        remaining = _leave_out_sections(remaining, level, unwritten)
    return tuple(_number_headings([block for block in remaining if block is not None]))


def _split_sentences(text: str) -> Iterator[list[tuple[int, int]]]:
    """For each sentence its clauses, as places in the text; whatever closes after a stop belongs to the clause."""
    clauses: list[tuple[int, int]] = []
    start = depth = place = 0
    while place < len(text):
        char, after = text[place], text[place + 1 : place + 2]
        place += 1
        depth += (char in _OPENING) - (char in _CLOSING)
        if depth > 0 or not (char in _ENDS or (char in _LATIN_ENDS and (not after or after.isspace()))):
            continue
        clauses.append((start, place))
        start = place
        if char not in "；;":
            yield clauses
            clauses = []
    if start < len(text):
        clauses.append((start, len(text)))
    if clauses:
        yield clauses


def _slice_runs(runs: Runs, start: int, end: int) -> Iterator[Run]:
    place = 0
    for run in runs:
        first, last = max(start - place, 0), min(end - place, len(run.text))
        if first < last:
            yield replace(run, text=run.text[first:last])
        place += len(run.text)


def _leave_out_sections(blocks: list[Block | None], level: int, unwritten: str) -> list[Block | None]:
    remaining: list[Block | None] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        if not isinstance(block, Heading) or block.level != level:
            remaining.append(block)
            place += 1
            continue
        end = place + 1
        while end < len(blocks) and not (isinstance(blocks[end], Heading) and blocks[end].level <= level):
            end += 1
        section = blocks[place + 1 : end]
        content = [each for each in section if each is not None]
        is_unwritten = all(isinstance(each, Paragraph) and _text(each) == unwritten for each in content)
        is_lost = not content or (is_unwritten and None in section)
        remaining += [None] if is_lost else blocks[place:end]
        place = end
    return remaining


def _number_headings(blocks: list[Block]) -> Iterator[Block]:
    """Gives headings their anchors, and numbers those that bear a number from 1 within the heading above."""
    sections, numbers = [0, 0], {}
    for block in blocks:
        if not isinstance(block, Heading):
            yield block
            continue
        sections = [sections[0] + 1, 0] if block.level == 2 else [sections[0], sections[1] + 1]
        numbers = {level: number for level, number in numbers.items() if level <= block.level}
        anchor = f"s{sections[0]}" if block.level == 2 else f"s{sections[0]}-{sections[1]}"
        first, *others = block.runs
        form = _NUMBERED.match(first.text)
        if form:
            numbers[block.level] = numbers.get(block.level, 0) + 1
            number = numbers[block.level]
            printed = str(number) if form["number"].isdigit() else numeral(number)
            words = f"{form['open']}{printed}{form['close']}{first.text[form.end() :]}"
            first = replace(first, text=words)
        yield replace(block, runs=(first, *others), anchor=anchor)


def _text(paragraph: Paragraph) -> str:
    return "".join(run.text for run in paragraph.runs)
