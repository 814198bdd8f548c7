"""Here the two static faces beside this file are made from the variable Noto Sans SC.
Choosing fonts for a document stays out, and so does the still smaller subset that one bulletin embeds.
It hands on NotoSansSC-Regular.ttf and NotoSansSC-Bold.ttf: python subset.py 'path/to/NotoSansSC[wght].ttf'
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
FAMILY = "Noto Sans SC"
WEIGHTS = {"Regular": 400, "Bold": 700}
MAC_STYLE = {"Regular": 0, "Bold": 1}
FS_SELECTION = {"Regular": 0x40, "Bold": 0x20}


def code_points() -> set[int]:
    """ASCII, Latin-1, the whole of GB 2312 (6763 hanzi, kana, Greek, symbols) and what reports print besides."""
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


def make(source: Path, style: str, target: Path) -> None:
    """Writes one static weight, subset and renamed so that family + weight find it; the same bytes each time."""
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
    font = instantiateVariableFont(font, {"wght": WEIGHTS[style]}, updateFontNames=False)
    # what a variable font says of its styles: left in, some systems would still show the face as Thin
    del font["STAT"]
    names = font["name"]
    names.names = [record for record in names.names if record.nameID <= 14]
    for name_id, text in {
        1: FAMILY,
        2: style,
        3: f"2.004;ADBO;NotoSansSC-{style};subset",
        4: FAMILY if style == "Regular" else f"{FAMILY} {style}",
        6: f"NotoSansSC-{style}",
    }.items():
        names.setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = WEIGHTS[style]
    font["OS/2"].fsSelection = FS_SELECTION[style] | (font["OS/2"].fsSelection & 0x80)
    font["head"].macStyle = MAC_STYLE[style]
    font.save(target)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python subset.py 'path/to/NotoSansSC[wght].ttf'")
    for each in WEIGHTS:
        make(Path(sys.argv[1]), each, HERE / f"NotoSansSC-{each}.ttf")
