"""Reads lookup tables of a jurisdiction: a CSV with two columns that a derivation names.

It takes the path, both column names and what the second may hold, and returns a dictionary key -> value. `load.py` puts
it into the derivations of a mapping.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ingest.errors import MappingError
from ingest.mapping.list_file import read_list_file
from ingest.mapping.vocabulary import suggest_name


def read_lookup(
    path: Path, key: str, value: str, mapping: Path, allowed: Collection[str] | None = None
) -> dict[str, str]:
    """The CSV's column `key` -> its column `value`, rows with a blank cell left out; `mapping` asked for it.

    `allowed`: the values that the column can hold, None for any. Raises MappingError with file and line of every fault:
    a column that is missing, a value that is not allowed, a key that has two values.
    """
    try:
        file = read_list_file(path)
    except MappingError as error:
        raise MappingError(f"{error}; {mapping} looks up {value} by {key} here") from None
    if missing := [name for name in (key, value) if name not in file.header]:
        raise MappingError(f"{path}:1: lacks the column {', '.join(missing)}: {mapping} looks up {value} by {key} here")
    values: dict[str, str] = {}
    faults = [*file.faults]
    for row in file.rows:
        name, found = row.cells[key], row.cells[value]
        if not name or not found:
            continue
        if allowed is not None and found not in allowed:
            faults.append(f"{path}:{row.line}: {value} can't be {found!r}{suggest_name(found, allowed)}")
        elif values.setdefault(name, found) != found:
            faults.append(
                f"{path}:{row.line}: {key} {name!r} gives {found!r} here and {values[name]!r} above; "
                "delete one of the two lines"
            )
    if faults:
        raise MappingError("\n".join(faults))
    return values
