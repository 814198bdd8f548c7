"""Values that an export lacks, worked out from what it has as its mapping says.

A cell that the export fills is never replaced, and what the mapping can't tell stays empty. It hands on SQL in which
every derived cell is flagged.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.mapping.read_yaml import MappingError
from ingest.mapping.vocabulary import FROM_FILE
from ingest.sql import case_of, literal

if TYPE_CHECKING:
    from ingest.mapping.contract import Derivation
    from ingest.rows.conform import Batch


def derived(query: str, batch: Batch) -> str:
    """`query` (columns t_<column>, file_index, _row) with empty t_ cells derived; d_<column>: whether one was empty.

    Derivations are applied in the order of the mapping, so one may build on another.
    """
    for name, derivation in batch.export.derived.items():
        query = f"""
            select * replace (coalesce(t_{name}, {_expression(derivation, batch)}) as t_{name}),
                t_{name} is null as d_{name}
            from ({query})
        """
    return query


def flags(batch: Batch) -> str:
    """SQL for `_derived`: the names, separated by commas, of the row's columns that no cell of the export gave."""
    constant = {*batch.export.constants} & {*batch.contract.stored}
    names = sorted(constant | {*batch.export.derived})
    if not batch.export.derived:
        return literal(",".join(names))
    parts = (literal(n) if n in constant else f"case when d_{n} and t_{n} is not null then '{n}' end" for n in names)
    return f"concat_ws(',', {', '.join(parts)})"


def read_lookup(path: Path, key: str, value: str, mapping: Path) -> dict[str, str]:
    """The CSV's column `key` -> its column `value`, blank cells left out; raises MappingError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if lacking := [name for name in (key, value) if name not in (rows.fieldnames or [])]:
                raise MappingError(f"{path}:1: lacks the column {', '.join(lacking)}: {mapping} finds {value} by {key}")
            found: dict[str, str] = {}
            for row in rows:
                one, other = (row[key] or "").strip(), (row[value] or "").strip()
                if one and other and found.setdefault(one, other) != other:
                    raise MappingError(
                        f"{path}:{rows.line_num}: {key} {one!r} gives {other!r} here and {found[one]!r} above"
                    )
            return found
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MappingError(f"{mapping}: the lookup {path} can't be read: {error}") from None


def _expression(derivation: Derivation, batch: Batch) -> str:
    parts = [_part(part, batch) for part in derivation.parts]
    value = parts[0]
    if derivation.pattern is not None:
        group = 1 if re.compile(derivation.pattern).groups else 0
        value = f"nullif(regexp_extract({value}, {literal(derivation.pattern)}, {group}), '')"
    if derivation.lookup is not None:
        value = case_of(value, derivation.lookup)
    if derivation.ordinal:
        parts.append(f"row_number() over (partition by file_index, {', '.join(parts)} order by _row)")
    if len(parts) > 1:
        value = f"case when {value} is not null then concat_ws('-', {', '.join([value, *parts[1:]])}) end"
    return value


def _part(part: str, batch: Batch) -> str:
    if part not in FROM_FILE:
        return f"t_{part}"
    claims = [file.claim for file in batch.files]
    values = [c.name if part == "file_name" else c.covers_until and c.covers_until.isoformat() for c in claims]
    return f"([{', '.join(literal(value) if value else 'null' for value in values)}]::varchar[])[file_index + 1]"
