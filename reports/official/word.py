"""Here are the page and the styles of the DOCX: GB/T 9704-2012 under the fonts' names that offices have installed.
Blocks of a document stay out.
It hands docx an empty file with page, grid, styles, page numbers and watermark in place.
"""

from dataclasses import dataclass
from html import escape

import docx
from docx.document import Document as File
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

FANGSONG, BIAOSONG, HEITI, KAITI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
INK, INK2, LINE, MAIN = "1B2733", "4A5763", "C7D3DF", "12599C"
TEXT_WIDTH = Mm(156)
CELL = "表文"
# 22 lines on 225 mm, in twips; with exact line spacing Word would crop the charts
_PITCH = 579
# 28 characters of 16 pt on 156 mm, in twentieths of a point
_TRACKING = -5

_AFTER_GRID = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:snapToGrid", *_AFTER_GRID, "w:rPr", "w:sectPr")


@dataclass(frozen=True)
class _Looks:
    font: str
    size: float = 16
    side: str = "JUSTIFY"
    colour: str = "000000"
    bold: bool = False
    on_lines: bool = True
    indented: bool = False
    level: int | None = None  # in the navigation pane
    exact: float | None = None
    before: float = 0
    after: float = 0


_STYLES = {
    "Normal": _Looks(FANGSONG, side="LEFT"),
    "Title": _Looks(BIAOSONG, 22, "CENTER", on_lines=False, exact=36),
    "Subtitle": _Looks(KAITI, side="CENTER"),
    "Body Text": _Looks(FANGSONG, indented=True),
    "Heading 1": _Looks(HEITI, indented=True, level=0),
    "Heading 2": _Looks(KAITI, indented=True, level=1),
    "Heading 3": _Looks(FANGSONG, bold=True, indented=True, level=2),
    "Caption": _Looks(HEITI, 12, "LEFT", INK, on_lines=False, before=14, after=6),
    CELL: _Looks(FANGSONG, 10.5, "LEFT", INK, on_lines=False, before=2.5, after=2.5),
    "表后": _Looks(FANGSONG, 6, "LEFT", on_lines=False),
    "图": _Looks(FANGSONG, side="CENTER", on_lines=False, before=10, after=10),
    "红头": _Looks(BIAOSONG, 46, "CENTER", "D7000F", on_lines=False, before=60, after=20),
    "文号": _Looks(FANGSONG, side="CENTER"),
    "附件": _Looks(HEITI, side="LEFT"),
    "附件标题": _Looks(BIAOSONG, 22, "CENTER", on_lines=False, level=0, exact=36, before=14, after=14),
    "附件正文": _Looks(FANGSONG, 12, indented=True, on_lines=False),
    "版记": _Looks(FANGSONG, 14, "LEFT"),
    "页码": _Looks(FANGSONG, 14, "LEFT", on_lines=False),
}


def blank(watermark: str | None) -> File:
    """An empty file with all styles; `watermark` lies behind every page where it is given."""
    made = docx.Document()
    defaults = made.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:rPr')}")
    # a theme's font would win over a style's
    defaults.remove(defaults.find(qn("w:rFonts")))
    defaults.insert(0, _xml(fonts(FANGSONG)))
    defaults.find(qn("w:lang")).set(qn("w:eastAsia"), "zh-CN")
    for name, looks in _STYLES.items():
        _style(made, name, looks)
    _page(made)
    section = made.sections[0]
    for side, footer, header in (
        ("right", section.footer, section.header),
        ("left", section.even_page_footer, section.even_page_header),
    ):
        _page_number(made, footer, side)
        header.is_linked_to_previous = False
        if watermark:
            header.paragraphs[0]._p.append(_watermark(watermark, f"watermark-{side}"))
    return made


def _page(made: File) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(_xml(f'<w:docGrid w:type="lines" w:linePitch="{_PITCH}"/>'))
    made.settings.odd_and_even_pages_header_footer = True


def _style(made, name: str, looks: _Looks) -> None:
    known = {style.name for style in made.styles}
    style = made.styles[name] if name in known else made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    # what python-docx's template gives its headings: blue, borders, distances
    for old in (style.element.pPr, style.element.rPr):
        if old is not None:
            style.element.remove(old)
    if name != "Normal":
        style.base_style = made.styles["Normal"]
    style.hidden, style.quick_style = False, True
    style.font.size, style.font.bold = Pt(looks.size), looks.bold
    style.font.color.rgb = RGBColor.from_string(looks.colour)
    if looks.size == 16:
        style.element.rPr.insert_element_before(_xml(f'<w:spacing w:val="{_TRACKING}"/>'), "w:sz")
    style.element.rPr.insert(0, _xml(fonts(looks.font)))
    form = style.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH[looks.side]
    form.space_before, form.space_after = Pt(looks.before), Pt(looks.after)
    form.keep_with_next, form.widow_control = looks.level is not None or name == "Caption", False
    form.line_spacing = Pt(looks.exact) if looks.exact else 1.0
    if looks.indented:
        indent = style.element.pPr.get_or_add_ind()
        indent.set(qn("w:firstLineChars"), "200")
        indent.set(qn("w:firstLine"), str(int(looks.size * 40)))
    if looks.level is not None:
        style.element.pPr.append(_xml(f'<w:outlineLvl w:val="{looks.level}"/>'))
    if name == "Normal":
        # Word's gap between Latin and Chinese would break the 28 characters of a line
        for kind in ("autoSpaceDE", "autoSpaceDN"):
            style.element.pPr.insert_element_before(_xml(f'<w:{kind} w:val="0"/>'), *_AFTER_GRID)
    if not looks.on_lines:
        style.element.pPr.insert_element_before(_xml('<w:snapToGrid w:val="0"/>'), *_AFTER_GRID)


def fonts(name: str) -> str:
    """One font for Latin and Chinese, as XML."""
    return "<w:rFonts " + " ".join(f'w:{kind}="{name}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs")) + "/>"


def rule(paragraph, side: str, points: float, colour: str = "000000") -> None:
    """A line over or under a paragraph, as wide as the text."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    space = 4 if side == "bottom" else 2
    borders.append(_xml(f'<w:{side} w:val="single" w:sz="{points * 8:.0f}" w:space="{space}" w:color="{colour}"/>'))


def first_line(paragraph, characters: int) -> None:
    """Indents the first line by characters of the text's size (16 pt)."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(characters * 320))


def _xml(text: str):
    return parse_xml(
        text.replace(" ", f" {nsdecls('w')} ", 1) if " " in text else text.replace("/>", f" {nsdecls('w')}/>")
    )


def _page_number(made: File, footer, side: str) -> None:
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.style = made.styles["页码"]
    line.alignment = WD_ALIGN_PARAGRAPH[side.upper()]
    setattr(line.paragraph_format, f"{side}_indent", Pt(14))
    line.add_run("— ")
    for part in (
        '<w:fldChar w:fldCharType="begin"/>', '<w:instrText xml:space="preserve">PAGE</w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>', '<w:t xml:space="preserve">1</w:t>', '<w:fldChar w:fldCharType="end"/>',
    ):  # fmt: skip
        line.add_run()._r.append(_xml(part))
    line.add_run(" —")


def _watermark(text: str, name: str) -> object:
    width = TEXT_WIDTH.pt
    place = (
        "position:absolute;margin-left:0;margin-top:0;rotation:322;z-index:-251658752;mso-position-horizontal:center"
    )
    place += ";mso-position-horizontal-relative:margin;mso-position-vertical:center"
    place += f";mso-position-vertical-relative:margin;width:{width:.0f}pt;height:{width / len(text):.0f}pt"
    return parse_xml(
        f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136"'
        ' adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
        '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>'
        '<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
        '</v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="{name}" type="#_x0000_t136" alt="{escape(text)}" style="{place}" o:allowincell="f"'
        f' fillcolor="#{LINE}" stroked="f"><v:fill opacity=".45"/><v:textpath style="font-family:&quot;{HEITI}&quot;;'
        f'font-size:1pt" string="{escape(text)}"/></v:shape></w:pict></w:r>'
    )
