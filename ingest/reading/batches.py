"""Decodes new files ahead of DuckDB and groups those that one SQL statement can read.

It takes claims and yields, in their order, groups of files of one export with one layout, and the files that could not
be read with the reason. It writes only decoded copies into a scratch folder. Rows aren't judged here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import Refused
from ingest.landing.claim import Claim
from ingest.mapping.load import load_contracts
from ingest.reading.compare import Layout, compare_header
from ingest.reading.decode import Decoded, decode_file

_GROUP_BYTES = 96 << 20
_AHEAD = 8


@dataclass(frozen=True)
class FileGroup:
    """Files of one export with one layout."""

    files: list[Decoded]
    layout: Layout


@dataclass(frozen=True)
class Unreadable:
    """A file that is no table such as its mapping declares; `decoded` is None if not even decoding was possible."""

    claim: Claim
    decoded: Decoded | None
    problem: Refused


def group_files(claims: list[Claim], scratch: Path) -> Iterator[FileGroup | Unreadable]:
    """The files of `claims` in their order, in groups of at most 96 MB decoded; copies are in `scratch`."""
    group: list[Decoded] = []
    group_size, group_layout = 0, None
    for outcome in _decode_ahead(claims, scratch):
        if isinstance(outcome, Unreadable):
            yield outcome
            continue
        file, layout = outcome
        size = file.path.stat().st_size
        is_other = group and (file.claim.export is not group[0].claim.export or layout != group_layout)
        if is_other or (group and group_size + size > _GROUP_BYTES):
            yield FileGroup(group, group_layout)
            group, group_size = [], 0
        group.append(file)
        group_layout, group_size = layout, group_size + size
    if group:
        yield FileGroup(group, group_layout)


def _decode_ahead(claims: list[Claim], scratch: Path) -> Iterator[tuple[Decoded, Layout] | Unreadable]:
    """Decode and compare each file in a second thread, a few files ahead of those that DuckDB reads."""

    def decode_claim(place: int) -> tuple[Decoded, Layout] | Unreadable:
        claim, decoded, target = claims[place], None, scratch / f"{place}.csv"
        try:
            decoded = decode_file(claim, target)
            return decoded, compare_header(decoded.header, load_contracts()[claim.export.dataset], claim.export)
        except Refused as problem:
            target.unlink(missing_ok=True)
            return Unreadable(claim, decoded, problem)

    with ThreadPoolExecutor(max_workers=1) as decoder:
        waiting = deque(decoder.submit(decode_claim, place) for place in range(min(_AHEAD, len(claims))))
        for place in range(len(claims)):
            if place + _AHEAD < len(claims):
                waiting.append(decoder.submit(decode_claim, place + _AHEAD))
            yield waiting.popleft().result()
