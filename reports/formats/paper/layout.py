"""Here are the measures of the official layout that PDF and DOCX share: title lines, table columns and sizes.
How either format writes them stays out.
It hands pdf and docx plain numbers and strings.
"""

from unicodedata import east_asian_width

from reports.document.model import Annex, Document, ListBlock, Table

# 156 mm at 22 pt
_TITLE_CHARACTERS = 20
_TEXT_WIDTH = 442  # pt
_TABLE_SIZES = (10.5, 9, 8.5, 8, 7.5, 7)
# a column of prose reads well from this many characters on
_PROSE = 14
_NEVER_FIRST = "的及和与、，）》”年月日"


def width(text: str) -> float:
    """How wide a text runs, in characters: a hanzi is 1, a Latin letter or digit 0.55."""
    return sum(1 if east_asian_width(c) in "WFA" else 0.55 for c in text)


def title_lines(document: Document) -> list[str]:
    """The title in as few lines as it needs, of like length, the period's name kept whole (GB/T 9704-2012, 7.3.1)."""
    title = document.title
    count = -(-int(width(title) * 100) // (_TITLE_CHARACTERS * 100))
    lines = []
    while count > 1:
        cut = _cut(title, document.period_name, width(title) / count)
        lines.append(title[:cut])
        title, count = title[cut:], count - 1
    return [*lines, title]


def _cut(text: str, whole: str, target: float) -> int:
    start = text.find(whole)
    kept = range(start + 1, start + len(whole)) if start >= 0 else range(0)
    allowed = [
        place for place in range(1, len(text))
        if place not in kept and text[place] not in _NEVER_FIRST and text[place - 1] not in "（《“"
        and not (text[place - 1].isalnum() and text[place - 1].isascii() and text[place].isascii())
    ]  # fmt: skip
    return min(allowed, key=lambda place: (abs(width(text[:place]) - target), place))


def label_and_name(annex: Annex) -> tuple[str, str]:
    """'附件1　数据表' as ('附件1', '数据表')."""
    label, _, name = annex.title.partition("　")
    return (label, name) if name else ("附件", label)


def list_mark(block: ListBlock, place: int) -> str:
    """What stands before an item: '1．', or the dash that sets out unnumbered points (GB/T 15834-2011, 4.13.3.5)."""
    return f"{place}．" if block.is_ordered else "——"


def masthead_size(words: str) -> float:
    """The type size in pt at which a masthead fills its line, 52 at most."""
    return min(52.0, 425 / len(words))


def imprint(office: dict[str, str]) -> list[list[str]]:
    """The lines of the 版记, from what is set of 抄送, 印发机关 and 印发日期: recipients, then issuer and date."""
    lines = [[f"抄送：{office['抄送'].rstrip('。')}。"]] if "抄送" in office else []
    issuer = [office.get(key, "") for key in ("印发机关", "印发日期")]
    return [*lines, issuer] if any(issuer) else lines


def table_size(table: Table) -> float:
    """The type size of a table in pt: 10.5 (五号), less where columns of names and numbers would have to wrap."""
    needed = [
        min(share, _PROSE) if place and side == "left" else share
        for place, (share, side) in enumerate(zip(column_widths(table), table.alignments, strict=True))
    ]
    return next((size for size in _TABLE_SIZES if sum(needed) * size <= _TEXT_WIDTH), _TABLE_SIZES[-1])


def header_lines(title: str) -> list[str]:
    """A column's title, a long one in two lines, its unit apart: ['平均', '办理时长', '（个工作日）']."""
    name, bracket, unit = title.partition("（")
    lines = [name]
    if len(name) > 5 and not name.isascii():
        cut = min(len(name) - 4, len(name) // 2)
        lines = [name[:cut], name[cut:]]
    return [line for line in (*lines, bracket + unit) if line]


def stands_apart(table: Table, place: int) -> bool:
    """Whether a column of words follows one of numbers, which it would touch; a unit belongs to its number."""
    left, before = table.alignments[place] == "left", table.alignments[place - 1] if place else "left"
    return left and before == "right" and table.header[place] != "单位"


def column_widths(table: Table) -> list[float]:
    """Widths of columns in characters: what the widest cell needs, long words held to a share they can wrap in."""
    longest = []
    for place, title in enumerate(table.header):
        cells = [width("".join(run.text for run in row[place])) for row in table.rows]
        needed = max([*cells, *(width(line) + 0.3 for line in header_lines(title)), 2])
        longest.append(min(needed, 24) + (2 if stands_apart(table, place) else 0.6))
    return longest
