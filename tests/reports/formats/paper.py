"""What a bulletin on paper must print, line by line, read off the document model without any renderer.

Gives the tests of PDF and DOCX the lines in order, a document of given blocks, and one with one number altered. The
files are read back in those tests.
"""

import re
from dataclasses import replace
from datetime import date

from reports.document.model import (
    Annex,
    Block,
    ChartBlock,
    Document,
    Heading,
    KpiStrip,
    ListBlock,
    Paragraph,
    Runs,
    Table,
)


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def lines(document: Document) -> list[str]:
    """Every line but charts and page numbers: title, text, tables cell by cell, what is attached, the annexes."""
    annexes = [block for block in document.blocks if isinstance(block, Annex) and block.is_on_paper]
    printed = [document.title]
    for block in document.blocks:
        if not isinstance(block, Annex):
            printed += _lines(block)
    names = [annex.title.split("　")[1] for annex in annexes]
    printed += [f"{'附件：' if place == 1 else ''}{place}.{name}" for place, name in enumerate(names, 1)]
    for annex in annexes:
        printed += [*annex.title.split("　"), *(line for block in annex.blocks for line in _lines(block))]
    return [plain(line) for line in printed if plain(line)]


def _lines(block: Block) -> list[str]:
    match block:
        case Heading() | Paragraph():
            return [_text(block.runs)]
        case ListBlock():
            return [f"{f'{n}.' if block.is_ordered else '——'}{_text(item)}" for n, item in enumerate(block.items, 1)]
        case Table():
            cells = (_text(cell) for row in block.rows for cell in row)
            return [block.caption, *block.header, *cells, *([block.note] if block.note else [])]
        case ChartBlock() | KpiStrip():  # tiles are on the page only
            return []
    raise TypeError(type(block).__name__)


def _text(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def tables(document: Document) -> list[Table]:
    inside = [
        part
        for block in document.blocks
        for part in (block.blocks if isinstance(block, Annex) else [block])
        if getattr(block, "is_on_paper", True)
    ]
    return [part for part in inside if isinstance(part, Table)]


def charts(document: Document) -> list:
    return [block.chart for block in document.blocks if isinstance(block, ChartBlock)]


def altered(document: Document) -> Document:
    """The document with its first number in a paragraph changed by hand."""
    blocks = list(document.blocks)
    for place, block in enumerate(blocks):
        if isinstance(block, Paragraph) and any(run.figure_id for run in block.runs):
            at = next(at for at, run in enumerate(block.runs) if run.figure_id)
            runs = list(block.runs)
            runs[at] = replace(runs[at], text="99.9万")
            blocks[place] = Paragraph(tuple(runs))
            return replace(document, blocks=tuple(blocks))
    raise AssertionError("no number in any paragraph")


def document_of(*blocks: Block) -> Document:
    """The bulletin of a half-year that holds these blocks and nothing else."""
    return Document(
        title="关于灵武市2022年上半年政务服务运行情况的通报",
        period="2022H1",
        period_name="2022年上半年",
        subtitle="截至2022年6月30日",
        as_of_on=date(2022, 6, 30),
        masthead=None,
        metadata=(),
        watermark=None,
        blocks=blocks,
    )
