"""The shape of a bulletin before it has a format: headings, paragraphs, tables, charts, tiles, annexes, notes.

Every format receives one `Document`, in which each printed number (`Run`) knows its row of marts.figures. The classes
hold data only: where words and figures come from, and how HTML, PDF, DOCX or XLSX write a block, is decided elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reports.words.catalogue import Words, load_words


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; a number has its figures row, the part of it that is printed and the exact amount."""

    text: str
    figure_id: str | None = None
    part: str = "value"
    value: float | None = None
    strong: bool = False
    emphasis: bool = False
    link: str = ""  # the address that it leads to
    is_typed: bool = False  # a number that a person typed, which no figure proves


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    level: int  # 1 is the title's
    runs: Runs
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True)
class ListBlock:
    is_ordered: bool
    items: tuple[Runs, ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells under a header; the first cell of each row is its name; numbers are right-aligned."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    alignments: tuple[str, ...]  # 'left' | 'right', one a column
    note: str = ""


@dataclass(frozen=True)
class ChartBlock:
    """One chart at the two widths it was drawn for; both carry the same headline, alt text and data."""

    chart: object  # reports.charts.drawing.sheet.Chart, 640 px
    narrow: object  # the same, 352 px


@dataclass(frozen=True)
class Tile:
    label: str
    runs: Runs  # the number
    unit: str
    changes: tuple[Runs, ...]  # 同比…, 环比…


@dataclass(frozen=True)
class KpiStrip:
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Annex:
    """A part behind the text: a title and its blocks; `is_folded` ones are reference, opened at need."""

    title: str
    anchor: str
    blocks: tuple["Block", ...]
    is_folded: bool = False
    is_on_paper: bool = True  # else the page alone shows it


@dataclass(frozen=True)
class Note:
    """What proves a number: its figure along a dimension, with the rows that the document prints of it."""

    key: str  # figure/dimension, which the numbers' figure ids hold between period and member
    title: str
    basis: str  # 口径
    formula: str  # numerator ÷ denominator, in words
    bases: str  # which periods 上期 and 上年同期 are; '' where nothing is compared
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sql: str  # yields the rows' values on the published DuckDB file


Block = Heading | Paragraph | ListBlock | Table | ChartBlock | KpiStrip | Annex


@dataclass(frozen=True)
class Document:
    title: str
    period: str  # its key: 2022H1
    period_name: str  # as in the title, which breaks no line within it
    subtitle: str  # period and as-of day
    as_of_on: date  # the only date in its files
    masthead: str | None  # None: its data are synthetic, so no office issues it
    metadata: tuple[tuple[str, str], ...]
    watermark: str | None
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()  # one for every figure and dimension printed
    before: tuple[str, str] | None = None  # key and name of the period before, if the mart has it
    after: tuple[str, str] | None = None  # of the one that follows, unless this one is still running
    words: Words = field(default_factory=lambda: load_words("zh"))
    faces: Mapping[str, str] = field(default_factory=dict)  # the office's own typefaces on paper: 仿宋 -> its name
