"""Turns a document into a DOCX in the official layout, which the office edits before it issues the bulletin.

Takes the document model and each chart's pictures and returns the file's bytes, the same for the same document.
docx_page.py sets page, styles and watermark, and docx_table.py writes the XML of tables.
"""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from functools import partial
from io import BytesIO

from docx.document import Document as File
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from reports.document.model import (
    Annex,
    ChartBlock,
    Document,
    Heading,
    ListBlock,
    Paragraph,
    Runs,
    Table,
)
from reports.formats.paper import docx_page, docx_table, measures
from reports.words.catalogue import Words

# pixels for each px of a chart that is 640 px wide, so that it has 300 dpi on the 156 mm of a line
PICTURE_SCALE = 300 * docx_page.TEXT_WIDTH.inches / 640


def file(
    document: Document, pictures: Mapping[str, list[bytes]], flow: Sequence[tuple[int, float]] | None = None
) -> bytes:
    """The whole bulletin; `pictures` holds the PNGs of each chart's sheets by the chart's key.

    `flow` is that of the PDF, whose pages the DOCX repeats, as Word can't let charts wait for the end of a page: which
    part of the text comes when, and at which scale. Left out, the parts come as they are written.
    The file's only date is the as-of day.
    Raises TypeError for a block that the DOCX has no form for.
    """
    word_file = docx_page.blank(document.watermark)
    office, words = measures.office_of(document), document.words
    text, annexes = measures.split_annexes(document)
    _write_opening(word_file, document, office)
    parts = measures.parts_of(text)
    flow = flow or [(place, 1.0) for place in range(len(parts))]
    for place, scale in flow:
        # the list of annexes is kept on one page with the end of the text
        stays = parts[place].leads or (place == flow[-1][0] and bool(annexes))
        _put(word_file, parts[place], pictures, "BodyText", words, stays, scale)
    _write_closing(word_file, annexes, office, words)
    for annex in annexes:
        label, name = measures.label_and_name(annex, words)
        _line(word_file, label, "附件").paragraph_format.page_break_before = True
        _line(word_file, name, "附件标题")
        for part in measures.parts_of(annex.blocks):
            _put(word_file, part, pictures, "附件正文", words)
    _write_imprint(word_file, office, words)
    return _save(word_file, document)


def _write_opening(word_file: File, document: Document, office: dict[str, str]) -> None:
    if document.masthead:
        masthead = _line(word_file, document.masthead, "红头")
        masthead.runs[0].font.size = Pt(measures.masthead_size(document.masthead))
        docx_page.rule(_line(word_file, office.get("number", ""), "文号"), "bottom", 1.6, "D7000F")
    _line(word_file, "", "BodyText")
    title = _line(word_file, "", "Title")
    for place, line in enumerate(measures.title_lines(document)):
        if place:
            title.add_run().add_break()
        title.add_run(line)
    _line(word_file, "", "BodyText")
    if "addressee" in office:
        _line(word_file, document.words("paper.addressee", name=office["addressee"]), "Normal")


def _write_closing(word_file: File, annexes: list[Annex], office: dict[str, str], words: Words) -> None:
    if annexes:
        _line(word_file, "", "BodyText").paragraph_format.keep_with_next = True
    for place, annex in enumerate(annexes, start=1):
        line = _line(word_file, measures.list_annex(annex, words, place), "BodyText")
        line.paragraph_format.keep_with_next = place < len(annexes)
        if place > 1:
            docx_page.first_line(line, characters=5)
    signed = [office[key] for key in ("signature", "signed_on") if key in office]
    if signed:
        _line(word_file, "", "BodyText")
        _line(word_file, "", "BodyText")
    widest = max(map(measures.width, signed), default=0)
    for entry in signed:
        line = _line(word_file, entry, "Normal")
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.keep_with_next = entry != signed[-1]
        # the date ends four characters from the right edge, the signature is centred above it
        line.paragraph_format.right_indent = Pt(16 * (4 + (widest - measures.width(entry)) / 2))
    for note in measures.notes_of(office, words):
        _line(word_file, note, "BodyText")


def _write_imprint(word_file: File, office: dict[str, str], words: Words) -> None:
    """At the foot of the last side of the last leaf, whatever the office adds before it (GB/T 9704-2012, 7.4)."""
    lines = measures.imprint(office, words)
    if not lines:
        return
    section = word_file.add_section(WD_SECTION.EVEN_PAGE)
    _line(word_file, "", "表后")
    # Word and LibreOffice place frames and floating tables differently, but a footer alike.
    footer = section.even_page_footer
    footer.is_linked_to_previous = False
    docx_page.element_of(footer.paragraphs[0]).addprevious(docx_table.imprint(lines, words))
    docx_page.page_number(footer, "left", below_text=True)


def _put(
    word_file: File,
    part: measures.Part,
    pictures: Mapping[str, list[bytes]],
    text_style: str,
    words: Words,
    stays_with_next: bool = False,
    scale: float = 1.0,
) -> None:
    match part.block:
        case Heading(level=level, runs=runs):
            _write(_line(word_file, "", f"Heading{level - 1}"), runs)
        case Paragraph(runs=runs):
            line = _line(word_file, "", text_style)
            _write(line, runs)
            line.paragraph_format.keep_with_next = stays_with_next or None
        case ListBlock() as block:
            line = _line(word_file, measures.list_mark(block, words, part.number), text_style)
            _write(line, block.items[part.number - 1])
            line.paragraph_format.keep_with_next = stays_with_next or None
        case Table() as block:
            if block.caption:
                _line(word_file, block.caption, "Caption")
            _add(word_file, docx_table.table(block, words, partial(docx_page.relate, word_file.part)))
            if block.note:
                _line(word_file, block.note, "TableNote")
        case ChartBlock():
            _add_picture(word_file, part, pictures, words, scale)
        case block:
            raise TypeError(
                f"the DOCX has no form for the block {type(block).__name__}; add it to reports/formats/paper/docx.py"
            )


def _line(word_file: File, words: str, style: str):
    # Given a style's name, python-docx searches all styles for every paragraph, so the id is set directly.
    line = word_file.add_paragraph(words)
    docx_page.element_of(line).style = style
    return line


def _write(line, runs: Runs) -> None:
    for run in runs:
        added = line.add_run(run.text)
        if face := measures.face_of(run):
            docx_page.set_face(added, docx_page.EMPHASIS[face])
        if run.link:
            docx_page.lead_to(added, run.link)


def _add(word_file: File, element) -> None:
    word_file.element.body.insert_element_before(element, "w:sectPr")
    # Word joins two tables that have no paragraph between them.
    _line(word_file, "", "表后")


def _add_picture(
    word_file: File, part: measures.Part, pictures: Mapping[str, list[bytes]], words: Words, scale: float
) -> None:
    chart = part.block.chart
    _, description = measures.sheet_of(part, words)
    run = _line(word_file, "", "图").add_run()
    width = round(docx_page.TEXT_WIDTH * scale)
    shape = run.add_picture(BytesIO(pictures[chart.key][part.number]), width=width)
    if shape.height > docx_page.TALLEST_PICTURE:
        shape.width = round(shape.width * docx_page.TALLEST_PICTURE / shape.height)
        shape.height = docx_page.TALLEST_PICTURE
    properties = run.element.find(f".//{qn('wp:docPr')}")
    properties.set("name", words("paper.chart", number=chart.number))
    properties.set("title", chart.headline)
    properties.set("descr", description)


def _save(word_file: File, document: Document) -> bytes:
    day = datetime.combine(document.as_of_on, time())
    about = word_file.core_properties
    about.title, about.author, about.last_modified_by = document.title, document.masthead or "", ""
    about.comments, about.language, about.subject = "", document.words("tag"), document.subtitle
    about.created = about.modified = about.last_printed = day
    about.revision = 1
    about.keywords = document.period  # `tongbao adopt` knows by it whose text the file edits
    raw, packed = BytesIO(), BytesIO()
    word_file.save(raw)
    # python-docx stamps every part with the present time, so the parts are packed again without one.
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = docx_page.rename_for(document, part.filename, source.read(part))
            target.writestr(zipfile.ZipInfo(part.filename), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
