"""Which source a file of the landing folder belongs to, and which day it was exported.

Only names and paths are looked at; no file is opened. It hands on one `Claim` a file, claimed or not.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.landing.find import SYNTHETIC_MARKER as SYNTHETIC_MARKER
from ingest.landing.find import Found, Verdict, find
from ingest.mapping.contract import Contract, Export, Source

_Glob = tuple[Source, Export, str, re.Pattern[str]]


@dataclass(frozen=True)
class Claim:
    """A file of the landing folder; `problem` says why it isn't read, and `verdict` what it is then in the ledger.

    `source` and `export` are None when nobody claims it. `covers_until`: the day in the path, the last day of the
    month when the path names a month only, else the day in its control file.
    """

    found: Found
    source: Source | None
    export: Export | None
    covers_until: date | None
    problem: str | None = None
    verdict: Verdict | None = None

    @property
    def name(self) -> str:
        return self.found.name

    @property
    def path(self) -> Path:
        return self.found.path


def claim(exports: Path, sources: list[Source]) -> list[Claim]:
    """A `Claim` for every file under `exports`, and in its archives, in order of their names."""
    globs = [
        (source, export, pattern, _as_regex(pattern))
        for source in sources
        for export in source.exports
        for pattern in export.files
    ]
    return [_claim(found, globs) for found in find(exports)]


def _claim(found: Found, globs: list[_Glob]) -> Claim:
    claimants = _claimants(globs, lambda _, regex: regex.fullmatch(found.name))
    if found.archive and not claimants:
        claimants = _claimants(globs, lambda _, regex: regex.fullmatch(found.archive))
    if found.verdict == "refused" and not claimants:
        # an archive that can't be opened is an error of the source that would claim what is in it
        claimants = _claimants(globs, lambda glob, _: _reaches_into(glob, found.name))[:1]
    if found.verdict == "waiting":
        return Claim(found, None, None, None, found.problem, "waiting")
    if len(claimants) != 1:
        names = " and ".join(source.source for source, _ in claimants)
        problem = f"claimed by {names}: narrow one of their globs" if claimants else "no source's glob claims it"
        said = f"{problem}; it {found.problem}" if found.problem else problem
        return Claim(found, None, None, None, said, "unclaimed")
    ((source, export),) = claimants
    stated = found.control.exported_on if found.control else None
    return Claim(found, source, export, covers_until(found.name, export) or stated, found.problem, found.verdict)


def covers_until(name: str, export: Export) -> date | None:
    """The last day that the file's rows cover, by the mapping's `date_in_path`; None without one."""
    found = re.search(export.date_in_path, name) if export.date_in_path else None
    if not found:
        return None
    try:
        year, month, day = (int(part) if part else None for part in (*found.groups(), None)[:3])
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


def _claimants(globs: list[_Glob], claims: Callable[[str, re.Pattern[str]], object]) -> list[tuple[Source, Export]]:
    return list({id(export): (source, export) for source, export, *glob in globs if claims(*glob)}.values())


def _as_regex(glob: str) -> re.Pattern[str]:
    """`**/` matches any folders or none, `*` anything within one name; 202201.CSV is matched by *.csv."""
    parts = re.split(r"(\*\*/|\*|\?)", glob)
    pattern = "".join({"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}.get(p, re.escape(p)) for p in parts)
    return re.compile(pattern, re.IGNORECASE)


def _reaches_into(glob: str, folder: str) -> bool:
    """Whether `glob` could claim something within `folder`."""
    parts = glob.split("/")
    return any(_as_regex("/".join(parts[:end]) + "/").fullmatch(folder + "/") for end in range(1, len(parts)))
