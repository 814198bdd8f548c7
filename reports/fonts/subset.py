"""Cuts the static faces beside this file from the open fonts that README.md names: python subset.py path/to/sources

Takes a folder with the source files and writes a TTF for each line of FACES whose source is in it, the same bytes each
time. The smaller set of glyphs that one page embeds is cut in formats/html/webfont.py.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Face:
    """One face: its family and style, the file that it is cut from, and the version of that file."""

    family: str
    style: str
    source: str
    version: str

    @property
    def name(self) -> str:
        return f"{self.family.replace(' ', '')}-{self.style}"

    @property
    def weight(self) -> int:
        return 700 if self.style == "Bold" else 400


FACES = (
    Face("Noto Sans SC", "Regular", "NotoSansSC[wght].ttf", "2.004;ADBO"),
    Face("Noto Sans SC", "Bold", "NotoSansSC[wght].ttf", "2.004;ADBO"),
    Face("Noto Serif SC", "Regular", "NotoSerifSC_400Regular.ttf", "2.003-H1;GOOG"),
    Face("Noto Serif SC", "Bold", "NotoSerifSC_700Bold.ttf", "2.003-H1;GOOG"),
    # the licence reserves the name “LXGW” for the unchanged font
    Face("Tongbao WenKai", "Regular", "LXGWWenKai-Regular.ttf", "1.250"),
    Face("Tongbao FangSong", "Regular", "FandolFang-Regular.otf", "0.3"),
)


def code_points() -> set[int]:
    """ASCII, Latin-1, all of GB 2312 (6763 hanzi, kana, Greek, symbols), and further symbols that reports print."""
    wanted = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                wanted.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    blocks = [(0x2010, 0x2027), (0x2030, 0x203B), (0x2460, 0x2473), (0x3000, 0x301F), (0xFF01, 0xFF5E)]
    for first, last in blocks:
        wanted |= set(range(first, last + 1))
    return wanted | {ord(c) for c in "−≈≠≤≥±×÷√∞°℃→←↑↓■□▲△▼▽◆◇○◎●★☆✓〇€￥™"}


def make(source: Path, face: Face, target: Path) -> None:
    """Writes one static face, cut down and named so that programs find it by family and weight."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.layout_features = ["ccmp", "kern", "liga", "locl", "mark", "mkmk"]
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["vhea", "vmtx", "BASE"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=code_points())
    subsetter.subset(font)
    if "fvar" in font:
        font = instantiateVariableFont(font, {"wght": face.weight}, updateFontNames=False)
    if "CFF " in font:
        _draw_quadratic(font)
    # STAT lists the styles of the variable font; with it some systems call the face Thin
    if "STAT" in font:
        del font["STAT"]
    names = font["name"]
    names.names = [record for record in names.names if record.nameID <= 14 and record.langID == 0x409]
    for name_id, text in {
        1: face.family,
        2: face.style,
        3: f"{face.version};{face.name};subset",
        4: face.family if face.style == "Regular" else f"{face.family} {face.style}",
        6: face.name,
    }.items():
        names.setName(text, name_id, 3, 1, 0x409)
    is_bold = face.style == "Bold"
    font["OS/2"].usWeightClass = face.weight
    font["OS/2"].fsSelection = (0x20 if is_bold else 0x40) | (font["OS/2"].fsSelection & 0x80)
    font["head"].macStyle = int(is_bold)
    font.save(target)


def _draw_quadratic(font: TTFont) -> None:
    """Draws the glyphs of an OpenType font as TrueType has them, so that all faces are embedded alike."""
    glyphs, names = font.getGlyphSet(), font.getGlyphOrder()
    drawn = {}
    for name in names:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, max_err=2, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = names, drawn
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for limit in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
        "maxPoints",
        "maxContours",
        "maxCompositePoints",
        "maxCompositeContours",
        "maxComponentDepth",
    ):
        setattr(limits, limit, 0)
    font.sfntVersion = "\000\001\000\000"
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python subset.py path/to/sources (a folder with the files README.md names)")
    for face in FACES:
        if (source := Path(sys.argv[1]) / face.source).is_file():
            make(source, face, HERE / f"{face.name}.ttf")
            print(f"{face.name}.ttf")
