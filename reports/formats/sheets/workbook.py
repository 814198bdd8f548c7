"""Turns the figures behind a bulletin into a workbook: all figures, definitions, tables, revisions and charts.

Takes the document model and the figures and returns the file's bytes, the same for the same figures. The sheets of the
charts are made in chart_sheets.py; the text and the pictures of the bulletin are not in it.
"""

from xlsxwriter.worksheet import Worksheet

from reports.document import tables
from reports.document.model import ChartBlock, Document, Run, Table
from reports.figures.model import Definition, Figure, Figures
from reports.formats.sheets.book import HEADER_ROW, TOTAL, Book, Column, count_characters, width_of
from reports.formats.sheets.chart_sheets import add_chart
from reports.formats.sheets.number_formats import change_format, plain_format, value_format
from reports.words import wording

# titles are keys of words
_FIGURE_COLUMNS = (
    Column("table.figure", 20),
    Column("table.dimension", 12),
    Column("table.member", 26),
    Column("part.value", 12, True),
    Column("table.unit", 8),
    Column("part.numerator", 12, True),
    Column("part.denominator", 12, True),
    Column("part.year_ago_value", 12, True),
    Column("part.yoy", 17, True),
    Column("part.previous_value", 12, True),
    Column("part.mom", 17, True),
    Column("xlsx.id", 46),
)
_DEFINITION_COLUMNS = (Column("table.figure", 20), Column("table.basis", 70), Column("table.formula", 50))
_REVISION_COLUMNS = (
    Column("table.figure", 20),
    Column("table.dimension", 12),
    Column("table.member", 26),
    Column("revisions.before", 14, True),
    Column("revisions.now", 14, True),
    Column("xlsx.difference", 14, True),
    Column("table.unit", 8),
    Column("xlsx.id", 46),
)


def write_workbook(document: Document, figures: Figures) -> bytes:
    """Every figures row of the period, exact, on sheet 指标; what each counts, on 口径; towns and organisations with
    their totals; what was revised, on 修订; then a sheet a chart, 图N.
    """
    book = Book(
        document.words,
        document.title,
        document.as_of_on,
        document.watermark,
        subject=document.subtitle,
        author=document.masthead or "",
    )
    _add_figures(book, figures)
    _add_definitions(book, figures)
    _add_table(book, figures, figures.dimension_name(figures.places), tables.tabulate_towns(figures, figures.city_word))
    _add_table(book, figures, figures.dimension_name("org"), tables.tabulate_organisations(figures))
    _add_revisions(book, figures)
    for block in document.blocks:
        if isinstance(block, ChartBlock):
            add_chart(book, block.chart, figures)
    return book.close()


def _add_figures(book: Book, figures: Figures) -> None:
    words = book.words
    note = words("xlsx.notes", first=book.subject, second=words("xlsx.exact"))
    columns = [column._replace(title=words(column.title)) for column in _FIGURE_COLUMNS]
    sheet = book.add_sheet(words("xlsx.figures"), book.title, note, columns)
    # a long name would be cut by the number beside it
    members = (figures.label(row.dimension, row.member) for rows in figures.rows.values() for row in rows)
    sheet.set_column(2, 2, width_of(members, _FIGURE_COLUMNS[2].width))
    line = HEADER_ROW
    # only rows of the mart: what a chart alone prints, such as days, is on the sheet of the chart
    of_the_mart = set(zip(figures.table["figure"], figures.table["dimension"], strict=True))
    for key, definition in figures.definitions.items():
        dimensions = sorted(dimension for figure, dimension in of_the_mart if figure == key)
        for dimension in sorted(dimensions, key=lambda name: name != "total"):
            for row in figures.by(key, dimension):
                line += 1
                _write_figure(book, sheet, line, definition, row, figures)
    sheet.autofilter(HEADER_ROW, 0, line, len(_FIGURE_COLUMNS) - 1)


def _add_definitions(book: Book, figures: Figures) -> None:
    words = book.words
    columns = [column._replace(title=words(column.title)) for column in _DEFINITION_COLUMNS]
    sheet = book.add_sheet(words("xlsx.definitions"), words("xlsx.of_figures"), book.subject, columns)
    present = [definition for key, definition in figures.definitions.items() if figures.dimensions(key)]
    for line, definition in enumerate(present, start=HEADER_ROW + 1):
        formula = ""
        if definition.denominator_words:
            formula = f"{definition.numerator_words} ÷ {definition.denominator_words}"
        # programs that don't fit a row to its words would cut them after the first line
        lines = max(
            -(-count_characters(text or "") // int(column.width))
            for text, column in zip((definition.basis, formula), columns[1:], strict=True)
        )
        sheet.set_row(line, 15 * max(lines, 1))
        for column, text in enumerate((definition.name, definition.basis, formula)):
            book.write_text(sheet, line, column, text or "", text_wrap=True, valign="top")


def _write_figure(
    book: Book, sheet: Worksheet, line: int, definition: Definition, row: Figure, figures: Figures
) -> None:
    words = {
        0: definition.name,
        1: figures.dimension_name(row.dimension),
        2: figures.label(row.dimension, row.member),
        4: "%" if definition.is_fraction else definition.unit,
        11: row.id,
    }
    for column, text in words.items():
        book.write_text(sheet, line, column, text or "", indent=int(column > 0))
    for column, amount in ((3, row.value), (7, row.year_ago_value), (9, row.previous_value)):
        book.write_number(sheet, line, column, amount, value_format(book.words, definition, amount))
    # a count is its own numerator, so its cell stays empty
    for column, amount in ((5, row.numerator if row.denominator is not None else None), (6, row.denominator)):
        book.write_number(sheet, line, column, amount, plain_format(book.words, amount))
    for column, base in ((8, row.year_ago_value), (10, row.previous_value)):
        change = figures.words.change(row.value, base, definition.style, definition.unit, definition.decimals)
        amount = None
        if change is not None:
            amount = wording.change_amount(row.value, base, definition.style) * (100 if definition.is_fraction else 1)
        book.write_number(sheet, line, column, amount, change_format(figures.words, definition.style, change))


def _add_table(book: Book, figures: Figures, name: str, table: Table) -> None:
    """A table of the bulletin whose columns are figures, the number of each cell exact; none without rows."""
    if not table.rows:
        return
    names = width_of(("".join(run.text for run in row[0]) for row in table.rows), 26)
    columns = [Column(title, 15 if place else names, place > 0) for place, title in enumerate(table.header)]
    sheet = book.add_sheet(name, table.caption, book.subject, columns)
    for line, (label, *cells) in enumerate(table.rows, start=HEADER_ROW + 1):
        look = TOTAL if label[0].strong else {}
        book.write_text(sheet, line, 0, "".join(run.text for run in label), **look)
        for place, (run, *_) in enumerate(cells, start=1):
            book.write_number(sheet, line, place, run.value, _format_of(run, figures), **look)


def _format_of(run: Run, figures: Figures) -> str:
    if run.figure_id is None or run.part in ("numerator", "denominator"):
        return plain_format(figures.words, run.value)
    return value_format(figures.words, figures.definition(run.figure_id.split("/")[1]), run.value)


def _add_revisions(book: Book, figures: Figures) -> None:
    """Every figure whose value is not the one published before, however many; a sentence where there is none."""
    words = book.words
    columns = [column._replace(title=words(column.title)) for column in _REVISION_COLUMNS]
    version = figures.revised_version
    note = words("xlsx.revises", version=version, why=figures.why) if version else words("xlsx.revised_since")
    title = words("revisions.title")
    sheet = book.add_sheet(
        words("xlsx.revisions"), title, note if figures.revisions else words("xlsx.unrevised"), columns
    )
    for line, (key, dimension, member, old, new) in enumerate(figures.revisions, start=HEADER_ROW + 1):
        definition = figures.definition(key)
        texts = {
            0: definition.name,
            1: figures.dimension_name(dimension),
            2: figures.label(dimension, member),
            6: "%" if definition.is_fraction else definition.unit,
            7: "/".join((figures.period, key, dimension, member)),
        }
        for column, text in texts.items():
            book.write_text(sheet, line, column, text, indent=int(column > 0))
        difference = None if old is None or new is None else new - old
        for column, amount in ((3, old), (4, new), (5, difference)):
            book.write_number(sheet, line, column, amount, value_format(book.words, definition, amount))
