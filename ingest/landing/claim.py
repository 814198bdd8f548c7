"""Decides which source and export a file in the landing folder belongs to, and until which day its rows reach.

It compares the files' names with the globs of the mappings and returns a `Claim` for each dataset that a file feeds,
and one for a file that no source or more than one source claims. It opens no file.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ingest.landing.find import LandedFile, UnreadVerdict, find_files
from ingest.mapping.contract import Export, Source
from ingest.masks import mask_path

_Glob = tuple[Source, Export, str, re.Pattern[str]]
FileKey = tuple[str, str | None]
"""(path in the landing folder, dataset); the dataset is None if no export claims the file."""


@dataclass(frozen=True)
class Claim:
    """A file in the landing folder and an export that it belongs to: one claim a dataset that the file feeds.

    `source` and `export` are None if no source claims it. `covers_until`: the day in the path, the last day of the
    month if the path names only a month, else the day in its control file. `problem`: why it isn't read, and `verdict`
    its verdict in the ledger then. `globs`: the patterns of all mappings.
    """

    file: LandedFile
    source: Source | None
    export: Export | None
    covers_until: date | None
    problem: str | None = None
    verdict: UnreadVerdict | None = None
    globs: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Its path as it may be stored and printed; `file.name` is the path itself."""
        return mask_path(self.file.name, self.globs)

    @property
    def path(self) -> Path:
        return self.file.path

    @property
    def key(self) -> FileKey:
        """What tells the file's entry in the ledger from all others."""
        return self.name, self.export.dataset if self.export else None


def claim_files(exports: Path, sources: list[Source]) -> list[Claim]:
    """A `Claim` for every file under `exports`, and in its archives, in order of their names.

    A source may claim a file for several datasets, with an export for each.
    """
    globs = [
        (source, export, pattern, _compile_glob(pattern))
        for source in sources
        for export in source.exports
        for pattern in export.files
    ]
    patterns = frozenset(pattern for _, _, pattern, _ in globs)
    return [replace(claim, globs=patterns) for file in find_files(exports) for claim in _claim_file(file, globs)]


def _claim_file(file: LandedFile, globs: list[_Glob]) -> Iterator[Claim]:
    claimants = _find_claimants(globs, lambda _, regex: regex.fullmatch(file.name))
    if file.archive and not claimants:
        claimants = _find_claimants(globs, lambda _, regex: regex.fullmatch(file.archive))
    if file.verdict == "refused" and not claimants:
        # An archive that can't be opened belongs to the source that would claim its members.
        claimants = _find_claimants(globs, lambda glob, _: _reaches_into(glob, file.name))[:1]
    if file.verdict == "waiting":
        yield Claim(file, None, None, None, file.problem, "waiting")
        return
    is_of_one_source = len({source.source for source, _ in claimants}) == 1
    if not is_of_one_source or len({export.dataset for _, export in claimants}) < len(claimants):
        names = " and ".join(f"{source.source} ({export.dataset})" for source, export in claimants)
        problem = f"claimed by {names}: narrow one of their globs" if claimants else "no source's glob claims it"
        reason = f"{problem}; it {file.problem}" if file.problem else problem
        yield Claim(file, None, None, None, reason, "unclaimed")
        return
    stated = file.control.exported_on if file.control else None
    for source, export in claimants:
        yield Claim(file, source, export, find_date(file.name, export) or stated, file.problem, file.verdict)


def find_date(name: str, export: Export) -> date | None:
    """The last day that the file's rows cover, by the mapping's `date_in_path`; None if the name holds no date."""
    found = re.search(export.date_in_path, name) if export.date_in_path else None
    if not found:
        return None
    try:
        year, month, day = (int(part) if part else None for part in (*found.groups(), None)[:3])
        if year is None or month is None:
            return None
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def claims_name(glob: str, name: str) -> bool:
    """Whether `glob` claims the file of this name."""
    return _compile_glob(glob).fullmatch(name) is not None


def _find_claimants(
    globs: list[_Glob], claims: Callable[[str, re.Pattern[str]], object]
) -> list[tuple[Source, Export]]:
    # An export with two globs that match claims the file once.
    matches = {(source.source, export): source for source, export, *glob in globs if claims(*glob)}
    return [(source, export) for (_, export), source in matches.items()]


def _compile_glob(glob: str) -> re.Pattern[str]:
    """`**/` matches any folders or none, `*` anything within one name; case is ignored: *.csv matches 202201.CSV."""
    parts = re.split(r"(\*\*/|\*|\?)", glob)
    pattern = "".join({"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}.get(p, re.escape(p)) for p in parts)
    return re.compile(pattern, re.IGNORECASE)


def _reaches_into(glob: str, folder: str) -> bool:
    """Whether `glob` could claim something within `folder`."""
    parts = glob.split("/")
    return any(_compile_glob("/".join(parts[:end]) + "/").fullmatch(folder + "/") for end in range(1, len(parts)))
