"""Writes the note that proves each printed figure: what it counts, from what, against what, by which SQL.

It takes the blocks of a document and returns one `Note` for each figure and dimension that they print; every number
printed of it shares that note. The SQL comes from marts.figure_proofs. How a format opens a note belongs to
reports/formats.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import duckdb

from reports.document.model import Annex, Block, ChartBlock, KpiStrip, ListBlock, Note, Paragraph, Run, Table
from reports.figures.model import Definition, Figure, Figures
from reports.words import wording

_PARTS = ("value", "numerator", "denominator", "year_ago_value", "previous_value")
# printed change -> the value that it compares with
_BASES = {"yoy": "year_ago_value", "mom": "previous_value"}

_ROUNDED = "rounded"


def read_proofs(connection: duckdb.DuckDBPyConnection, period: str) -> dict[str, str]:
    """The registry's SQL over the fact tables by id of figures row; empty for a warehouse without figure_proofs."""
    has_proofs = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'marts' and table_name = 'figure_proofs'"
    ).fetchone()[0]
    if not has_proofs:
        return {}
    rows = connection.execute(
        "select concat_ws('/', period, figure, dimension, member), proof_sql from marts.figure_proofs where period = ?",
        [period],
    ).fetchall()
    return dict(rows)


def write_notes(figures: Figures, blocks: Iterable[Block], proofs: Mapping[str, str]) -> tuple[Note, ...]:
    """A note for every figure and dimension that the blocks print, in the order met, with the rows printed.

    The SQL is the registry's where `proofs` has it, else it reads the figures mart; both run on the published file.
    """
    printed: set[str] = set()
    groups: dict[tuple[str, str], tuple[dict[str, None], set[str]]] = {}
    for figure_id, part, text in _find_numbers(blocks):
        printed.add(figure_id)
        period, figure, dimension, _ = figure_id.split("/", 3)
        periods, parts = groups.setdefault((figure, dimension), ({}, set()))
        periods[period] = None
        parts.add(_BASES.get(part, part))
        if figures.words.is_rounded(text):
            parts.add(_ROUNDED)
    notes = []
    for key, (periods, parts) in groups.items():
        # the period itself before its months, members in the office's order
        ordered = sorted(periods, key=lambda period: (period != figures.period, period))
        rows = [row for period in ordered for row in figures.by(*key, period) if row.id in printed]
        notes.append(_write_note(figures, key, rows, parts, proofs))
    return tuple(notes)


def _find_numbers(blocks: Iterable[Block]) -> Iterator[tuple[str, str, str]]:
    """The id of the figures row, the part of it and, of text, how it is printed, for each number of the blocks."""
    for block in blocks:
        runs: Iterable[Run] = ()
        match block:
            case Annex():
                yield from _find_numbers(block.blocks)
            case Paragraph():
                runs = block.runs
            case ListBlock():
                runs = chain.from_iterable(block.items)
            case Table():
                runs = (run for row in block.rows for cell in row for run in cell)
            case KpiStrip():
                runs = (run for tile in block.tiles for cell in (tile.runs, *tile.changes) for run in cell)
            case ChartBlock():
                yield from ((mark.figure_id, mark.part, "") for row in block.chart.marks for mark in row if mark)
        yield from ((run.figure_id, run.part, run.text) for run in runs if run.figure_id)


def _write_note(
    figures: Figures, key: tuple[str, str], rows: list[Figure], printed: set[str], proofs: Mapping[str, str]
) -> Note:
    figure, dimension = key
    definition = figures.definition(figure)
    title, words = definition.name, figures.words
    if dimension != "total":
        title = words("note.by", name=title, dimension=figures.dimension_name(dimension))
    formula = ""
    if definition.denominator_words:
        formula = f"{definition.numerator_words} ÷ {definition.denominator_words}"
    # a count is its own numerator; show a base only if a printed change compares with it
    is_ratio = any(row.denominator is not None for row in rows)
    shown = {"value"} | ({"numerator", "denominator"} if is_ratio else set()) | printed & set(_BASES.values())
    parts = [part for part in _PARTS if part in shown and any(getattr(row, part) is not None for row in rows)]
    # if all rows are of this period, the column titles name the bases, else a line of its own does
    is_plain = figures.is_complete and all(row.period == figures.period for row in rows)
    named = {"year_ago_value": figures.year_ago_name, "previous_value": figures.previous_name} if is_plain else {}
    titles = (words.titled(words(f"part.{part}"), named.get(part, "")) for part in parts)
    header = (words("note.period" if dimension == "total" else "table.dimension"), *titles)
    # don't list days and items (too many), nor a figure whose only value the page already prints in full
    says_more = dimension == "total" or parts != ["value"] or _ROUNDED in printed
    is_listed = key not in figures.queries and says_more
    # of members, only this period's: charts of history print each in a dozen periods
    listed = [row for row in rows if dimension == "total" or row.period == figures.period] if is_listed else []
    cells = tuple(
        (_name_row(figures, row), *(_print_cell(figures, definition, row, part) for part in parts)) for row in listed
    )
    has_base = not is_plain and any(part in parts for part in ("year_ago_value", "previous_value"))
    return Note(
        key=f"{figure}/{dimension}",
        title=title,
        basis=definition.basis,
        formula=formula,
        bases=_name_bases(figures) if has_base else "",
        header=header,
        rows=cells,
        sql=figures.queries.get(key) or _choose_sql(figures, rows, proofs),
    )


def _name_row(figures: Figures, row: Figure) -> str:
    if row.dimension != "total":
        return figures.label(row.dimension, row.member)
    return figures.period_names.get(row.period, row.period)


def _print_cell(figures: Figures, definition: Definition, row: Figure, part: str) -> str:
    amount = getattr(row, part)
    if amount is None:
        return wording.NO_VALUE
    if "ator" in part:
        return figures.words.amount(amount)
    style = "exact" if definition.style == "wan" else definition.style
    return figures.words.printed(amount, style, definition.decimals)


def _name_bases(figures: Figures) -> str:
    """What 上期 and 上年同期 are for this period."""
    words = figures.words
    named = (("previous_value", figures.previous_name), ("year_ago_value", figures.year_ago_name))
    bases = [words("note.base", base=words(f"part.{part}"), period=name) for part, name in named if name]
    if not bases:
        return ""
    return words("list.item").join(bases) + ("" if figures.is_complete else words("note.as_long"))


def _choose_sql(figures: Figures, rows: list[Figure], proofs: Mapping[str, str]) -> str:
    first = rows[0]
    proof = proofs.get(first.id)
    if proof is not None and len(rows) == 1:
        return proof
    if proof is not None:  # the statements of the other rows differ only in a condition
        lead = figures.words("note.other_rows", period=first.period, member=first.member)
        return f"{lead}\n{proof}"
    periods = list(dict.fromkeys(row.period for row in rows))
    where = f"figure = {_quote(first.figure)} and dimension = {_quote(first.dimension)} and period "
    where += f"= {_quote(periods[0])}" if len(periods) == 1 else f"in ({', '.join(map(_quote, periods))})"
    return f"select period, member, value, numerator, denominator from marts.figures where {where}"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
