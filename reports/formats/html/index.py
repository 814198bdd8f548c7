"""Writes the page that lists all bulletins of a home: one line a version, drafts and released ones, newest first.

Takes the folder of drafts, reads the folder of releases beside it, and writes index.html: the same bytes for the same
folders. It reads each bulletin's provenance.json and release.json, and no figures.
"""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from reports.figures import registry
from reports.formats.html.template import fill_template
from reports.words.catalogue import Words, load_words
from reports.words.wording import NO_VALUE

INDEX = "index.html"
EXPLORER = "explore.html"  # beside the index; explorer.py writes it
_KINDS = ("year", "half", "quarter", "month")
_HEADLINES = ("case_volume", "overdue_open", "evaluation_rate", "satisfaction")
_FORMATS = ("html", "pdf", "docx", "xlsx")


@dataclass(frozen=True)
class Version:
    """One rendered bulletin as the index lists it."""

    jurisdiction: str
    period: str
    name: str
    kind: str
    address: str
    state: str
    as_of: str
    words: Words
    headline: dict[str, tuple[str, str]]  # name and number as printed, by figure
    starts_on: str
    as_of_on: str
    is_complete: bool
    is_synthetic: bool
    number: int  # of the released version; 0 is the draft
    formats: tuple[tuple[str, str, str], ...]  # name, address, size in words


def write(folder: Path, staged: Path | None = None) -> Path:
    """Writes index.html into `staged`, else whole over the last one of `folder`, and returns its path."""
    target = (staged or folder) / INDEX
    unfinished = target.with_suffix(".part")
    unfinished.write_text(page(folder, staged), "utf-8", newline="\n")
    os.replace(unfinished, target)
    return target


def page(folder: Path, staged: Path | None = None, *, carries_glyphs: bool = True) -> str:
    """The index of every draft <folder>/<period>/ and every released <folder>/../releases/<period>/v<n>/.

    A draft in `staged`, which will replace that of `folder`, is listed in its stead. The explorer is linked if it lies
    in either. A folder without bulletin.html or a readable provenance.json is passed over: it is no bulletin. Without
    `carries_glyphs` it has no typeface, which takes nine tenths of the time, but says the same.
    """
    places = {path.name: path for drafts in (folder, staged) if drafts for path in drafts.glob("*")}
    drafts = [_read_version(path, period, 0) for period, path in places.items()]
    released = [
        _read_version(path, f"../releases/{path.parent.name}/{path.name}", int(path.name[1:]))
        for path in (folder.parent / "releases").glob("*/v*")
        if path.name[1:].isdecimal()
    ]
    versions = [version for version in (*drafts, *released) if version]
    # within a period the draft comes before its released versions, the newest of them first
    versions.sort(key=lambda version: (version.starts_on, version.number == 0, version.number), reverse=True)
    words = versions[0].words if versions else load_words("zh")
    groups = [(words(f"index.{kind}"), [version for version in versions if version.kind == kind]) for kind in _KINDS]
    jurisdictions = words.listing(sorted({version.jurisdiction for version in versions}))
    # the name that the newest version prints; a figure that none of them has needs no column
    columns = {
        figure: next(version.headline[figure][0] for version in versions if figure in version.headline)
        for figure in _HEADLINES
        if any(figure in version.headline for version in versions)
    }
    newest = _choose_newest(versions)
    shown_large = [printed for _, printed in newest.headline.values()] if newest else []
    return fill_template(
        "index.html.j2",
        carries_glyphs=carries_glyphs,
        bold=set("".join(shown_large)),
        words=words,
        title=words("index.title", jurisdictions=jurisdictions),
        columns=columns,
        newest=newest,
        first={version.period: version for version in reversed(versions)},
        explorer=EXPLORER if any((path / EXPLORER).is_file() for path in (folder, staged) if path) else "",
        missing=("", NO_VALUE),
        groups=[(title, of_kind) for title, of_kind in groups if of_kind],
    )


def _choose_newest(versions: list[Version]) -> Version | None:
    """The version shown first: of the longest period among the newest complete ones, and its last release if any."""
    complete = [version for version in versions if version.is_complete]
    newest = max((version.as_of_on for version in complete), default="")
    of_that_day = [version for version in complete if version.as_of_on == newest]
    longest = min((version.starts_on for version in of_that_day), default="")
    return max((v for v in of_that_day if v.starts_on == longest), key=lambda v: v.number, default=None)


def _describe_gap(words: Words, record: dict) -> str:
    """What of a period that isn't complete the data don't cover; KeyError for a record without `is_complete`."""
    if record["is_complete"]:
        return ""
    if record.get("data_from"):
        return words("index.data_from", day=words.day(date.fromisoformat(record["data_from"])))
    return words("index.not_over")


def _read_version(path: Path, address: str, number: int) -> Version | None:
    if not (path / "bulletin.html").is_file():
        return None
    try:
        record = json.loads((path / "provenance.json").read_text("utf-8"))
        release = json.loads((path / "release.json").read_text("utf-8")) if number else {}
        headline, as_of = record["headline"], date.fromisoformat(record["as_of_on"])
        name, kind, starts_on = record["name"], record["kind"], record["starts_on"]
        is_synthetic, jurisdiction = record["is_synthetic"], record["jurisdiction"]
        gap = _describe_gap(load_words(record.get("language", "zh")), record)
    except (OSError, ValueError, KeyError):
        return None
    # a bulletin of an older release doesn't say which figures its names mean: they are the registry's
    names = record.get("headline_names") or {entry.name: key for key, entry in registry.load().figures.items()}
    words = load_words(record.get("language", "zh"))
    return Version(
        jurisdiction=jurisdiction,
        period=path.parent.name if number else path.name,
        name=name,
        kind=kind,
        address=quote(f"{address}/bulletin.html"),
        state=_state(words, number, release, is_synthetic),
        as_of=words.day(as_of) + gap,
        words=words,
        headline={names[name]: (name, printed) for name, printed in headline.items() if name in names},
        starts_on=starts_on,
        as_of_on=record["as_of_on"],
        is_complete=record["is_complete"],
        is_synthetic=is_synthetic,
        number=number,
        formats=tuple(
            (suffix.upper(), quote(f"{address}/bulletin.{suffix}"), _size(file))
            for suffix in _FORMATS
            if (file := path / f"bulletin.{suffix}").is_file()
        ),
    )


def _state(words: Words, number: int, release: dict, is_synthetic: bool) -> str:
    state = words("index.released", number=number) if number else words("index.draft")
    if release.get("revised_figures"):
        state += words("index.revises", version=release["revises"], n=release["revised_figures"])
    return state + words("index.synthetic", label=words("synthetic")) if is_synthetic else state


def _size(file: Path) -> str:
    """In whole KB, rounded up."""
    return f"{-(-file.stat().st_size // 1024)}\u00a0KB"
