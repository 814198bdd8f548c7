"""Reads lookup tables of a jurisdiction: a CSV with two columns that a derivation names.

It takes the path and both column names and returns a dictionary key -> value. `load.py` puts it
into the derivations of a mapping.
"""

from __future__ import annotations

import csv
from pathlib import Path

from ingest.errors import MappingError


def read_lookup(path: Path, key: str, value: str, mapping: Path) -> dict[str, str]:
    """The CSV's column `key` -> its column `value`, rows with a blank cell left out; `mapping` asked for it.

    Raises MappingError with file and line when a column is missing or one key has two values.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if missing := [name for name in (key, value) if name not in (rows.fieldnames or [])]:
                raise MappingError(
                    f"{path}:1: lacks the column {', '.join(missing)}: {mapping} looks up {value} by {key} here"
                )
            values: dict[str, str] = {}
            for row in rows:
                name, found = (row[key] or "").strip(), (row[value] or "").strip()
                if name and found and values.setdefault(name, found) != found:
                    raise MappingError(
                        f"{path}:{rows.line_num}: {key} {name!r} gives {found!r} here and {values[name]!r} above; "
                        "delete one of the two lines"
                    )
            return values
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MappingError(f"{mapping}: the lookup {path} can't be read: {error}") from None
