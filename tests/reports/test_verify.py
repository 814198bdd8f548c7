"""Alters a rendered folder, one number or picture at a time in each format; `verify` must name the alteration.

Rendering is tested beside each format, and counting from the facts in tests/end_to_end/test_verify.py.
"""

import random
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from reports.formats.paper.pdf import PrintError
from reports.proof.verify import compare_files, compare_folders, verify_folder
from reports.release.folder import list_files, read_identity
from tests.reports.altered_pdf import first_number, in_first_page
from tests.reports.conftest import LINGWU

MOST = 2_000  # alterations in all; a PDF is read in half a second, a picture at once
ALTERATIONS = {
    "bulletin.docx": 300,
    "bulletin.xlsx": 300,
    "bulletin.html": 200,
    "bulletin.pdf": 20,
    "figures.csv": 400,
    "provenance.json": 400,
}


def altered(path: Path, change: Callable[[bytes], bytes]) -> None:
    before = path.read_bytes()
    after = change(before)
    assert after != before
    path.write_bytes(after)


def once(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content, old
        return content.replace(old.encode(), new.encode(), 1)

    return change


def in_part(part: str, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The change made to one part of a DOCX or XLSX; other parts as they were."""

    def rewritten(content: bytes) -> bytes:
        made = BytesIO()
        with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
            for entry in source.infolist():
                data = source.read(entry)
                target.writestr(entry.filename, change(data) if entry.filename == part else data)
        return made.getvalue()

    return rewritten


def faults(draft: Path, rendered: Path) -> list[tuple[str, str, str]]:
    return [(finding.file, finding.printed, finding.expected) for finding in compare_folders(draft, rendered)]


def list_parts(name: str, content: bytes) -> list[str]:
    """The parts of a DOCX or XLSX that hold XML; none for other files."""
    if not name.endswith((".docx", ".xlsx")):
        return []
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return [part for part in parts.namelist() if part.endswith(".xml")]


def alter_at_random(content: bytes, parts: list[str], chance: random.Random) -> bytes:
    """A byte or a digit changed, a stretch doubled or deleted; within one of `parts` where there are any."""

    def change(data: bytes) -> bytes:
        place, length = chance.randrange(len(data)), chance.randrange(1, 40)
        kinds = (
            lambda: data[:place] + bytes([data[place] ^ chance.randrange(1, 256)]) + data[place + 1 :],
            lambda: data[:place] + data[place : place + length] + data[place:],
            lambda: data[:place] + data[place + length :],
            lambda: re.sub(rb"\d", lambda digit: b"%d" % (9 - int(digit[0])), data[place:], count=1),
        )
        made = chance.choice(kinds)()
        return made if made != data else data + b" "

    return in_part(chance.choice(parts), change)(content) if parts else change(content)


def test_an_untouched_folder_has_no_finding(draft, filled, tmp_path):
    assert verify_folder(filled, draft, LINGWU, tmp_path / "fresh", tmp_path / "releases") == []


@pytest.mark.parametrize(
    ("name", "change", "printed", "due"),
    [
        ("bulletin.html", once(">34.9万</button>件，", ">34.8万</button>件，"), "34.8万", "34.9万"),
        ("bulletin.html", once("value=349200", "value=349201"), "349201", "349200"),
        ("bulletin.html", once("<th>郝家桥镇", "<th>郝家桥镇9"), "9", "no number"),
        ("bulletin.docx", in_part("word/document.xml", once("34.9万", "34.9亿")), "34.9亿", "34.9万"),
        ("bulletin.docx", in_part("word/document.xml", once("405", "305")), "305", "405"),
        ("bulletin.xlsx", in_part("xl/worksheets/sheet1.xml", once(">349200<", ">349300<")), "349300", "349200"),
        ("bulletin.xlsx", in_part("xl/worksheets/sheet6.xml", once(">306000<", ">306001<")), "306001", "306000"),
        ("bulletin.pdf", first_number, "43.9万", "34.9万"),
        ("figures.csv", once("True,349200.0,", "True,349209.0,"), "349209.0", "349200.0"),
        ("provenance.json", once('"rows_loaded": 990', '"rows_loaded": 999'), "999", "990"),
    ],
)
def test_one_altered_number_is_found_and_named(draft, rendered, name, change, printed, due):
    altered(draft / name, change)
    found = faults(draft, rendered)
    assert {file for file, _, _ in found} == {name}
    assert any(stands.endswith(f"prints {printed}") and should == due for _, stands, should in found), found


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("charts/town_overdue.svg", once("<path", "<path ")),
        ("charts/town_overdue.png", lambda content: content[:-20] + bytes([content[-20] ^ 1]) + content[-19:]),
        ("bulletin.docx", in_part("word/media/image2.png", lambda content: content + b"0")),
        ("bulletin.html", once("<svg class=narrow", "<svg class=narrow opacity=0")),
        ("bulletin.pdf", in_first_page(lambda page: page + b"\n0 0 m 9 9 l S\n")),
    ],
)
def test_an_altered_picture_is_found(draft, rendered, name, change):
    altered(draft / name, change)
    assert {(file, stands) for file, stands, _ in faults(draft, rendered)} == {
        (name, "not what a fresh rendering draws")
    }


def test_words_edited_in_the_docx_are_found_and_quoted(draft, rendered):
    altered(draft / "bulletin.docx", in_part("word/document.xml", once("总体运行情况", "总的运行情况")))
    (finding,) = compare_folders(draft, rendered)
    assert str(finding).startswith("bulletin.docx, ")
    assert "总的运行情况" in finding.printed and "总体运行情况" in finding.expected


RUN = "<w:r><w:t>"
FORMS = {  # ways to print, hide or reword something that a reader of text alone doesn't see
    "a symbol": once(RUN, '<w:r><w:sym w:font="Wingdings" w:char="F038"/></w:r><w:r><w:t>'),
    "hidden words": once(RUN, "<w:r><w:rPr><w:vanish/></w:rPr><w:t>"),
    "white words": once(RUN, '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>'),
    "struck words": once(RUN, "<w:r><w:rPr><w:strike/></w:rPr><w:t>"),
    "numbering text": once('<w:pStyle w:val="BodyText"/>', '<w:pStyle w:val="BodyText"/><w:numPr/>'),
    "an endnote": once(RUN, '<w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:t>'),
    "another document": once("<w:sectPr", '<w:altChunk r:id="rId99"/><w:sectPr'),
    "a drawn box": once(RUN, '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"/></w:pict></w:r>' + RUN),
    "a direction": once("同比下降", "同比增长"),
    "a row's name": once("崇兴镇", "临河镇"),
    "a cropped picture": once("<a:stretch>", '<a:srcRect b="50000"/><a:stretch>'),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_text_alone_does_not_show_is_found_in_the_docx(draft, rendered, form):
    altered(draft / "bulletin.docx", in_part("word/document.xml", FORMS[form]))
    assert {file for file, _, _ in faults(draft, rendered)} == {"bulletin.docx"}


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/styles.xml", once("下降", "增长")),
        ("xl/worksheets/sheet1.xml", once('<row r="5"', '<row hidden="1" r="5"')),
        ("xl/worksheets/sheet1.xml", once("<v>349200</v>", "<f>349200+1</f><v>349200</v>")),
        ("xl/worksheets/sheet1.xml", once("&amp;C— &amp;P —", "&amp;C305")),
    ],
)
def test_what_cells_alone_do_not_show_is_found_in_the_workbook(draft, rendered, part, change):
    altered(draft / "bulletin.xlsx", in_part(part, change))
    assert {file for file, _, _ in faults(draft, rendered)} == {"bulletin.xlsx"}


def test_a_watermark_taken_out_is_found(draft, rendered):
    with zipfile.ZipFile(draft / "bulletin.docx") as parts:
        header = next(name for name in parts.namelist() if re.match(r"word/header\d", name))
    altered(
        draft / "bulletin.docx", in_part(header, lambda part: re.sub(rb"<w:pict.*?</w:pict>", b"", part, flags=re.S))
    )
    assert {file for file, _, _ in faults(draft, rendered)} == {"bulletin.docx"}


def test_random_alterations_of_every_file_are_found(rendered):
    chance = random.Random(20220823)
    pictures = [name for name in list_files(rendered) if name.startswith("charts/")]
    names = [name for name, times in ALTERATIONS.items() for _ in range(times)]
    names += chance.choices(pictures, k=MOST - len(names))
    contents = {name: (rendered / name).read_bytes() for name in {*names}}
    parts = {name: list_parts(name, content) for name, content in contents.items()}
    for number, name in enumerate(names):
        altered_content = alter_at_random(contents[name], parts[name], chance)
        assert compare_files(name, altered_content, contents[name]), (number, name)


def test_words_edited_in_what_nobody_edits_are_a_fault(draft, rendered):
    altered(draft / "bulletin.html", once("同比下降", "同比增长"))
    ((name, stands, due),) = faults(draft, rendered)
    assert name == "bulletin.html" and "同比增长" in stands and "同比下降" in due


def test_lost_strange_and_spoilt_files_are_found(draft, rendered):
    (draft / "bulletin.pdf").unlink()
    (draft / "bulletin.xlsx").write_bytes(b"PK")
    (draft / "charts" / "old.svg").write_text("<svg/>", "utf-8")
    assert [(file, stands.split(" (")[0]) for file, stands, _ in faults(draft, rendered)] == [
        ("bulletin.pdf", "missing"),
        ("bulletin.xlsx", "can't be read"),
        ("charts/old.svg", "not a file of this bulletin"),
    ]


def test_a_folder_is_compared_in_the_fonts_that_it_records(draft, filled, tmp_path):
    altered(draft / "provenance.json", once('"fonts": []', '"fonts": [\n  "STHeiti"\n ]'))
    with pytest.raises(PrintError, match="set in STHeiti"):
        verify_folder(filled, draft, LINGWU, tmp_path / "fresh", tmp_path / "releases")


def test_a_folder_that_is_no_bulletin_is_refused_in_words(tmp_path):
    with pytest.raises(ValueError, match=r"provenance\.json can't be read.*tongbao bulletin"):
        read_identity(tmp_path)
