"""Here the page over all bulletins of a home is made: one line a version, drafts and released, newest first.
The bulletins themselves stay out, and so does deciding which are released.
It hands the pipeline `index.html`, the same bytes for the same folders.
"""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from reports.figures.load import SYNTHETIC_LABEL
from reports.formats.html import page as html
from reports.release.freeze import list_versions
from reports.text import wording

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
    number: int  # of the released version; 0 is the draft
    formats: tuple[tuple[str, str, str], ...]  # name, address, size in words


def write(folder: Path) -> Path:
    """Writes <folder>/index.html over the drafts in it and the releases beside it; never half a page."""
    target = folder / "index.html"
    part = target.with_suffix(".part")
    part.write_text(page(folder), "utf-8", newline="\n")
    os.replace(part, target)
    return target


def page(folder: Path) -> str:
    """The index of every draft <folder>/<period>/ and every released <folder>/../releases/<period>/v<n>/.

    A folder without bulletin.html or a readable provenance.json is none of ours and is passed over.
    """
    drafts = [_version(path, path.name, 0) for path in folder.glob("*") if path.is_dir()]
    periods = [path for path in (folder.parent / "releases").glob("*") if path.is_dir()]
    versions = [
        _version(path, f"../releases/{period.name}/{path.name}", int(path.name[1:]))
        for period in periods
        for path in list_versions(period)
    ]
    found = [version for version in (*drafts, *versions) if version]
    # within a period the draft stands before its released versions, the newest of them first
    found.sort(key=lambda version: (version.starts_on, version.number == 0, version.number), reverse=True)
    groups = [(words, [v for v in found if v.kind == kind]) for kind, words in _KINDS.items()]
    title = f"{wording.listing(sorted({version.jurisdiction for version in found}))}政务服务运行情况通报"
    return html.fill_template(
        "index.html.j2", title=title, columns=_COLUMNS, groups=[(kind, each) for kind, each in groups if each]
    )


def _version(path: Path, address: str, number: int) -> Version | None:
    if not (path / "bulletin.html").is_file():
        return None
    try:
        record = json.loads((path / "provenance.json").read_text("utf-8"))
        about = json.loads((path / "release.json").read_text("utf-8")) if number else {}
        headline, as_of = record["headline"], date.fromisoformat(record["as_of_on"])
        name, kind, starts_on = record["name"], record["kind"], record["starts_on"]
        is_synthetic, is_complete, jurisdiction = (record[k] for k in ("is_synthetic", "is_complete", "jurisdiction"))
    except (OSError, ValueError, KeyError):
        return None
    state = f"已发布（v{number}）" if number else "草稿"
    if about.get("revised_figures"):
        state += f"，较{about['revises']}修订{about['revised_figures']}项"
    if is_synthetic:
        state += f"，{SYNTHETIC_LABEL}"
    return Version(
        jurisdiction=jurisdiction,
        name=name,
        kind=kind,
        address=quote(f"{address}/bulletin.html"),
        state=state,
        as_of=wording.day(as_of) + ("" if is_complete else "（未满期）"),
        cells=tuple(headline.get(column, wording.NO_VALUE) for column in _COLUMNS),
        starts_on=starts_on,
        number=number,
        formats=tuple(
            (kind.upper(), quote(f"{address}/bulletin.{kind}"), f"{-(-file.stat().st_size // 1024)}\u00a0KB")
            for kind in ("html", "pdf", "docx", "xlsx")
            if (file := path / f"bulletin.{kind}").is_file()
        ),
    )
