"""A file's header held against its contract and mapping.

Rows are not looked at. It hands on a `Layout`: where each canonical column stands, and the headers nobody declared.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ingest.mapping.contract import Contract, Export
from ingest.privacy import presentable
from ingest.reading.decode import Refused


@dataclass(frozen=True)
class Layout:
    """`positions`: canonical column -> 0-based place in the file; `unknown`: headers that nobody declared."""

    header: tuple[str, ...]
    positions: dict[str, int]
    unknown: tuple[str, ...]


def compare(header: list[str], contract: Contract, export: Export) -> Layout:
    """The layout of a file with `header`; raises Refused when a required column is missing, or all, or one is twice."""
    names = [_normal(cell) for cell in header]
    positions: dict[str, int] = {}
    for column, rule in contract.columns.items():
        spellings = {_normal(s) for s in (*export.columns.get(column, []), rule.header)}
        places = [place for place, name in enumerate(names) if name in spellings]
        if len(places) > 1:
            raise Refused(f"has the column {rule.header} {len(places)} times; delete all but one and export again")
        if places:
            positions[column] = places[0]
    missing = [
        f"{rule.header} ({column})"
        for column, rule in contract.columns.items()
        if column not in positions
        and column not in export.absent
        and column not in export.constants
        and column not in export.derived
        and column != "source_system"
        and (rule.required or rule.required_unless or column in contract.key)
        and rule.default is None
    ]
    shown = shown_header(header, contract, export)
    if missing or not positions:
        seen = (
            f"its header is {'、'.join(shown)}" if shown else f"of {len(names)} cells in its first line it knows none"
        )
        lacking = f"the column {'、'.join(missing)}" if missing else "every column of its mapping"
        raise Refused(
            f"lacks {lacking}; {seen}. If the header was renamed, add the new spelling under `columns` of the mapping"
        )
    settled = ignored(export)
    unknown = tuple(
        name for place, name in enumerate(shown) if place not in positions.values() and name and name not in settled
    )
    return Layout(shown, positions, unknown)


def shown_header(header: list[str], contract: Contract, export: Export) -> tuple[str, ...]:
    """The header without long numbers; empty when no cell is a declared column: a first row of data names people."""
    names = [_normal(cell) for cell in header]
    return tuple(presentable(names)) if spellings(contract, export).keys() & {*names} else ()


def spellings(contract: Contract, export: Export) -> dict[str, str]:
    """header -> canonical column, for every spelling that mapping and contract know."""
    return {
        _normal(spelling): name
        for name, column in contract.columns.items()
        for spelling in (column.header, *export.columns.get(name, []))
    }


def ignored(export: Export) -> set[str]:
    """Headers that the mapping knows and never reads."""
    return {*map(_normal, export.ignored)}


def _normal(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).replace("\ufeff", "").strip().rstrip("*")
