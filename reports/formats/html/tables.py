"""Turns tables into HTML, those of the text and annexes and those of the data under charts, each number with its row.

Takes a table of the document or of a chart and returns its mark-up. A cell that prints one number is plain text: what
names its figures row stands once on the head of its column or on its row, and on the cell only where that differs.
page_parts/bulletin.js makes such a cell a button when the page is opened, so that a county's three thousand numbers
don't each carry a button's mark-up. Numbers within words are buttons already: numbers.py.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from reports.charts.drawing.sheet import Chart
from reports.document.model import Runs, Table
from reports.formats.html import numbers
from reports.formats.html.numbers import Names
from reports.text.filling import Mark

# attribute → what a number has that neither itself, nor its row, nor the head of its column says
_Keys = dict[str, str]
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class _Cell:
    """What a cell prints, as mark-up; what names the number, if that is all it prints."""

    inside: str
    keys: _Keys | None = None


def table(part: Table, names: Names) -> str:
    """A table of the text or of an annex, with its caption and note."""
    rows = [
        [_Cell(numbers.text(first, names)), *(_cell_of_runs(cell, names) for cell in others)]
        for first, *others in part.rows
    ]
    caption = f"<caption>{escape(part.caption)}</caption>" if part.caption else ""
    note = f'<p class="note">{escape(part.note)}</p>' if part.note else ""
    return (
        _scrolled(part.caption or names.words("page.table"), caption, part.header, part.alignments, rows, names) + note
    )


def data_table(chart: Chart, frame: pd.DataFrame, names: Names) -> str:
    """The table of a chart's data; `frame` is the chart's, with a mark where it has no number."""
    rows = [
        [_cell(names.words.exact(cell) if isinstance(cell, int) else str(cell), mark, names) for cell, mark in pairs]
        for pairs in (
            zip(row, marks, strict=True) for row, marks in zip(frame.itertuples(index=False), chart.marks, strict=True)
        )
    ]
    is_number = [any(marks[place] for marks in chart.marks) for place in range(len(frame.columns))]
    sides = ["right" if number else "left" for number in is_number]
    words = names.words
    caption = escape(words("page.chart_caption", number=chart.number, headline=chart.headline))
    name = words("page.chart_data", number=chart.number)
    return _scrolled(name, f"<caption>{caption}</caption>", map(str, frame), sides, rows, names)


def _cell_of_runs(runs: Runs, names: Names) -> _Cell:
    if len(runs) == 1 and runs[0].figure_id and not (runs[0].strong or runs[0].emphasis):
        return _cell(runs[0].text, Mark(runs[0].figure_id, runs[0].part, runs[0].value), names)
    return _Cell(numbers.text(runs, names))


def _cell(text: str, mark: Mark | None, names: Names) -> _Cell:
    inside = escape(text, quote=False)
    if mark is None or not _DIGIT.search(text):
        return _Cell(inside if mark is None else numbers.number(text, mark, names))
    period, figure, dimension, member = mark.figure_id.split("/", 3)
    keys = {
        "data-note": names.popovers[f"{figure}/{dimension}"],
        "data-period": period,
        "data-member": member,
        "data-part": mark.part,
    }
    return _Cell(inside, keys)


def _scrolled(
    name: str,
    caption: str,
    header: Iterable[str],
    alignments: Sequence[str],
    rows: Sequence[Sequence[_Cell]],
    names: Names,
) -> str:
    """A table whose first cells name their rows, in a box that scrolls sideways where the table is too wide."""
    # where all columns but the first hold numbers, one class on the table says so
    is_numeric = {*alignments[1:]} == {"right"}
    sides = ["r" if side == "right" and not is_numeric else "" for side in alignments]
    usual = {"data-note": "", "data-period": names.period, "data-member": "total", "data-part": "value"}
    of_heads, of_rows = _share(rows, usual)
    heads = [
        f"<th{_attributes(shared | ({'class': side} if side else {}), usual)}>{escape(title)}"
        for title, side, shared in zip(header, sides, of_heads, strict=True)
    ]
    body = []
    for row, shared in zip(rows, of_rows, strict=True):
        first, *others = zip(row, sides, of_heads, strict=True)
        cells = "".join(_data_cell(cell, side, usual | head | shared) for cell, side, head in others)
        if escape(shared.get("data-member", "total")) == first[0].inside:
            shared["data-member"] = ""  # the row's head says it
        body.append(f"<tr{_attributes(shared, usual)}><th>{first[0].inside}{cells}")
    return (
        f'<div class="scroll{" n" if is_numeric else ""}" tabindex="0" role="region" aria-label="{escape(name)}">'
        f"<table>{caption}<thead><tr>{''.join(heads)}<tbody>\n" + "\n".join(body) + "\n</table></div>"
    )


def _share(rows: Sequence[Sequence[_Cell]], usual: _Keys) -> tuple[list[_Keys], list[_Keys]]:
    """What heads of columns and what rows say for their numbers: each attribute where it is written least often."""
    grid = [[cell.keys for cell in row] for row in rows]
    columns = list(zip(*grid, strict=True))
    of_heads: list[_Keys] = [{} for _ in columns]
    of_rows: list[_Keys] = [{} for _ in rows]
    for attribute in usual:
        by_column, by_row = (
            [Counter(keys[attribute] for keys in line if keys) for line in lines] for lines in (columns, grid)
        )
        # what is left for the cells to say themselves, where the most common value stands on the head or on the row
        left_by_column, left_by_row = (
            sum(c.total() - max(c.values(), default=0) for c in by) for by in (by_column, by_row)
        )
        is_by_column = (left_by_column, len(columns)) <= (left_by_row, len(rows))
        for shared, counter in zip(*((of_heads, by_column) if is_by_column else (of_rows, by_row)), strict=True):
            value, times = max(counter.items(), key=lambda item: item[1], default=("", 0))
            if times > 1 or counter.total() == 1:
                shared[attribute] = value
    return of_heads, of_rows


def _data_cell(cell: _Cell, side: str, held: _Keys) -> str:
    """A cell that is not its row's first; `held` is what its head and its row say of a number in it."""
    # the style aligns a cell that begins with a button to the right
    written = {"class": side} if side and not cell.inside.startswith("<button") else {}
    if cell.keys is not None:
        written |= {name: value for name, value in cell.keys.items() if value != held[name]}
    elif held["data-note"] and "<" not in cell.inside and _DIGIT.search(cell.inside):
        written["data-note"] = ""  # digits that are no figure
    return f"<td{numbers.attributes(written.items())}>{cell.inside}"


def _attributes(shared: _Keys, usual: _Keys) -> str:
    return numbers.attributes((name, value) for name, value in shared.items() if value != usual.get(name))
