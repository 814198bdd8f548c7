"""Tells each condition once to each channel, and tells when it is over.

`tell_of_run` is called under the home's lock as a run ends; `tell` takes conditions that were found already. Both
return warnings, one for each channel that took nothing, which is tried again when a run ends next. `describe` says for
`status` where alerts go and what is open.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from dagster_project.alerts.channels import LINK, Channel, NotDelivered, read_channels
from dagster_project.alerts.conditions import OF_HOME, OF_RUN, Condition, find_of_home, find_of_run
from dagster_project.alerts.memory import Told, keep_memory, read_memory
from dagster_project.alerts.wording import title_of, write_message
from dagster_project.gate.lateness import find_today
from dagster_project.gate.verdict import RunVerdict, begin_verdict, newest_page, page_path
from dagster_project.warehouse.candidate import Candidate
from dagster_project.warehouse.damage import Damaged, read_published
from ingest.errors import MappingError
from ingest.jurisdiction.settings import load_jurisdiction
from ingest.mapping.load import load_sources
from reports.words.catalogue import Words, load_words

# Of these states a run says whether it failed; one that was stopped by a person, or rendered a draft, says nothing.
_DECIDED = ("published", "blocked", "failed")


@dataclass(frozen=True)
class Occasion:
    """What a message needs besides conditions: the county's name, the day, the page to look at, the words."""

    county: str
    today: date
    link: str
    words: Words


def tell_of_run(home: Path, folder: Path, verdict: RunVerdict) -> list[str]:
    """Tell what the ended run `verdict` and the home's state ask for. `folder`: of the jurisdiction.

    Whatever goes wrong in looking is a warning, because the run is over.
    """
    channels = read_channels(os.environ)
    if not channels:
        return []
    try:
        return _look_and_tell(home, folder, verdict, channels)
    except (OSError, duckdb.Error, Damaged, MappingError) as error:
        return [f"alerts could not be looked for ({type(error).__name__}); the run itself is not affected"]


def _look_and_tell(home: Path, folder: Path, verdict: RunVerdict, channels: Collection[Channel]) -> list[str]:
    jurisdiction = load_jurisdiction(folder)
    words, today = load_words(jurisdiction.language), find_today(jurisdiction.timezone)
    found, judged = [*find_of_run(verdict, words)], set(OF_RUN if verdict.state in _DECIDED else ())
    if (home / "build" / "candidate.duckdb").exists():
        opened = Candidate(home).connect()
    elif (home / "warehouse.duckdb").exists():
        opened = read_published(home / "warehouse.duckdb")
    else:
        opened = None
    if opened:
        with opened as connection:
            found += find_of_home(connection, home, jurisdiction, load_sources(folder), today)
        judged |= OF_HOME
    page = page_path(home, verdict.run_id)
    return tell(home, channels, found, judged, Occasion(jurisdiction.name, today, link_to(home, page), words))


def tell_of_refusal(home: Path, folder: Path, reason: str) -> list[str]:
    """Tell that a daily run did not begin, as that of one which failed; the caller holds the home's lock."""
    verdict = begin_verdict("")
    verdict.end("failed", reason)
    return tell_of_run(home, folder, verdict)


def link_to(home: Path, page: Path) -> str:
    """Address of a page of verdicts: below TONGBAO_ALERT_LINK, where a web server shows the home; else its path."""
    page = page if page.exists() else newest_page(home) or page.parent
    base = os.environ.get(LINK, "").rstrip("/")
    return f"{base}/{page.relative_to(home).as_posix()}" if base else str(page)


def tell(
    home: Path, channels: Collection[Channel], found: Iterable[Condition], judged: Collection[str], occasion: Occasion
) -> list[str]:
    """Tell every channel what is new to it and what is over; returns a warning for each that took nothing.

    `judged`: the kinds that were looked for, so that one of these kinds that wasn't found is over.
    """
    words, memory = occasion.words, read_memory(home)
    conditions = {condition.key: condition for condition in found}
    for key, condition in conditions.items():
        title = title_of(condition, words)
        told = memory.setdefault(key, Told(kind=condition.kind, title=title, since=occasion.today.isoformat()))
        told.is_over = False
    for key, told in memory.items():
        told.is_over = told.is_over or (told.kind in judged and key not in conditions)
    warnings = []
    for channel in channels:
        news = [condition for key, condition in conditions.items() if channel.name not in memory[key].channels]
        over = [told for told in memory.values() if told.is_over and channel.name in told.channels]
        if not news and not over:
            continue
        titles = [told.title for told in over]
        try:
            channel.send(write_message(occasion.county, news, titles, occasion.link, words))
        except NotDelivered as error:
            warnings.append(f"an alert was not delivered, and will be sent again when a run ends next: {error}")
            continue
        for condition in news:
            memory[condition.key].channels.append(channel.name)
        for told in over:
            told.channels.remove(channel.name)
    keep_memory(home, {key: told for key, told in memory.items() if _is_kept(told, channels)})
    return warnings


def _is_kept(told: Told, channels: Collection[Channel]) -> bool:
    """Whether it is still wrong, or a channel that is still set must be told that it is over."""
    return not told.is_over or bool({*told.channels} & {channel.name for channel in channels})


def describe(home: Path) -> Iterator[str]:
    """Lines for `status`: where alerts go, and each condition that is open."""
    channels = read_channels(os.environ)
    yield ", ".join(channel.name for channel in channels) or "nowhere: no TONGBAO_ALERT_… is set, so nothing is sent"
    for told in read_memory(home).values():
        if not told.is_over:
            yield f"{told.since}  {told.title}"
