"""The page layout and the styles of the DOCX, by GB/T 9704-2012.

Returns an empty file with page size, margins, line grid, styles, page numbers and watermark. It names the fonts that
offices have installed and embeds none. docx.py writes the blocks of a document into the file.
"""

import re
from dataclasses import dataclass
from html import escape

import docx
from docx.document import Document as File
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.story import StoryPart
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from reports.document.model import Document

FANGSONG, BIAOSONG, HEITI, KAITI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
INK, LINE = "1B2733", "C7D3DF"
EMPHASIS = {"kai": KAITI, "hei": HEITI}  # as measures.face_of calls them
FACES = {"仿宋": FANGSONG, "小标宋": BIAOSONG, "黑体": HEITI, "楷体": KAITI}  # as jurisdiction.yaml calls them
TEXT_WIDTH = Mm(156)
TALLEST_PICTURE = Mm(210)  # of the 225 mm of a page, without the space around the picture
_BOTTOM, _FOOTER = Mm(35), Mm(23)
# Parts of python-docx's template that are of another file: the styles once more, by which Word may take the file for
# damaged, a picture of its first page, and data that nothing refers to.
_FOREIGN_PARTS = ("/stylesWithEffects", "/thumbnail", "/customXml")
CELL = "表文"
# twips, for 22 lines on 225 mm; exact line spacing would do the same, but Word crops charts under it
_LINE_PITCH = 579
# twentieths of a point, so that 28 characters of 16 pt fill 156 mm
_TRACKING = -5


def fonts(name: str) -> str:
    """One font for Latin and Chinese, as XML."""
    return "<w:rFonts " + " ".join(f'w:{kind}="{name}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs")) + "/>"


@dataclass(frozen=True)
class _Looks:
    font: str
    size: float = 16
    side: str = "both"
    colour: str = "000000"
    on_lines: bool = True
    indented: bool = False
    level: int | None = None  # in the navigation pane
    exact: int | None = None  # pt
    before: float = 0
    after: float = 0


_NAMES = {
    "BodyText": "Body Text",
    "Caption": "caption",
    "TableNote": "Table Note",
    **{f"Heading{n}": f"heading {n}" for n in (1, 2, 3)},
}
_DEFAULTS = (
    f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANGSONG)}<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    "</w:rPrDefault></w:docDefaults>"
)

# by style id
STYLES = {
    "Normal": _Looks(FANGSONG, side="left"),
    "Title": _Looks(BIAOSONG, 22, "center", on_lines=False, exact=36),
    "BodyText": _Looks(FANGSONG, indented=True),
    "Heading1": _Looks(HEITI, indented=True, level=0),
    "Heading2": _Looks(KAITI, indented=True, level=1),
    "Heading3": _Looks(FANGSONG, indented=True, level=2),
    "TableNote": _Looks(HEITI, 10, "left", INK, on_lines=False, before=4, after=6),
    "Caption": _Looks(HEITI, 12, "left", INK, on_lines=False, before=14, after=6),
    CELL: _Looks(FANGSONG, 10.5, "left", INK, on_lines=False, before=2.5, after=2.5),
    "表后": _Looks(FANGSONG, 6, "left", on_lines=False),
    "图": _Looks(FANGSONG, side="center", on_lines=False, before=10, after=10),
    "红头": _Looks(BIAOSONG, 46, "center", "D7000F", on_lines=False, before=60, after=20),
    "文号": _Looks(FANGSONG, side="center"),
    "附件": _Looks(HEITI, side="left"),
    "附件标题": _Looks(BIAOSONG, 22, "center", on_lines=False, level=0, exact=36, before=14, after=14),
    "附件正文": _Looks(FANGSONG, 12, indented=True, on_lines=False),
    "版记": _Looks(FANGSONG, 14, "left", on_lines=False, before=3, after=3),
    "页码": _Looks(FANGSONG, 14, "left", on_lines=False),
}


def blank(watermark: str | None) -> File:
    """An empty file with all styles; a `watermark` lies behind the text of every page."""
    word_file = docx.Document()
    # The styles of python-docx's template would win over these with blue headings and the theme's fonts.
    word_file.styles.element[:] = _xml(f"<w:styles>{_DEFAULTS}{''.join(map(_style, STYLES))}</w:styles>")
    for related in (word_file.part.rels, word_file.part.package.rels):
        for key in [key for key, each in related.items() if each.reltype.endswith(_FOREIGN_PARTS)]:
            del related[key]
    _page(word_file)
    section = word_file.sections[0]
    for side, footer, header in (
        ("right", section.footer, section.header),
        ("left", section.even_page_footer, section.even_page_header),
    ):
        page_number(footer, side)
        header.is_linked_to_previous = False
        element_of(header.paragraphs[0]).style = "页码"
        if watermark:
            element_of(header.paragraphs[0]).append(_watermark(watermark, f"watermark-{side}"))
    return word_file


def _page(word_file: File) -> None:
    section = word_file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), _BOTTOM
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), _FOOTER
    properties = word_file.element.body.sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    properties.append(_xml(f'<w:docGrid w:type="lines" w:linePitch="{_LINE_PITCH}"/>'))
    word_file.settings.odd_and_even_pages_header_footer = True


def _style(name: str) -> str:
    looks = STYLES[name]
    standing, base = "", '<w:basedOn w:val="Normal"/>'
    if name == "Normal":
        standing, base = ' w:default="1"', ""
    keep = "<w:keepNext/>" if looks.level is not None or name == "Caption" else ""
    # With Word's gap between Latin and Chinese a line would hold fewer than 28 characters.
    flow = '<w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
    snap = "" if looks.on_lines else '<w:snapToGrid w:val="0"/>'
    height = f'w:line="{looks.exact * 20}" w:lineRule="exact"' if looks.exact else 'w:line="240" w:lineRule="auto"'
    before, after = round(looks.before * 20), round(looks.after * 20)
    indent = f'<w:ind w:firstLineChars="200" w:firstLine="{round(looks.size * 40)}"/>' if looks.indented else ""
    level = "" if looks.level is None else f'<w:outlineLvl w:val="{looks.level}"/>'
    tracking = f'<w:spacing w:val="{_TRACKING}"/>' if looks.size == 16 else ""
    half_points = round(looks.size * 2)
    return (
        f'<w:style w:type="paragraph"{standing} w:styleId="{name}"><w:name w:val="{_NAMES.get(name, name)}"/>'
        f'{base}<w:qFormat/><w:pPr>{keep}{flow}{snap}<w:spacing w:before="{before}" w:after="{after}" {height}/>'
        f'{indent}<w:jc w:val="{looks.side}"/>{level}</w:pPr>'
        f'<w:rPr>{fonts(looks.font)}<w:color w:val="{looks.colour}"/>{tracking}'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>'
    )


def rename_for(document: Document, part: str, content: bytes) -> bytes:
    """A part of the file with the faces of this office, and with style names of its language."""
    if not part.endswith(".xml"):
        return content
    text = content.decode()
    pairs = [pair.split(" > ") for pair in document.words.list("docx.renamed")]
    for usual, own in [*pairs, *((FACES[face], name) for face, name in document.faces.items())]:
        text = text.replace(f'"{usual}"', f'"{escape(own)}"').replace(
            f"&quot;{usual}&quot;", f"&quot;{escape(own)}&quot;"
        )
    return text.encode()


def set_face(run: Run, name: str) -> None:
    """Sets a stretch of text in another face than its style's."""
    properties = run.element.get_or_add_rPr()
    properties.insert(0, _xml(fonts(name)))


def relate(part: StoryPart, address: str) -> str:
    """The id by which a part of the file knows an address outside of the file."""
    return part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)


def lead_to(run: Run, address: str) -> None:
    """Makes a stretch of text a link to an address outside of the file."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relate(run.part, address))
    run.element.addprevious(link)
    link.append(run.element)


def element_of(paragraph: Line) -> BaseOxmlElement:
    """The XML element of a paragraph; python-docx gives it out through the paragraph's format only."""
    return paragraph.paragraph_format.element


def rule(paragraph: Line, side: str, points: float, colour: str = "000000") -> None:
    """Draws a line above ("top") or below ("bottom") a paragraph, as wide as the text."""
    properties = element_of(paragraph).get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:tabs", "w:spacing", "w:ind", "w:jc")
    space = 4 if side == "bottom" else 2
    borders.append(_xml(f'<w:{side} w:val="single" w:sz="{points * 8:.0f}" w:space="{space}" w:color="{colour}"/>'))


def first_line(paragraph: Line, characters: int) -> None:
    """Indents the first line by so many characters of the text's size (16 pt)."""
    indent = element_of(paragraph).get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(characters * 320))


def _xml(text: str):
    return parse_xml(re.sub(r"^<[\w:]+", lambda tag: f"{tag[0]} {nsdecls('w')}", text))


def page_number(footer, side: str, below_text: bool = False) -> None:
    """Writes — 1 — into the footer's last paragraph, on `side` ("left" or "right").

    `below_text`: the footer's other lines end where the text area does, and the number keeps its usual distance below.
    """
    footer.is_linked_to_previous = False
    line = footer.paragraphs[-1]
    element_of(line).style = "页码"
    line.alignment = WD_ALIGN_PARAGRAPH[side.upper()]
    setattr(line.paragraph_format, f"{side}_indent", Pt(14))
    if below_text:
        line.paragraph_format.line_spacing = Pt(18)
        line.paragraph_format.space_before = _BOTTOM - _FOOTER - Pt(18)
    line.add_run("— ")
    element_of(line).append(_xml('<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
    line.add_run(" —")


def _watermark(text: str, name: str) -> object:
    width = TEXT_WIDTH.pt
    place = (
        "position:absolute;margin-left:0;margin-top:0;rotation:322;z-index:-251658752;mso-position-horizontal:center"
    )
    place += ";mso-position-horizontal-relative:margin;mso-position-vertical:center"
    place += f";mso-position-vertical-relative:margin;width:{width:.0f}pt;height:{width / len(text):.0f}pt"
    return parse_xml(
        f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136"'
        ' adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
        '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>'
        '<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
        '</v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="{name}" type="#_x0000_t136" alt="{escape(text)}" style="{place}" o:allowincell="f"'
        f' fillcolor="#{LINE}" stroked="f"><v:fill opacity=".45"/><v:textpath style="font-family:&quot;{HEITI}&quot;;'
        f'font-size:1pt" string="{escape(text)}"/></v:shape></w:pict></w:r>'
    )
