"""Sorts unknown exports into systems, and the files of a system into kinds: one mapping a system, one export a kind.

It takes decoded files and finished mappings to learn spellings from, and returns the `Kind`s and the files of which
nobody can tell what they hold. Files of one system and dataset are one kind if they share a header or a glob. Values
aren't read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.drafting.names import make_glob, make_keys, name_systems
from ingest.drafting.recognise import Guess, guess_dataset, is_data, merge_guesses
from ingest.drafting.sniff import OpenFile
from ingest.landing.claim import claims_name
from ingest.mapping.contract import Source
from ingest.masks import mask_path


@dataclass(frozen=True)
class Kind:
    """Files of one system that one export of its mapping describes.

    `system`: what people seem to call it; `source`: its key. `globs` claim these files and no other kind's.
    """

    system: str
    source: str
    guess: Guess
    files: tuple[OpenFile, ...]
    globs: tuple[str, ...]


def group_exports(files: list[OpenFile], known: list[Source]) -> tuple[list[Kind], list[OpenFile]]:
    """The kinds in order of source and dataset, and the files of which neither header nor dataset is known."""
    systems = name_systems([file.name for file in files])
    guesses: dict[tuple[str, ...], Guess] = {}
    likely: dict[tuple[str, str, str], list[OpenFile]] = {}
    unlikely = []
    for file in files:
        guess = guesses.setdefault(file.header, guess_dataset(file.header, known))
        if is_data(file.header) or not guess.is_likely:
            unlikely.append(file)
            continue
        system = systems[file.name] or guess.dataset
        likely.setdefault((system, guess.dataset, file.delimiter), []).append(file)
    keys = make_keys({system for system, _, _ in likely})
    kinds = []
    for (system, _, _), alike in likely.items():
        for group in _connect(alike):
            guess = merge_guesses([guesses[header] for header in dict.fromkeys(file.header for file in group)])
            globs = tuple(sorted({make_glob(file.name) for file in group}))
            kinds.append(Kind(system, keys[system], guess, tuple(group), globs))
    kinds.sort(key=lambda kind: (kind.source, kind.guess.dataset, kind.globs))
    return [_narrow(kind, kinds) for kind in kinds], unlikely


def _connect(files: Iterable[OpenFile]) -> list[list[OpenFile]]:
    """Groups of files in which each shares its header, whatever its order, or its glob with another."""
    groups: list[tuple[set[object], list[OpenFile]]] = []
    for file in files:
        marks: set[object] = {frozenset(file.header), make_glob(file.name)}
        members = [file]
        for group in [group for group in groups if group[0] & marks]:
            groups.remove(group)
            marks |= group[0]
            members = [*group[1], *members]
        groups.append((marks, sorted(members, key=lambda member: member.name)))
    return [members for _, members in groups]


def _narrow(kind: Kind, kinds: list[Kind]) -> Kind:
    """The kind with its files' own names in place of each glob that would claim another kind's file.

    A name that may be a person's is left out; then no mapping claims the file until it is renamed.
    """
    others = [file.name for other in kinds if other is not kind for file in other.files]
    globs = []
    for glob in kind.globs:
        if any(claims_name(glob, name) for name in others):
            named = [file.name for file in kind.files if make_glob(file.name) == glob]
            globs += [name for name in named if mask_path(name) == name]
        else:
            globs.append(glob)
    return Kind(kind.system, kind.source, kind.guess, kind.files, tuple(globs) or kind.globs)
