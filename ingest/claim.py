"""Which source a file of the landing folder belongs to, and which day it was exported.

Only names and paths are looked at; no file is opened. It hands on one `Claim` a file, claimed or not.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.contract import Contract, Export, Source

# Beside exports, but no export: the note that marks a folder of generated samples, and control files.
SYNTHETIC_MARKER = "样例说明.md"
_NOT_EXPORTS = re.compile(r"(^|/)[.~]|\.manifest\.json$|(^|/)" + re.escape(SYNTHETIC_MARKER) + "$")


@dataclass(frozen=True)
class Claim:
    """A file of the landing folder; `source` and `export` are None when `problem` says why nobody claims it.

    `covers_until`: the day in the path; the last day of the month when the path names a month only.
    """

    path: Path
    name: str
    source: Source | None
    export: Export | None
    covers_until: date | None
    problem: str | None = None


def claim(exports: Path, sources: list[Source]) -> list[Claim]:
    """A `Claim` for every file under `exports`, in order of their names."""
    globs = [
        (source, export, _as_regex(pattern))
        for source in sources
        for export in source.exports
        for pattern in export.files
    ]
    claims = []
    for path in sorted(exports.rglob("*")):
        name = path.relative_to(exports).as_posix()
        if not path.is_file() or _NOT_EXPORTS.search(name):
            continue
        found = list({id(export): (source, export) for source, export, glob in globs if glob.fullmatch(name)}.values())
        if len(found) == 1:
            source, export = found[0]
            claims.append(Claim(path, name, source, export, covers_until(name, export)))
        else:
            names = " and ".join(source.source for source, _ in found)
            problem = f"claimed by {names}: narrow one of their globs" if found else "no source's glob claims it"
            claims.append(Claim(path, name, None, None, None, problem))
    return claims


def covers_until(name: str, export: Export) -> date | None:
    """The last day that the file's rows cover, by the mapping's `date_in_path`; None without one."""
    found = re.search(export.date_in_path, name) if export.date_in_path else None
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in (*found.groups(), None)[:3])
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def last_day_covered(claims: list[Claim], contracts: dict[str, Contract]) -> date | None:
    """The last day that every continuous export covers, by the names of its files; None when there is none."""
    newest: dict[tuple[str, str], date] = {}
    for found in claims:
        if found.export and found.covers_until and contracts[found.export.dataset].is_continuous:
            key = (found.source.source, found.export.dataset)
            newest[key] = max(newest.get(key, date.min), found.covers_until)
    return min(newest.values(), default=None)


def _as_regex(glob: str) -> re.Pattern[str]:
    """`**/` matches any folders or none, `*` anything within one name."""
    parts = re.split(r"(\*\*/|\*|\?)", glob)
    return re.compile("".join({"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}.get(p, re.escape(p)) for p in parts))
