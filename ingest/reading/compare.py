"""Compares the header of a file with its contract and mapping.

It takes the header's cells and returns a `Layout`: the place of each canonical column, and the headers that neither
declares. A file that lacks a required column is refused. Rows aren't read here.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ingest.errors import Refused
from ingest.mapping.contract import SOURCE_COLUMN, Contract, Export
from ingest.masks import mask_header

# The header of an empty column that every generated file ends with. A note beside the files can be deleted, or left
# behind when they are copied; this column stays with the rows, and whoever opens the file reads it.
SYNTHETIC_HEADER = "样例（合成数据）"


@dataclass(frozen=True)
class Layout:
    """`positions`: canonical column -> place in the file from 0; `unknown`: headers that neither file declares.

    `is_synthetic`: whether the header says that a program generated the rows.
    """

    header: tuple[str, ...]
    positions: dict[str, int]
    unknown: tuple[str, ...]
    is_synthetic: bool = False


def compare_header(header: list[str], contract: Contract, export: Export) -> Layout:
    """The layout of a file with `header`; raises Refused if a required column is missing, all are, or one is twice."""
    names = [_normalise(cell) for cell in header]
    positions: dict[str, int] = {}
    for column, rule in contract.columns.items():
        spellings = _list_spellings_of(column, contract, export)
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
        and not (column == SOURCE_COLUMN and export.is_of_own_source)
        and (rule.required or rule.required_unless or column in contract.key)
        and rule.default is None
    ]
    shown = mask_header_cells(header, contract, export)
    if missing or not positions:
        lacking = f"the column {'、'.join(missing)}" if missing else "every column of its mapping"
        header_text = (
            f"its header is {'、'.join(shown)}"
            if shown
            else f"the mapping knows none of the {len(names)} cells in its first line"
        )
        advice = "If the header was renamed, add the new spelling under `columns` of the mapping"
        raise Refused(f"lacks {lacking}; {header_text}. {advice}")
    ignored = list_ignored(export)
    unknown = tuple(
        name for place, name in enumerate(shown) if place not in positions.values() and name and name not in ignored
    )
    return Layout(shown, positions, unknown, _normalise(SYNTHETIC_HEADER) in names)


def mask_header_cells(header: list[str], contract: Contract, export: Export) -> tuple[str, ...]:
    """The header's cells as they may be stored and printed, see `masks.py`.

    Empty if no cell is a declared column: then the first line is probably a row of data, which may name people.
    """
    names = [_normalise(cell) for cell in header]
    known = list_spellings(contract, export).keys() | list_ignored(export)
    return mask_header(names, known) if list_spellings(contract, export).keys() & {*names} else ()


def list_spellings(contract: Contract, export: Export) -> dict[str, str]:
    """Header -> canonical column, for every spelling that mapping and contract know."""
    return {spelling: name for name in contract.columns for spelling in _list_spellings_of(name, contract, export)}


def list_ignored(export: Export) -> set[str]:
    """Headers of columns that are never read: those that the mapping lists, and the mark of generated files."""
    return {*map(_normalise, [*export.ignored, SYNTHETIC_HEADER])}


def _list_spellings_of(column: str, contract: Contract, export: Export) -> list[str]:
    """The spellings of one column's header: the contract's, then the mapping's.

    数据来源 means many things in exports, so it names the source of a row only if the mapping says so.
    """
    spellings = [contract.columns[column].header, *export.columns.get(column, [])]
    is_known = column != SOURCE_COLUMN or column in export.columns
    return [_normalise(spelling) for spelling in spellings] if is_known else []


def _normalise(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).replace("\ufeff", "").strip().rstrip("*")
