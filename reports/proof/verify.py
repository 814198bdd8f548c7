"""Compares a bulletin folder with a fresh rendering from the published warehouse, byte by byte, then number by number.

It takes the folder and renders the same period again into an empty one. It returns findings: which file, where, what
is printed and what should be. A file whose bytes differ is always a finding, so that nothing can be altered where no
reader of a format looks: hidden words, colours, number formats. Reading a format back belongs to printed.py, counting
figures again from the facts to verify_figures.py.
"""

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import duckdb

from reports.proof.edges import find_text_beyond_edges
from reports.proof.printed import Piece, read_printed
from reports.release.folder import find_altered_files, is_of_release, list_files, read_fonts, read_identity
from reports.release.freeze import describe_release, list_revisions
from reports.release.revised import read_revised_by
from reports.words.wording import NUMBER

# A line of a PDF may end between a number and its unit, and within the unit.
BROKEN_UNIT = re.compile(r"(?<=\d)(?:\n(?=[十百千万亿])|\n?个\n?百\n?分\n?点)")
_OTHER_BYTES = (
    "not the bytes of a fresh rendering, though the same words and numbers are read from it: altered where they aren't "
    "read, or saved by another program"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a file differs from a fresh rendering.

    `printed` is what the file holds, `expected` what a fresh rendering prints there ('' where the file says it all).
    """

    file: str
    place: str
    printed: str
    expected: str

    def __str__(self) -> str:
        said = f"{self.printed}, should be {self.expected}" if self.expected else self.printed
        return f"{self.file}, {self.place}: {said}"


def verify_folder(
    connection: duckdb.DuckDBPyConnection, folder: Path, jurisdiction: Path, fresh: Path, releases: Path
) -> list[Finding]:
    """Every difference between the bulletin in `folder` and one rendered into the empty folder `fresh`.

    Period, code version and the version of `releases` that it revises are those of folder/provenance.json. A released
    version must also match its SHA256SUMS. Raises render.MISTAKES, and ValueError where `folder` holds no bulletin.
    """
    from reports.render import render

    period, code_version = read_identity(folder)
    # in the fonts that it records: a font that was installed later makes no PDF false
    revised, fonts = read_revised_by(folder, releases), read_fonts(folder)
    render(connection, period, jurisdiction, fresh, code_version, revised, fonts)
    return [*compare_folders(folder, fresh), *compare_release(folder, releases), *_report_lost_text(fresh)]


def _report_lost_text(fresh: Path) -> list[Finding]:
    """What the fresh PDF sets beyond the edge of a page: nobody can read it, though its bytes are those expected."""
    name = "bulletin.pdf"
    return [
        Finding(name, f"page {page}", f"“{_shorten(''.join(texts))}” lies beyond the page's edge", "")
        for page, texts in find_text_beyond_edges((fresh / name).read_bytes()).items()
    ]


def compare_folders(folder: Path, fresh: Path) -> list[Finding]:
    """Every difference between the bulletin in `folder` and the one in `fresh`, file by file."""
    findings = [
        Finding(name, "whole file", "altered, added or lost since it was released", "")
        for name in find_altered_files(folder)
    ]
    names = list_files(fresh)
    for name in names:
        if not (folder / name).is_file():
            findings.append(Finding(name, "whole file", "missing", "rendered; run `tongbao bulletin` again"))
        elif (folder / name).read_bytes() != (fresh / name).read_bytes():
            findings += compare_files(name, (folder / name).read_bytes(), (fresh / name).read_bytes())
    extra = [name for name in list_files(folder) if name not in names and not is_of_release(name)]
    return findings + [Finding(name, "whole file", "not a file of this bulletin", "") for name in extra]


def compare_release(folder: Path, releases: Path) -> list[Finding]:
    """What a released version says of itself otherwise than its figures and the version before it do."""
    if not (folder / "release.json").is_file():
        return []
    record = json.loads((folder / "provenance.json").read_text("utf-8"))
    number = int(folder.name[1:]) if re.fullmatch(r"v[1-9]\d*", folder.name) else 0
    before = releases / record["revises"] if record.get("revises") else None
    findings, revisions = [], list_revisions(before, folder)
    for name, content in describe_release(folder, before, revisions, number, record.get("why") or "").items():
        if (folder / name).is_file() and (folder / name).read_bytes() != content:
            findings += compare_files(name, (folder / name).read_bytes(), content)
        elif not (folder / name).is_file():
            findings.append(Finding(name, "whole file", "missing", "in a version that revises another"))
    if before is None and (folder / "revisions.csv").exists():
        findings.append(Finding("revisions.csv", "whole file", "not a file of a version that revises none", ""))
    return findings


def compare_files(name: str, content: bytes, fresh_content: bytes) -> list[Finding]:
    """What one file prints otherwise than the fresh one, number by number, then picture by picture."""
    fresh = read_printed(name, fresh_content)
    try:
        own = read_printed(name, content)
    except Exception as error:  # each format's reader raises its own errors, and any of them means a damaged file
        return [Finding(name, "whole file", f"can't be read ({type(error).__name__})", "a file that opens")]
    findings = []
    for old, new in _pair_unequal(own.pieces, fresh.pieces):
        numbers = _compare_numbers(name, old, new)
        if numbers:
            findings += numbers
        else:
            place = (old or new)[0].place
            findings.append(Finding(name, place, _quote(old), _quote(new)))
    # If the words of a page differ, its drawing differs too; report the words alone, which say more.
    reported_places = {finding.place for finding in findings}
    for place in dict.fromkeys([*fresh.pictures, *own.pictures]):
        is_reported = place.removeprefix("drawing of ") in reported_places
        if own.pictures.get(place) != fresh.pictures.get(place) and not is_reported:
            findings.append(Finding(name, place, "not what a fresh rendering draws", ""))
    findings.sort(key=lambda finding: finding.place.startswith(("drawing", "font", "picture")))
    if not findings:
        findings.append(Finding(name, "whole file", _OTHER_BYTES, ""))
    return findings


def _pair_unequal(old: list[Piece], new: list[Piece]) -> list[tuple[list[Piece], list[Piece]]]:
    """Stretches of pieces whose texts differ, each with its counterpart; one of the two may be empty."""
    matcher = SequenceMatcher(None, [piece.text for piece in old], [piece.text for piece in new], autojunk=False)
    pairs = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "replace" and j - i == m - k:
            pairs += [([old[i + n]], [new[k + n]]) for n in range(j - i)]
        elif tag != "equal":
            pairs.append((old[i:j], new[k:m]))
    return pairs


def _compare_numbers(name: str, old: list[Piece], new: list[Piece]) -> list[Finding]:
    own, fresh = _list_numbers(old), _list_numbers(new)
    matcher = SequenceMatcher(None, [number for number, _ in own], [number for number, _ in fresh], autojunk=False)
    findings = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        printed = "、".join(number for number, _ in own[i:j]) or "no number"
        expected = "、".join(number for number, _ in fresh[k:m]) or "no number"
        near = own[i][1] if i < j else fresh[k][1]
        findings.append(Finding(name, near.place, f"“{_shorten(near.text)}” prints {printed}", expected))
    return findings


def _list_numbers(pieces: list[Piece]) -> list[tuple[str, Piece]]:
    return [(number, piece) for piece in pieces for number in NUMBER.findall(piece.text)]


def _quote(pieces: list[Piece]) -> str:
    return _shorten(" ".join(piece.text for piece in pieces)) or "nothing"


def _shorten(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
