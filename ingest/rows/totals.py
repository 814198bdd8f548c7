"""Rows that lie among the records and are none: a total under the table, a header repeated within it.

Whether a row conforms is not judged here. It hands on SQL conditions, and the rules that such rows are set aside by.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.sql import literal

if TYPE_CHECKING:
    from ingest.mapping.contract import Export
    from ingest.rows.conform import Batch

TOTAL_ROW, REPEATED_HEADER = "total_row", "repeated_header"


def total_row(batch: Batch) -> str:
    """Whether a row (cells c0…, columns t_ and v_) that doesn't conform is a total.

    Its first filled cell is a marker, alone or before a figure (合计：12); or begins with one (合计办件) and no key
    stands in the row: a broken row about 小计量器具 is no total.
    """
    cells = (f"nullif({_squeezed(f'c{place}')}, '')" for place in range(len(batch.layout.header)))
    first = f"coalesce({', '.join(cells)})"
    markers = _markers(batch.export)
    alone = f"regexp_full_match({first}, {literal(f'({markers})([:：0-9].*)?')})"
    keys = [name for name in batch.contract.key if name != "source_system"]
    if not keys:
        return f"coalesce({alone}, false)"
    begins = literal(f"^({markers})")
    keyless = [f"(v_{name} is null or regexp_matches({_squeezed(f't_{name}')}, {begins}))" for name in keys]
    return f"coalesce({alone} or (regexp_matches({first}, {begins}) and {' and '.join(keyless)}), false)"


def repeated_header(batch: Batch) -> str:
    """Whether every cell of a declared column holds that column's header, as files that were joined together do."""
    spellings = {
        place: {file.header[place].strip() for file in batch.files} for place in batch.layout.positions.values()
    }
    return " and ".join(
        f"coalesce({' or '.join(f'trim(c{place}) = {literal(cell)}' for cell in sorted(cells))}, false)"
        for place, cells in spellings.items()
    )


def total_line(line: str, export: Export) -> str:
    """Whether a line with too few or too many cells is a total."""
    bare = f"replace({_squeezed(line)}, '\"', '')"
    begins = literal("^[,;|\t]*(" + _markers(export) + ")")
    return f"coalesce(regexp_matches({bare}, {begins}), false)"


def _markers(export: Export) -> str:
    return "|".join(map(re.escape, export.total_row_markers)) or "(?:.^)"


def _squeezed(text: str) -> str:
    return f"replace(replace({text}, ' ', ''), '　', '')"
