"""Computes cells that an export lacks from what it has, as its mapping says.

The functions take a batch and return SQL. A cell that the export fills is never replaced, and a cell that the mapping
can't compute stays empty. `_derived` names the columns of each row that no cell of the export gave.
"""

from __future__ import annotations

import re

from ingest.mapping.contract import Derivation
from ingest.mapping.vocabulary import FROM_FILE
from ingest.rows.batch import Batch
from ingest.sql import map_values, quote_literal


def add_derivations(query: str, batch: Batch) -> str:
    """SQL for `query` (columns t_<column>, file_index, _row) with empty cells computed; d_<column>: it was empty.

    Derivations are applied in the order of the mapping, so one may use another above it.
    """
    for name, derivation in batch.export.derived.items():
        query = f"""
            select * replace (coalesce(t_{name}, {_compute(derivation, batch)}) as t_{name}),
                t_{name} is null as d_{name}
            from ({query})
        """
    return query


def list_derived(batch: Batch) -> str:
    """SQL for `_derived`: the names, separated by commas, of the row's columns that no cell of the export gave."""
    constants = {*batch.export.constants} & {*batch.contract.stored}
    names = sorted(constants | {*batch.export.derived})
    if not batch.export.derived:
        return quote_literal(",".join(names))
    parts = (
        quote_literal(name) if name in constants else f"case when d_{name} and t_{name} is not null then '{name}' end"
        for name in names
    )
    return f"concat_ws(',', {', '.join(parts)})"


def _compute(derivation: Derivation, batch: Batch) -> str:
    parts = [_select_part(part, batch) for part in derivation.parts]
    value = parts[0]
    if derivation.pattern is not None:
        group = 1 if re.compile(derivation.pattern).groups else 0
        value = f"nullif(regexp_extract({value}, {quote_literal(derivation.pattern)}, {group}), '')"
    if derivation.filled is not None or derivation.blank is not None:
        outcomes = [quote_literal(text) if text else "null" for text in (derivation.filled, derivation.blank)]
        value = f"case when {value} is not null then {outcomes[0]} else {outcomes[1]} end"
    if derivation.lookup is not None:
        value = map_values(value, derivation.lookup)
    if derivation.ordinal:
        parts.append(f"row_number() over (partition by file_index, {', '.join(parts)} order by _row)")
    if len(parts) > 1:
        value = f"case when {value} is not null then concat_ws('-', {', '.join([value, *parts[1:]])}) end"
    return value


def _select_part(part: str, batch: Batch) -> str:
    """SQL for a column's text, or for what the row's file says by its path (`FROM_FILE`)."""
    if part not in FROM_FILE:
        return f"t_{part}"
    claims = [file.claim for file in batch.files]
    values = [c.file.name if part == "file_name" else c.covers_until and c.covers_until.isoformat() for c in claims]
    return f"([{', '.join(quote_literal(value) if value else 'null' for value in values)}]::varchar[])[file_index + 1]"
