"""Writes tables and the imprint as WordprocessingML, because python-docx takes a second for a thousand cells.

Takes blocks of the document model and returns elements that docx.py puts into the body. Column widths and type sizes
come from measures.py.
"""

from collections.abc import Callable
from html import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.document.model import Run, Table
from reports.formats.paper import docx_page, measures
from reports.words.catalogue import Words

_KEPT_ROWS = 2  # after a head


def table(block: Table, words: Words, relate: Callable[[str], str]):
    """A Word table: its header is repeated on every page, a row is not broken over pages, ruled as offices print it.

    `relate` takes an address to which a cell leads and returns the id by which the file's part knows it.
    """
    size = measures.table_size(block)
    needed = measures.column_widths(block)
    widths = [round(docx_page.TEXT_WIDTH.twips * share / sum(needed)) for share in needed]
    gaps = [round(size * 28) if measures.needs_gap(block, place) else 0 for place in range(len(widths))]
    header = [
        _cell([_line([_run("\n".join(lines), size, docx_page.HEITI)], size, side)], width, 6, left)
        for lines, side, width, left in zip(measures.headings(block), block.alignments, widths, gaps, strict=True)
    ]
    rows = [_keep_with_next(_row(header, is_header=True))]
    for place, row in enumerate(block.rows):
        cells = zip(row, block.alignments, widths, gaps, strict=True)
        line = _row(
            [
                _cell([_line([_write(run, size, relate) for run in runs], size, side)], width, left=left)
                for runs, side, width, left in cells
            ]
        )
        rows.append(_keep_with_next(line) if place < _KEPT_ROWS else line)
    rules = _edge("top", 8, docx_page.INK) + _edge("bottom", 8, docx_page.INK) + _edge("insideH", 3, docx_page.LINE)
    return _table(rows, widths, rules, block.caption or words("page.table"), between=40)


def _write(run: Run, size: float, relate: Callable[[str], str]) -> str:
    written = _run(run.text, size, {"": docx_page.FANGSONG, **docx_page.EMPHASIS}[measures.face_of(run)])
    return f'<w:hyperlink r:id="{relate(run.link)}">{written}</w:hyperlink>' if run.link else written


def imprint(lines: list[list[str]], words: Words):
    """The 版记 as wide as the text, its words a character (14 pt) from the edges, two words at the ends of a line."""
    width, side = docx_page.TEXT_WIDTH.twips, 280
    rows = []
    for entries in lines:
        # further lines of the recipients are indented to where the first recipient begins
        place = (
            f'<w:tabs><w:tab w:val="right" w:pos="{width - 2 * side}"/></w:tabs>'
            if len(entries) > 1
            else f'<w:ind w:left="{3 * side}" w:hanging="{3 * side}"/>'
        )
        runs = "<w:r><w:tab/></w:r>".join(f"<w:r><w:t>{escape(word_)}</w:t></w:r>" for word_ in entries)
        rows.append(_row([_cell([f'<w:p><w:pPr><w:pStyle w:val="版记"/>{place}</w:pPr>{runs}</w:p>'], width)]))
    rules = _edge("top", 8, "000000") + _edge("bottom", 8, "000000") + _edge("insideH", 6, "000000")
    return _table(rows, [width], rules, words("paper.imprint"), side)


def _run(text: str, size: float, face: str) -> str:
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    looks = f'{docx_page.fonts(face)}<w:color w:val="{docx_page.INK}"/><w:sz w:val="{round(size * 2)}"/>'
    return f"<w:r><w:rPr>{looks}</w:rPr>{words}</w:r>"


def _line(runs: list[str], size: float, side: str) -> str:
    return _paragraph("".join(runs), side, "" if runs else f'<w:rPr><w:sz w:val="{round(size * 2)}"/></w:rPr>')


def _paragraph(runs: str, side: str, mark: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{docx_page.CELL}"/><w:jc w:val="{side}"/>{mark}</w:pPr>{runs}</w:p>'


def _cell(lines: list[str], width: int, under: int = 0, left: int = 0) -> str:
    edges = f"<w:tcBorders>{_edge('bottom', under, docx_page.INK)}</w:tcBorders>" if under else ""
    margin = f'<w:tcMar><w:left w:w="{left}" w:type="dxa"/></w:tcMar>' if left else ""
    upright = "bottom" if under else "center"
    place = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{edges}{margin}<w:vAlign w:val="{upright}"/></w:tcPr>'
    return f"<w:tc>{place}{''.join(lines)}</w:tc>"


def _row(cells: list[str] | str, is_header: bool = False) -> str:
    repeated = "<w:tblHeader/>" if is_header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _keep_with_next(row: str) -> str:
    """The row kept on one page with the next, so that a page doesn't end with a header and a row or two."""
    style = f'<w:pStyle w:val="{docx_page.CELL}"/>'
    return row.replace(style, f"{style}<w:keepNext/>")


def _edge(side: str, eighths: int, colour: str) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="{colour}"/>'


def _table(rows: list[str], widths: list[int], rules: str, name: str, between: int):
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    margins = f'<w:left w:w="{between}" w:type="dxa"/><w:right w:w="{between}" w:type="dxa"/>'
    return parse_xml(
        f'<w:tbl {nsdecls("w", "r")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{rules}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar><w:tblCaption w:val="{escape(name)}"/>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
