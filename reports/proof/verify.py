"""Here a bulletin folder is compared with what a fresh rendering from the published warehouse prints.
Reading a format stays out (printed.py), and so does counting figures again from the facts (verify_figures.py).
It hands the command line findings: which file, where, what is printed and what should be.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import duckdb

from reports.proof import printed
from reports.proof.printed import Piece
from reports.release import revised

SUMS = "SHA256SUMS"
# what a release adds to a rendering's files
OF_RELEASE = (SUMS, "release.json", "revisions.csv")
# digits with their sign and unit, and the shares that headlines say in words: 近九成
_NUMBER = re.compile(
    r"[+\-−]?\d[\d,]*(?:\.\d+)?(?:[十百千万亿]+)?(?:%|‰|个百分点)?|[一二两三四五六七八九十]+(?:成|倍|分之[一二三四五六七八九十]+)"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a file and a fresh rendering part; a fault, or words that an official edited in the DOCX."""

    file: str
    place: str
    stands: str
    due: str
    is_fault: bool = True

    def __str__(self) -> str:
        said = f"{self.file}, {self.place}: "
        if not self.is_fault:
            return f"{said}words edited, no number: “{self.stands}”, rendered as “{self.due}”"
        return said + (f"{self.stands}, should be {self.due}" if self.due else self.stands)


def folder(
    connection: duckdb.DuckDBPyConnection, target: Path, jurisdiction: Path, fresh: Path, releases: Path
) -> list[Finding]:
    """Every difference between the bulletin in `target` and one rendered into the empty folder `fresh`.

    Period, code version and the version of `releases` that it revises are those of target/provenance.json. A released
    version is held to its SHA256SUMS too. Raises render.MISTAKES, and ValueError where `target` is no bulletin folder.
    """
    from reports.render import render

    period, code_version = identity(target)
    render(connection, period, jurisdiction, fresh, code_version, revised.of(target, releases))
    return compared(target, fresh)


def compared(target: Path, fresh: Path) -> list[Finding]:
    """Every difference between the bulletin in `target` and the one in `fresh`, file by file."""
    found = altered_since_release(target)
    names = files(fresh)
    for name in names:
        if not (target / name).is_file():
            found.append(Finding(name, "whole file", "missing", "rendered; run `tongbao bulletin` again"))
        elif (target / name).read_bytes() != (fresh / name).read_bytes():
            found += differences(name, (target / name).read_bytes(), (fresh / name).read_bytes())
    extra = sorted(set(files(target)) - set(names) - set(OF_RELEASE))
    return found + [Finding(name, "whole file", "not a file of this bulletin", "") for name in extra]


def identity(target: Path) -> tuple[str, str]:
    """The period and the code version of a bulletin folder; ValueError where it says neither."""
    path = target / "provenance.json"
    try:
        record = json.loads(path.read_text("utf-8"))
        return str(record["period"]), str(record["code_version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} can't be read as a bulletin's ({type(error).__name__}); render it again: tongbao bulletin PERIOD"
        ) from None


def files(target: Path) -> list[str]:
    """The files of a folder, by their paths in it, in order."""
    return sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())


def altered_since_release(target: Path) -> list[Finding]:
    """The files of a released version that its SHA256SUMS doesn't bear out; none for a draft."""
    if not (target / SUMS).is_file():
        return []
    lines = (target / SUMS).read_text("utf-8").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    present = {name: hashlib.sha256((target / name).read_bytes()).hexdigest() for name in files(target) if name != SUMS}
    return [
        Finding(name, "whole file", "altered, added or lost since it was released", "")
        for name in sorted(sums.keys() | present.keys())
        if sums.get(name) != present.get(name)
    ]


def differences(name: str, stands: bytes, due: bytes) -> list[Finding]:
    """What one file prints otherwise than the fresh one, number by number, then picture by picture."""
    fresh = printed.read(name, due)
    try:
        own = printed.read(name, stands)
    except Exception as error:  # each reader has its own kinds, and any of them means a spoilt file
        return [Finding(name, "whole file", f"can't be read ({type(error).__name__})", "a file that opens")]
    is_edited_by_office = name.endswith(".docx")
    found = []
    for old, new in _unequal(own.pieces, fresh.pieces):
        numbers = _numbers(name, old, new)
        if numbers:
            found += numbers
        else:
            place = (old or new)[0].place
            found.append(Finding(name, place, _sentence(old), _sentence(new), is_fault=not is_edited_by_office))
    # where a page's words differ its drawing does too, and the words say more
    told = {finding.place for finding in found}
    for place in dict.fromkeys([*fresh.pictures, *own.pictures]):
        if own.pictures.get(place) != fresh.pictures.get(place) and place.removeprefix("drawing of ") not in told:
            found.append(Finding(name, place, "not what a fresh rendering draws", ""))
    found.sort(key=lambda finding: finding.place.startswith(("drawing", "font", "picture")))
    if not found and not name.endswith((".docx", ".xlsx")):  # which other programs may save again
        found.append(Finding(name, "whole file", "not the bytes of a fresh rendering, though it says the same", ""))
    return found


def _unequal(old: list[Piece], new: list[Piece]) -> list[tuple[list[Piece], list[Piece]]]:
    """Stretches of pieces whose texts differ, each with its counterpart; one of the two may be empty."""
    matcher = SequenceMatcher(None, [piece.text for piece in old], [piece.text for piece in new], autojunk=False)
    found = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "replace" and j - i == m - k:
            found += [([old[i + n]], [new[k + n]]) for n in range(j - i)]
        elif tag != "equal":
            found.append((old[i:j], new[k:m]))
    return found


def _numbers(name: str, old: list[Piece], new: list[Piece]) -> list[Finding]:
    def spread(pieces: list[Piece]) -> list[tuple[str, Piece]]:
        return [(number, piece) for piece in pieces for number in _NUMBER.findall(piece.text)]

    own, due = spread(old), spread(new)
    matcher = SequenceMatcher(None, [number for number, _ in own], [number for number, _ in due], autojunk=False)
    found = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        stands = "、".join(number for number, _ in own[i:j]) or "no number"
        should = "、".join(number for number, _ in due[k:m]) or "no number"
        near = own[i][1] if i < j else due[k][1]
        found.append(Finding(name, near.place, f"“{_shortened(near.text)}” prints {stands}", should))
    return found


def _sentence(pieces: list[Piece]) -> str:
    return _shortened(" ".join(piece.text for piece in pieces)) or "nothing"


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
