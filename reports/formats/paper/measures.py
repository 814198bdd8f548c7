"""Computes the sizes that PDF and DOCX share: lines of the title, widths of columns, type sizes of tables.

Takes parts of the document model and returns plain numbers and strings. Widths are counted in characters, as wide as
one hanzi. The page itself is set in docx_page.py and bulletin.typ.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from reports.document.model import Annex, Block, ChartBlock, Document, KpiStrip, ListBlock, Paragraph, Run, Table
from reports.words.catalogue import LANGUAGES, Words, load_words

_TITLE_CHARACTERS = 20  # 156 mm at 22 pt
_TEXT_WIDTH = 442  # pt
_TABLE_SIZES = (10.5, 9, 8.5, 8, 7.5, 7)
_WIDEST = 24  # characters, beyond which a cell wraps
_PROSE = 14  # characters, the narrowest column in which prose reads well
_NAMES = 10  # characters, the narrowest column of names beside numbers that fill the line
# a heading within a paragraph: （一）办理渠道不均衡。
_RUN_IN = re.compile(r"（[一二三四五六七八九十]+）")
_NEVER_FIRST = "的及和与、，）》”年月日"
# where the title of an annex ends its label, and where that of a column begins its unit
_AFTER_LABEL = re.compile(r"　|\. ")
_BEFORE_UNIT = re.compile(r"(?=（)| (?=\()")
# the headings of a column of units, in each language
_UNITS = frozenset(load_words(code)("table.unit") for code in LANGUAGES)
# what the metadata of jurisdiction.yaml say of the office, by the key of the words that name it there
OFFICE = ("number", "addressee", "signature", "signed_on", "copies", "issuer", "issued_on", "notice", "contact")


def width(text: str) -> float:
    """The width of a text in characters: a hanzi is 1, a Latin letter or digit 0.55."""
    return sum(1 if east_asian_width(c) in "WFA" else 0.55 for c in text)


def title_lines(document: Document) -> list[str]:
    """The title in as few lines as it needs, of about equal length; the period's name is not broken.

    GB/T 9704-2012, 7.3.1, asks for lines that break between words, of which the end of the period's name is known.
    """
    title = document.title
    count = -(-int(width(title) * 100) // (_TITLE_CHARACTERS * 100))
    before, period, after = title.partition(document.period_name)
    is_word = bool(period and after) and _may_break(title, len(before + period))
    if count == 2 and is_word and max(width(before + period), width(after)) <= _TITLE_CHARACTERS:
        return [before + period, after.strip()]
    lines = []
    while count > 1:
        cut = _cut(title, document.period_name, width(title) / count)
        lines.append(title[:cut].strip())
        title, count = title[cut:], count - 1
    return [*lines, title]


def _cut(text: str, whole: str, target: float) -> int:
    start = text.find(whole)
    kept = range(start + 1, start + len(whole)) if start >= 0 else range(0)
    allowed = [place for place in range(1, len(text)) if place not in kept and _may_break(text, place)]
    return min(allowed, key=lambda place: (abs(width(text[:place]) - target), place))


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    is_latin_word = before.isalnum() and before.isascii() and after.isascii()
    return after not in _NEVER_FIRST and before not in "（《“" and not is_latin_word


def split_annexes(document: Document) -> tuple[list[Block], list[Annex]]:
    """What paper prints of a document: the blocks of the text, which has no tiles, and the annexes behind it.

    GB/T 9704-2012, 7.3.3, asks for text on the first page, so tiles stay on the screen.
    """
    text = [block for block in document.blocks if not isinstance(block, Annex | KpiStrip)]
    return text, [block for block in document.blocks if isinstance(block, Annex) and block.is_on_paper]


@dataclass(frozen=True)
class Part:
    """What paper sets in one piece: a block, or one item of a list (`number` from 1), or one sheet of a chart (from 0).

    `leads` says that it is a paragraph that leads in a list, from whose first item no page may part it.
    """

    block: Block
    number: int = 0
    leads: bool = False


def parts_of(blocks: Sequence[Block]) -> list[Part]:
    """The blocks as paper sets them, in their order."""
    parts: list[Part] = []
    for place, block in enumerate(blocks):
        match block:
            case ListBlock():
                parts += [Part(block, number) for number in range(1, len(block.items) + 1)]
            case ChartBlock():
                parts += [Part(block, number) for number in range(len(block.chart.sheets) or 1)]
            case _:
                following = blocks[place + 1 : place + 2]
                leads = isinstance(block, Paragraph) and isinstance(following and following[0], ListBlock)
                parts.append(Part(block, leads=leads))
    return parts


def sheet_of(part: Part, words: Words) -> tuple[str, str]:
    """The drawing of a chart's sheet and its description; a long chart has several sheets."""
    chart = part.block.chart
    further = words("paper.chart_goes_on", number=chart.number, headline=chart.headline)
    return (chart.sheets or (chart.svg,))[part.number], further if part.number else chart.alt


def label_and_name(annex: Annex, words: Words) -> tuple[str, str]:
    """'附件1　数据表' as ('附件1', '数据表')."""
    label, *name = _AFTER_LABEL.split(annex.title, maxsplit=1)
    return (label, name[0]) if name else (words("paper.annex"), label)


def list_annex(annex: Annex, words: Words, place: int) -> str:
    """An annex in the list of them: '附件：1．数据表', '2．指标口径'."""
    _, name = label_and_name(annex, words)
    return words("paper.first_annex" if place == 1 else "paper.next_annex", place=place, name=name)


def face_of(run: Run) -> str:
    """The face of a stretch of text: '' (仿宋), 'kai' (楷体) for a heading within a paragraph, else 'hei' if strong.

    Chinese faces have no italics, so emphasis is set in 楷体.
    """
    if not run.strong:
        return "kai" if run.emphasis else ""
    return "kai" if _RUN_IN.match(run.text) else "hei"


def list_mark(block: ListBlock, words: Words, place: int) -> str:
    """The mark before an item: '1．', or the dash before unnumbered points (GB/T 15834-2011, 4.13.3.5)."""
    return words("paper.item", place=place) if block.is_ordered else words("paper.point")


def office_of(document: Document) -> dict[str, str]:
    """What the document's metadata say of the office, by the keys of OFFICE."""
    metadata = dict(document.metadata)
    named = {key: metadata.get(document.words(f"office.{key}")) for key in OFFICE}
    return {key: value for key, value in named.items() if value is not None}


def watermark_size(text: str) -> float:
    """The type size at which a watermark fits across the page, in pt; 58 at most."""
    return min(58.0, 522 / width(text))


def masthead_size(words: str) -> float:
    """The type size at which a masthead fills its line, in pt; 52 at most."""
    return min(52.0, 425 / len(words))


def notes_of(office: dict[str, str], words: Words) -> list[str]:
    """The 附注 below the date, in brackets: （此件公开发布）, （联系人：…） (GB/T 9704-2012, 7.3.7)."""
    return [words(f"paper.{key}", words=office[key]) for key in ("notice", "contact") if key in office]


def imprint(office: dict[str, str], words: Words) -> list[list[str]]:
    """The lines of the 版记 (imprint), of what is set: the recipients 抄送, then 印发机关 and 印发日期 in one line."""
    end = words("sentence_end")
    lines = [[words("paper.copies", to=office["copies"].rstrip(end))]] if "copies" in office else []
    issuer = [office.get(key, "") for key in ("issuer", "issued_on")]
    return [*lines, issuer] if any(issuer) else lines


def table_size(table: Table) -> float:
    """The type size of a table in pt: 10.5 (五号), or less where columns of names and numbers would have to wrap."""
    needed = [
        min(share, _PROSE) if place and side == "left" else share
        for place, (share, side) in enumerate(zip(column_widths(table), table.alignments, strict=True))
    ]
    return next((size for size in _TABLE_SIZES if sum(needed) * size <= _TEXT_WIDTH), _TABLE_SIZES[-1])


def header_lines(title: str) -> list[str]:
    """A column's title in lines, its unit in a line of its own: ['平均', '办理时长', '（个工作日）']."""
    name, *unit = _BEFORE_UNIT.split(title, maxsplit=1)
    lines = [name]
    if name.isascii():
        blanks = [place for place, character in enumerate(name) if character == " "]
        if len(name) > 9 and blanks:
            cut = min(blanks, key=lambda place: abs(place - len(name) / 2))
            lines = [name[:cut], name[cut + 1 :]]
    elif len(name) > 5:
        cut = min(len(name) - 4, len(name) // 2)
        lines = [name[:cut], name[cut:]]
    return [line for line in (*lines, *unit) if line]


def headings(table: Table) -> list[list[str]]:
    """The title of each column in lines; a line that its column is too narrow for is halved: ['超期', '未办']."""
    widths = column_widths(table)
    scale = min(_TEXT_WIDTH / table_size(table) / sum(widths), 1)
    lines = []
    for place, title in enumerate(table.header):
        room = widths[place] * scale - 0.6
        halves = [
            (line[: -(-len(line) // 2)], line[-(-len(line) // 2) :])
            if width(line) > room and not line.isascii() and not line.startswith("（")
            else (line,)
            for line in header_lines(title)
        ]
        lines.append([part for line in halves for part in line])
    return lines


def needs_gap(table: Table, place: int) -> bool:
    """Whether a column of words follows one of numbers, which it would touch; a unit may touch its number."""
    left, before = table.alignments[place] == "left", table.alignments[place - 1] if place else "left"
    return left and before == "right" and table.header[place] not in _UNITS


def wraps(table: Table) -> bool:
    """Whether a cell of the table is wider than a column may be, so that its row has several lines."""
    return any(width("".join(run.text for run in cell)) > _WIDEST for row in table.rows for cell in row)


def column_widths(table: Table) -> list[float]:
    """The width of each column in characters: what its widest cell needs, at most 24, beyond which cells wrap.

    Where a table of numbers is too wide even in the smallest type, names wrap first, then headings; numbers never do,
    because two that touch read as one.
    """
    least, longest = [], []
    for place, title in enumerate(table.header):
        gap = 2 if needs_gap(table, place) else 0.6
        cells = max((width("".join(run.text for run in row[place])) for row in table.rows), default=0)
        cells = min(cells, _WIDEST)
        if table.alignments[place] == "right":
            cells *= 1.15  # digits of the face that stands in where the office's is not installed
        head = max(width(line) + 0.3 for line in header_lines(title))
        least.append(max(cells, 2) + gap)
        longest.append(max(cells, min(head, _WIDEST), 2) + gap)
    excess = sum(longest) - _TEXT_WIDTH / _TABLE_SIZES[-1]
    if excess > 0 and {*table.alignments[1:]} == {"right"}:
        names = max(longest[0] - excess, min(longest[0], _NAMES))
        excess -= longest[0] - names
        slack = sum(longest[1:]) - sum(least[1:])
        taken = min(excess / slack, 1) if slack else 0
        longest = [
            names,
            *(wide - (wide - narrow) * taken for wide, narrow in zip(longest[1:], least[1:], strict=True)),
        ]
    return longest
