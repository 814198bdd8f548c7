"""Which files of the landing folder are to be read: the new, the changed, and those whose mapping has changed.

No file is opened but for its fingerprint, and the ledger is only asked. It hands on a `Picked`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.claim import Claim
from ingest.decode import fingerprint
from ingest.ledger import Known

Again = Literal["changed", "quarantined", "all"]


@dataclass(frozen=True)
class Picked:
    """`new`: files to read; `unclaimed`: files nobody claims; both in order of name.

    `leaving`: paths whose old rows must go; `stale`: paths that should be read again but lie there no more;
    `hashes`: path -> sha256; `read_again`: how many of `new` had been read before with the same bytes.
    """

    new: list[Claim]
    unclaimed: list[Claim]
    leaving: list[str]
    stale: list[str]
    hashes: dict[str, str]
    read_again: int


def pick(claims: list[Claim], known: dict[str, Known], mappings: dict[int, str], again: Again) -> Picked:
    """What to read, with `known` from the ledger and `mappings` the mapping hash by id of export.

    A file that was read with another mapping is read again, else the warehouse would depend on its history;
    with `again` also one with quarantined records, or every one.
    """
    new, unclaimed, hashes, read_again = [], [], {}, 0
    for found in claims:
        hashes[found.name] = sha256 = fingerprint(found.path)
        before = known.get(found.name)
        if found.problem:
            unclaimed.append(found)
        elif not before or before.sha256 != sha256:
            new.append(found)
        elif (
            before.mapping_hash != mappings[id(found.export)]
            or again == "all"
            or (again == "quarantined" and before.rows_quarantined)
        ):
            new.append(found)
            read_again += 1
    leaving = [found.name for found in (*new, *unclaimed) if found.name in known]
    current = {*mappings.values()}
    stale = sorted(path for path in known.keys() - hashes.keys() if known[path].mapping_hash not in current)
    return Picked(new, unclaimed, leaving, stale, hashes, read_again)
