"""Which files of the landing folder are to be read: the new, the changed, and those whose mapping has changed.

No file is opened but for its fingerprint, and the ledger is only asked. It hands on a `Picked`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ingest.landing.claim import Claim
from ingest.landing.find import check_sha256, fingerprint
from ingest.landing.unpack import Refused, Waiting
from ingest.ledger.files import Known

Again = Literal["changed", "quarantined", "all"]


@dataclass(frozen=True)
class Picked:
    """`new`: files to read; `unread`: files nobody claims, that must wait or are refused; both in order of name.

    `leaving`: paths whose old rows must go; `gone`: unpublished paths that lie there no more, whose rows go too;
    `stale`: paths that should be read again but lie there no more; `hashes`: path -> sha256, None where it can't be
    had; `read_again`: how many of `new` had been read before with the same bytes.
    """

    new: list[Claim]
    unread: list[Claim]
    leaving: list[str]
    gone: list[str]
    stale: list[str]
    hashes: dict[str, str | None]
    read_again: int


def pick(
    claims: list[Claim],
    known: dict[str, Known],
    mappings: dict[int, str],
    again: Again,
    unpublished: frozenset[str] = frozenset(),
) -> Picked:
    """What to read, with `known` from the ledger and `mappings` the mapping hash by id of export.

    A file that was read with another mapping is read again, else the warehouse would depend on its history;
    with `again` also one with quarantined records, or every one.
    """
    new, unread, hashes, read_again = [], [], {}, 0
    for found, sha256 in map(_fingerprinted, claims):
        hashes[found.name] = sha256
        before = known.get(found.name)
        if found.problem:
            unread.append(found)
        elif not before or before.sha256 != sha256 or _is_told_otherwise(found, before):
            new.append(found)
        elif (
            before.mapping_hash != mappings[id(found.export)]
            or again == "all"
            or (again == "quarantined" and before.rows_quarantined)
        ):
            new.append(found)
            read_again += 1
    # what is being written anew is not gone: its old rows stand until it can be read
    leaving = [found.name for found in (*new, *unread) if found.name in known and found.verdict != "waiting"]
    current = {*mappings.values()}
    # an archive that is being written anew shows no members yet
    waiting = tuple(f"{found.name}/" for found in unread if found.verdict == "waiting")
    gone = sorted(path for path in (known.keys() & unpublished) - hashes.keys() if not path.startswith(waiting))
    kept = known.keys() - hashes.keys() - {*gone}
    stale = sorted(path for path in kept if known[path].mapping_hash not in current)
    return Picked(new, unread, leaving, gone, stale, hashes, read_again)


def _fingerprinted(found: Claim) -> tuple[Claim, str | None]:
    """The claim, with a problem if its bytes can't be had or aren't those of its control file, and its sha256."""
    if found.found.seen is None:  # not to be touched: half written, or a pipe that would never end
        return found, None
    sha256 = None
    try:
        sha256 = fingerprint(found.path, found.found.member)
        check_sha256(found.found.control, sha256)
    except Refused as error:
        if not found.problem:
            verdict = "waiting" if isinstance(error, Waiting) else "refused"
            return replace(found, problem=str(error), verdict=verdict), sha256
    return found, sha256


def _is_told_otherwise(found: Claim, before: Known) -> bool:
    """Whether name or control file say of unchanged bytes what they did not say when they were read."""
    control = found.found.control
    has_other_count = control is not None and control.rows is not None and control.rows != before.rows_read
    return has_other_count or found.covers_until != before.covers_until
