"""Recognises rows in an export that are no records: a total below the table, a header repeated within it.

The functions take a batch and return SQL conditions. `rules.py` uses them to quarantine such rows under rules of their
own, because they don't count as faults of the file.
"""

from __future__ import annotations

import re

from ingest.mapping.contract import Export
from ingest.rows.batch import Batch
from ingest.sql import quote_literal

TOTAL_ROW, REPEATED_HEADER = "total_row", "repeated_header"


def is_total_row(batch: Batch) -> str:
    """SQL: whether a row (cells c0…, columns t_ and v_) that doesn't conform is a total.

    Its first filled cell is a marker, alone or before a figure (合计：12). Or that cell begins with a marker (合计办件)
    and the row has no key: a broken row about 小计量器具 is no total.
    """
    cells = (f"nullif({_strip_blanks(f'c{place}')}, '')" for place in range(len(batch.layout.header)))
    first = f"coalesce({', '.join(cells)})"
    markers = _match_markers(batch.export)
    is_marker = f"regexp_full_match({first}, {quote_literal(f'({markers})([:：0-9].*)?')})"
    keys = batch.contract.local_key
    if not keys:
        return f"coalesce({is_marker}, false)"
    begins = quote_literal(f"^({markers})")
    keyless = [f"(v_{name} is null or regexp_matches({_strip_blanks(f't_{name}')}, {begins}))" for name in keys]
    return f"coalesce({is_marker} or (regexp_matches({first}, {begins}) and {' and '.join(keyless)}), false)"


def is_repeated_header(batch: Batch) -> str:
    """SQL: whether every declared cell holds its column's header, as in files that were joined together."""
    spellings = {
        place: {file.header[place].strip() for file in batch.files} for place in batch.layout.positions.values()
    }
    return " and ".join(
        f"coalesce({' or '.join(f'trim(c{place}) = {quote_literal(cell)}' for cell in sorted(cells))}, false)"
        for place, cells in spellings.items()
    )


def is_total_line(line: str, export: Export) -> str:
    """SQL: whether `line`, a whole line with too few or too many cells, is a total."""
    bare = f"replace({_strip_blanks(line)}, '\"', '')"
    begins = quote_literal("^[,;|\t]*(" + _match_markers(export) + ")")
    return f"coalesce(regexp_matches({bare}, {begins}), false)"


def _match_markers(export: Export) -> str:
    """A regular expression for the markers; without any, one that matches nothing."""
    return "|".join(map(re.escape, export.total_row_markers)) or "(?:.^)"


def _strip_blanks(text: str) -> str:
    return f"replace(replace({text}, ' ', ''), '　', '')"
