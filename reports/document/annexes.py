"""Builds the annexes behind the text: tables of all figures, their definitions, the quality and the origin of the data.

It takes `Figures` and `Provenance` and returns the `Annex` blocks of a period. The cells of tables of figures are laid
out in tables.py, and how a format folds or numbers an annex belongs to reports/formats.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from reports.document import tables
from reports.document.cells import print_number
from reports.document.model import Annex, Block, Paragraph, Run, Runs, Table
from reports.figures.model import Figures
from reports.figures.provenance import Provenance
from reports.words.catalogue import Words

# More input files than these are listed in provenance.json only.
_LISTED_FILES = 10
# the columns of the table of files, by the key of their headings
_INTAKE = ("source", "files", "read", "loaded", "superseded", "duplicate", "quarantined")


def build_annexes(figures: Figures, provenance: Provenance, with_quality: bool = True) -> tuple[Annex, ...]:
    """Tables of all figures, what each counts, quality of the period's files, and where they came from.

    The last two are on paper only if `with_quality` says so.
    """
    figure_tables = (
        tables.tabulate_totals(figures),
        tables.tabulate_towns(figures),
        tables.tabulate_organisations(figures),
        tables.tabulate_breakdowns(figures),
    )
    words = figures.words
    rounding = Paragraph(_run(words("annex.rounding")))
    annexes = (
        Annex(words("annex.tables"), "a1", (rounding, *(table for table in figure_tables if table.rows)), True),
        Annex(words("annex.definitions"), "a2", (_tabulate_definitions(figures),), True),
        Annex(words("annex.quality"), "a3", _describe_quality(figures, provenance), True, with_quality),
        Annex(words("annex.sources"), "a4", _list_sources(words, provenance), True, with_quality),
    )
    numbers = count(1)
    return tuple(
        replace(annex, blocks=tuple(_number_table(figures, block, numbers) for block in annex.blocks))
        for annex in annexes
    )


def _number_table(figures: Figures, block: Block, numbers: Iterator[int]) -> Block:
    if not isinstance(block, Table):
        return block
    return replace(block, caption=figures.words("table_caption", number=next(numbers), caption=block.caption))


def _tabulate_definitions(figures: Figures) -> Table:
    rows = []
    for key, definition in figures.definitions.items():
        if not figures.dimensions(key):
            continue
        over = f"{definition.numerator_words} ÷ {definition.denominator_words}"
        rows.append(_cells(definition.name, definition.basis, over if definition.denominator_words else ""))
    return _tabulate(figures.words, "table.definitions", ("table.figure", "table.basis", "table.formula"), rows)


def _describe_quality(figures: Figures, provenance: Provenance) -> tuple[Block, ...]:
    words, rows = figures.words, []
    for intake in provenance.intakes:
        counts = (
            intake.file_count,
            intake.rows_read,
            intake.rows_loaded,
            intake.rows_superseded,
            intake.rows_duplicate,
            intake.rows_quarantined,
        )
        name = f"{intake.source_name}·{words(f'dataset.{intake.dataset}')}"
        rows.append(_cells(name, *(words.exact(number) for number in counts)))
    header = tuple(words(f"intake.{part}") for part in _INTAKE)
    blocks: list[Block] = [
        Paragraph(_run(words("intake.about", period=figures.name))),
        Table(words("table.files"), header, tuple(rows), ("left", *["right"] * 6)),
    ]
    if figures.absent:
        blocks.append(_tabulate_absent(figures))
    if doubts := _describe_doubts(figures):
        blocks.append(Paragraph(doubts))
    if provenance.checks:
        failed = [check for check in provenance.checks if not check.passed]
        passed = len(provenance.checks) - len(failed)
        blocks.append(Paragraph(_run(words("checks.passed", n=len(provenance.checks), passed=passed))))
        if failed:
            rows = [_cells(check.asset, check.check_name, check.severity) for check in failed]
            columns = ("checks.asset", "checks.check", "checks.severity")
            blocks.append(_tabulate(words, "checks.failed", columns, rows))
    for title, columns, listed in (
        ("checks.accepted", ("checks.check", "checks.finding", "checks.reason", "checks.by"), provenance.accepted),
        ("checks.tuned", ("checks.check", "checks.change", "checks.reason"), provenance.tuned),
        ("refused.title", ("refused.file", "refused.reason"), provenance.refused),
    ):
        if listed:
            blocks.append(_tabulate(words, title, columns, [_cells(*row) for row in listed]))
    return tuple(blocks)


def _tabulate_absent(figures: Figures) -> Table:
    """The figures that the period has no data for, by what no loaded export supplies."""
    words, names_by_reason = figures.words, {}
    for key, definition in figures.definitions.items():
        parts = [(*where, reason) for (figure, *where), reason in figures.absent.items() if figure == key]
        if not figures.dimensions(key):  # the figure is absent altogether: its total says why, if it has one
            parts = [part for part in parts if part[0] == "total"] or parts[:1]
        for dimension, member, reason in parts:
            name = definition.name
            if figures.dimensions(key) and dimension != "total":
                by_dimension = words("absent.by", dimension=figures.dimension_name(dimension))
                part = figures.label(dimension, member) if member else by_dimension
                name = words("absent.part", name=name, part=part)
            names_by_reason.setdefault(reason, []).append(name)
    rows = [_cells(words.listing(names), reason) for reason, names in names_by_reason.items()]
    return _tabulate(words, "absent.title", ("absent.figure", "absent.reason"), rows)


def _describe_doubts(figures: Figures) -> Runs:
    """How many cases have no known limit, no known end, or a due day that disagrees; in all, and by source."""
    words, runs = figures.words, []
    for key in tables.DOUBTS:
        total, definition = figures.get(key), figures.definition(key)
        if total is None:
            continue
        lead = words("doubts.next" if runs else "doubts.first", name=definition.name)
        runs += [Run(lead), *print_number(figures, total)]
        parts = [row for row in figures.by(key, "source") if row.value]
        for place, row in enumerate(parts):
            name, unit = figures.label("source", row.member), definition.unit
            lead = words("doubts.next_source" if place else "doubts.first_source", name=name, unit=unit)
            runs += [Run(lead), *print_number(figures, row)]
        runs.append(Run(words("doubts.end_of_sources" if parts else "doubts.end", unit=definition.unit)))
    return (*runs, Run(words("sentence_end"))) if runs else ()


def _list_sources(words: Words, provenance: Provenance) -> tuple[Block, ...]:
    ordered = sorted(provenance.files, key=lambda file: (str(file.covers_until or ""), file.path), reverse=True)
    listed = ordered[:_LISTED_FILES]
    about = words("inputs.about", n=len(provenance.files))
    if len(listed) < len(provenance.files):
        about += words("inputs.listed", n=len(listed))
    rows = [_cells(file.path, file.sha256[:12]) for file in listed]
    return (Paragraph(_run(about)), _tabulate(words, "table.inputs", ("refused.file", "inputs.hash"), rows))


def _tabulate(words: Words, title: str, columns: Sequence[str], rows: Sequence[tuple[Runs, ...]]) -> Table:
    """A table of words; `title` and `columns` are keys of reports/words."""
    return Table(words(title), tuple(map(words, columns)), tuple(rows), ("left",) * len(columns))


def _run(text: str) -> Runs:
    return (Run(text),)


def _cells(*cells: str) -> tuple[Runs, ...]:
    return tuple(_run(cell) for cell in cells)
