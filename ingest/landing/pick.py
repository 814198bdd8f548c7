"""Chooses the claimed files that this run reads: new ones, changed ones, and those whose mapping has changed.

It takes the claims, the ledger's entries of loaded files, and the hash of each mapping, and returns a `Selection`. It
opens files only to hash them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ingest.errors import Refused, Waiting
from ingest.landing.claim import Claim, FileKey
from ingest.landing.find import check_sha256, hash_file
from ingest.mapping.contract import Export

Again = Literal["changed", "quarantined", "all"]
MappingHashes = dict[tuple[str, Export], str]
"""(source, export) -> hash of all that decides what becomes of its files."""


@dataclass(frozen=True)
class LoadedFile:
    """What the ledger holds of a file whose rows are in the warehouse."""

    sha256: str
    mapping_hash: str
    rows_quarantined: int
    rows_read: int
    covers_until: date | None


@dataclass(frozen=True)
class Selection:
    """What a run does with each file in the landing folder.

    `new`: files to read; `unread`: files that no source claims, that must wait or are refused; both in order of name.
    `leaving`: files whose earlier rows must go; `gone`: unpublished files that left the folder, whose rows must go too;
    `stale`: files that should be read again but left the folder; `hashes`: path -> sha256, None if the file could not
    be read; `read_again`: how many of `new` were loaded before with the same bytes.
    """

    new: list[Claim]
    unread: list[Claim]
    leaving: list[FileKey]
    gone: list[FileKey]
    stale: list[FileKey]
    hashes: dict[str, str | None]
    read_again: int


def select_files(
    claims: list[Claim],
    loaded: dict[FileKey, LoadedFile],
    mapping_hashes: MappingHashes,
    again: Again,
    unpublished: frozenset[str] = frozenset(),
) -> Selection:
    """Compare `claims` with the `loaded` files of the ledger; `unpublished`: paths that no reader has seen.

    A file that was read with another mapping is read again, so that the warehouse doesn't depend on its history. With
    `again` = "quarantined" files with quarantined records are read again too, with "all" every file.
    """
    new, unread, hashes, read_again = [], [], {}, 0
    for claim, sha256 in map(_hash_claim, claims):
        hashes[claim.name] = sha256
        before = loaded.get(claim.key)
        if claim.problem:
            unread.append(claim)
        elif not before or before.sha256 != sha256 or _is_stated_otherwise(claim, before):
            new.append(claim)
        elif (
            before.mapping_hash != mapping_hashes[claim.source.source, claim.export]
            or again == "all"
            or (again == "quarantined" and before.rows_quarantined)
        ):
            new.append(claim)
            read_again += 1
    # The earlier rows of a file that is being written anew stay until the file can be read.
    waiting = {claim.name for claim in unread if claim.verdict == "waiting"}
    changed, claimed = {claim.key for claim in (*new, *unread)}, {claim.key for claim in claims}
    # A file that fed another dataset until its mapping changed is there, but nothing claims it for that one.
    leaving = sorted(
        key for key in loaded if key[0] in hashes.keys() - waiting and (key in changed or key not in claimed)
    )
    current = {*mapping_hashes.values()}
    # An archive that is being written anew lists no members yet.
    archives = tuple(f"{name}/" for name in waiting)
    absent = [key for key in loaded if key[0] not in hashes]
    gone = sorted(key for key in absent if key[0] in unpublished and not key[0].startswith(archives))
    stale = sorted(key for key in absent if key not in gone and loaded[key].mapping_hash not in current)
    return Selection(new, unread, leaving, gone, stale, hashes, read_again)


def _hash_claim(claim: Claim) -> tuple[Claim, str | None]:
    """The claim and its sha256; the claim gets a problem if it can't be read or its control file disagrees."""
    if claim.file.stamp is None:  # half written, or a pipe that would never end
        return claim, None
    sha256 = None
    try:
        sha256 = hash_file(claim.path, claim.file.member)
        check_sha256(claim.file.control, sha256)
    except Refused as error:
        if not claim.problem:
            verdict = "waiting" if isinstance(error, Waiting) else "refused"
            return replace(claim, problem=str(error), verdict=verdict), sha256
    return claim, sha256


def _is_stated_otherwise(claim: Claim, before: LoadedFile) -> bool:
    """Whether name or control file state another day or count for the same bytes than when they were loaded."""
    control = claim.file.control
    has_other_count = control is not None and control.rows is not None and control.rows != before.rows_read
    return has_other_count or claim.covers_until != before.covers_until
