"""Here the page over all bulletins of a folder is made: one line a version, drafts and released, newest first.
The bulletins themselves stay out, and so does deciding which are released.
It hands the pipeline `index.html`, the same bytes for the same folders.
"""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from reports import html, wording
from reports.figures import SYNTHETIC_LABEL

_KINDS = {"year": "年度", "half": "半年", "quarter": "季度", "month": "月度"}
_COLUMNS = ("办件量", "超期未办", "好差评评价率", "群众满意度")


@dataclass(frozen=True)
class Version:
    """One rendered bulletin as the index lists it."""

    jurisdiction: str
    name: str
    kind: str
    address: str
    state: str
    as_of: str
    cells: tuple[str, ...]
    starts_on: str


def write(folder: Path) -> Path:
    """Writes <folder>/index.html over the bulletins in it; a reader never meets half a page."""
    target = folder / "index.html"
    part = target.with_suffix(".part")
    part.write_text(page(folder), "utf-8", newline="\n")
    os.replace(part, target)
    return target


def page(folder: Path) -> str:
    """The index of every <period>/ (a draft) and <period>/<version>/ (released) that holds a bulletin.

    A folder without bulletin.html or a readable provenance.json is none of ours and is passed over.
    """
    found = [version for path in sorted(folder.glob("**/provenance.json")) if (version := _version(folder, path))]
    # within a period the draft stands before its released versions, the newest of them first
    found.sort(key=lambda version: version.address, reverse=True)
    found.sort(key=lambda version: (version.starts_on, version.state == "草稿"), reverse=True)
    groups = [(words, [v for v in found if v.kind == kind]) for kind, words in _KINDS.items()]
    title = f"{wording.listing(sorted({version.jurisdiction for version in found}))}政务服务运行情况通报"
    return html.shell(
        "index.html.j2", "", title=title, columns=_COLUMNS, groups=[(kind, each) for kind, each in groups if each]
    )


def _version(folder: Path, path: Path) -> Version | None:
    bulletin = path.with_name("bulletin.html")
    parts = path.parent.relative_to(folder).parts
    if not bulletin.is_file() or not 1 <= len(parts) <= 2:
        return None
    try:
        record = json.loads(path.read_text("utf-8"))
        headline, as_of = record["headline"], date.fromisoformat(record["as_of_on"])
        name, kind, starts_on = record["name"], record["kind"], record["starts_on"]
        is_synthetic, is_complete, jurisdiction = (record[k] for k in ("is_synthetic", "is_complete", "jurisdiction"))
    except (ValueError, KeyError):
        return None
    state = "草稿" if len(parts) == 1 else f"已发布（{parts[1]}）"
    if is_synthetic:
        state += f"，{SYNTHETIC_LABEL}"
    return Version(
        jurisdiction=jurisdiction,
        name=name,
        kind=kind,
        address=quote("/".join((*parts, bulletin.name))),
        state=state,
        as_of=wording.day(as_of) + ("" if is_complete else "（未满期）"),
        cells=tuple(headline.get(column, wording.NO_VALUE) for column in _COLUMNS),
        starts_on=starts_on,
    )
