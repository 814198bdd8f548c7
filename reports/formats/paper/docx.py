"""Here a document becomes a DOCX in the official layout, for the office to edit before it issues it.
Page, styles and watermark stay out (official/word.py), so do tables' XML (official/word_table.py) and all words.
It hands render the file's bytes, the same for the same document.
"""

import zipfile
from collections.abc import Mapping
from datetime import datetime, time
from io import BytesIO

from docx.document import Document as File
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

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
from reports.formats.paper import layout as official
from reports.formats.paper import word, word_table

# pixels to the px of a chart that is 640 px wide: 300 dpi on 156 mm
PICTURE_SCALE = 300 * word.TEXT_WIDTH.inches / 640


def file(document: Document, pictures: Mapping[str, bytes]) -> bytes:
    """The whole bulletin; `pictures` holds each chart's PNG by the chart's key. Its only date is the as-of day."""
    made = word.blank(document.watermark)
    office = dict(document.metadata)
    annexes = [block for block in document.blocks if isinstance(block, Annex)]
    _opening(made, document, office)
    for block in document.blocks:
        if not isinstance(block, Annex):
            _put(made, block, pictures, "BodyText")
    _closing(made, annexes, office)
    for annex in annexes:
        label, name = official.label_and_name(annex)
        _line(made, label, "附件").paragraph_format.page_break_before = True
        _line(made, name, "附件标题")
        for block in annex.blocks:
            _put(made, block, pictures, "附件正文")
    _imprint(made, office)
    return _saved(made, document)


def _opening(made: File, document: Document, office: dict[str, str]) -> None:
    if document.masthead:
        masthead = _line(made, document.masthead, "红头")
        masthead.runs[0].font.size = Pt(official.masthead_size(document.masthead))
        word.rule(_line(made, office.get("文号", ""), "文号"), "bottom", 1.6, "D7000F")
    _line(made, "", "BodyText")
    title = _line(made, "", "Title")
    for place, line in enumerate(official.title_lines(document)):
        if place:
            title.add_run().add_break()
        title.add_run(line)
    _line(made, document.subtitle, "Subtitle")
    _line(made, "", "BodyText")
    if "主送" in office:
        _line(made, f"{office['主送']}：", "Normal")


def _closing(made: File, annexes: list[Annex], office: dict[str, str]) -> None:
    if annexes:
        _line(made, "", "BodyText").paragraph_format.keep_with_next = True
    for place, annex in enumerate(annexes, start=1):
        name = official.label_and_name(annex)[1]
        line = _line(made, f"附件：{place}．{name}" if place == 1 else f"{place}．{name}", "BodyText")
        line.paragraph_format.keep_with_next = place < len(annexes)
        if place > 1:
            word.first_line(line, characters=5)
    signed = [office[key] for key in ("署名", "成文日期") if key in office]
    if signed:
        _line(made, "", "BodyText")
        _line(made, "", "BodyText")
    widest = max(map(official.width, signed), default=0)
    for words in signed:
        line = _line(made, words, "Normal")
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.keep_with_next = words != signed[-1]
        # the date stands four characters from the right, the signature over its middle
        line.paragraph_format.right_indent = Pt(16 * (4 + (widest - official.width(words)) / 2))


def _imprint(made: File, office: dict[str, str]) -> None:
    """At the foot of the last side of the last leaf, whatever the office adds before it (GB/T 9704-2012, 7.4)."""
    lines = official.imprint(office)
    if not lines:
        return
    section = made.add_section(WD_SECTION.EVEN_PAGE)
    _line(made, "", "表后")
    # programs place frames and floating tables each in their own way, a footer all alike
    footer = section.even_page_footer
    footer.is_linked_to_previous = False
    footer.paragraphs[0]._p.addprevious(word_table.imprint(lines))
    word.page_number(footer, "left", below_text=True)


def _put(made: File, block: Block, pictures: Mapping[str, bytes], text_style: str) -> None:
    match block:
        case Heading():
            _write(_line(made, "", f"Heading{block.level - 1}"), block.runs)
        case Paragraph():
            _write(_line(made, "", text_style), block.runs)
        case ListBlock():
            for place, item in enumerate(block.items, start=1):
                line = _line(made, official.list_mark(block, place), text_style)
                _write(line, item)
        case Table():
            if block.caption:
                _line(made, block.caption, "Caption")
            _add(made, word_table.table(block))
            if block.note:
                _line(made, block.note, "TableNote")
        case KpiStrip():
            _line(made, "", "表后")
            _add(made, word_table.tiles(block))
        case ChartBlock():
            _picture(made, block, pictures)
        case _:
            raise TypeError(f"the DOCX has no form for the block {type(block).__name__}")


def _line(made: File, words: str, style: str):
    # by name, python-docx would look through all styles for every paragraph
    line = made.add_paragraph(words)
    line._p.style = style
    return line


def _write(line, runs: Runs) -> None:
    for run in runs:
        added = line.add_run(run.text)
        if run.strong:
            added.bold = True


def _add(made: File, element) -> None:
    made.element.body.insert_element_before(element, "w:sectPr")
    # without a line between them Word joins two tables
    _line(made, "", "表后")


def _picture(made: File, block: ChartBlock, pictures: Mapping[str, bytes]) -> None:
    chart = block.chart
    shape = _line(made, "", "图").add_run().add_picture(BytesIO(pictures[chart.key]), width=word.TEXT_WIDTH)
    properties = shape._inline.docPr
    properties.set("name", f"图{chart.number}")
    properties.set("title", chart.headline)
    properties.set("descr", chart.alt)


def _saved(made: File, document: Document) -> bytes:
    day = datetime.combine(document.as_of_on, time())
    about = made.core_properties
    about.title, about.author, about.last_modified_by = document.title, document.masthead or "", ""
    about.comments, about.language, about.subject = "", "zh-CN", document.subtitle
    about.created = about.modified = about.last_printed = day
    about.revision = 1
    raw, packed = BytesIO(), BytesIO()
    made.save(raw)
    # python-docx stamps every part with the present time
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            target.writestr(zipfile.ZipInfo(part.filename), source.read(part), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
