"""New files decoded and compared ahead of DuckDB, and put together where they are alike.

What is in them is not judged, and nothing is written but decoded copies. It hands on `Alike` files that one statement
can read, and `Failed` ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ingest.landing.claim import Claim
from ingest.mapping.contract import load_contracts
from ingest.reading.compare import Layout, compare
from ingest.reading.decode import Decoded, Refused, decode

_BYTES = 96 << 20
_AHEAD = 8


@dataclass(frozen=True)
class Alike:
    """Files of one export with one layout."""

    files: list[Decoded]
    layout: Layout


@dataclass(frozen=True)
class Failed:
    """A file that is no table such as its mapping declares; `decoded` where at least that was possible."""

    claim: Claim
    decoded: Decoded | None
    problem: Refused


def in_batches(claims: list[Claim], scratch: Path) -> Iterator[Alike | Failed]:
    """The files of `claims` in their order, by at most 96 MB decoded; copies lie in `scratch`."""
    waiting: list[Decoded] = []
    size, layout = 0, None
    for decoded in _ahead(claims, scratch):
        if isinstance(decoded, Failed):
            yield decoded
            continue
        file, its_layout = decoded
        its_size = file.path.stat().st_size
        is_other = waiting and (file.claim.export is not waiting[0].claim.export or its_layout != layout)
        if is_other or (waiting and size + its_size > _BYTES):
            yield Alike(waiting, layout)
            waiting, size = [], 0
        waiting.append(file)
        layout, size = its_layout, size + its_size
    if waiting:
        yield Alike(waiting, layout)


def _ahead(claims: list[Claim], scratch: Path) -> Iterator[tuple[Decoded, Layout] | Failed]:
    """Each file decoded and compared in a second thread, a few files ahead of those that DuckDB reads."""

    def outcome(place: int) -> tuple[Decoded, Layout] | Failed:
        found, decoded, target = claims[place], None, scratch / f"{place}.csv"
        try:
            decoded = decode(found, target)
            return decoded, compare(decoded.header, load_contracts()[found.export.dataset], found.export)
        except Refused as problem:
            target.unlink(missing_ok=True)
            return Failed(found, decoded, problem)

    with ThreadPoolExecutor(max_workers=1) as decoder:
        waiting = deque(decoder.submit(outcome, place) for place in range(min(_AHEAD, len(claims))))
        for place in range(len(claims)):
            if place + _AHEAD < len(claims):
                waiting.append(decoder.submit(outcome, place + _AHEAD))
            yield waiting.popleft().result()
