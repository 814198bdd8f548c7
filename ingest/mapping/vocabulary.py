"""The names and values in a mapping, held against the contract of its dataset.

No file of an export is opened here. It hands on each fault as the place in the mapping and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb

from ingest.mapping.read_yaml import Place, nearest

if TYPE_CHECKING:
    from ingest.mapping.contract import Column, Contract, Export

FROM_FILE = ("file_date", "file_name")
BOOLEANS = {"是": "true", "否": "false", "true": "true", "false": "false"}
_PROBE = datetime(2022, 3, 31)


def faults(export: Export, contract: Contract) -> Iterator[tuple[Place, str]]:
    """(place inside the export, what is wrong and what to write) for every fault; nothing for a sound mapping."""
    known = contract.columns
    for field in ("columns", "absent", "codes", "constants", "derived"):
        for index, name in enumerate(names := getattr(export, field)):
            if name not in known:
                place: Place = (field, name if isinstance(names, dict) else index)
                yield place, f"{name!r} is no column of {contract.dataset}{_column_like(name, contract)}"
    for index, name in enumerate(export.absent):
        supplied = name in export.constants or name in export.derived
        if name in known and known[name].required and not supplied:
            yield (
                ("absent", index),
                (
                    f"{name!r} is required by {contract.dataset}: it can't be absent unless a constant or a derivation "
                    "gives it"
                ),
            )
    for name in sorted({*export.constants} & {*export.derived}):
        yield ("derived", name), f"{name!r} has a constant already: delete one of the two"
    for name, codes in export.codes.items():
        if name in known:
            yield from _wrong_codes(("codes", name), codes, known[name], name)
    for name, constant in export.constants.items():
        if name in known and known[name].type in ("code", "boolean"):
            yield from _wrong_codes(("constants",), {name: constant}, known[name], name, is_constant=True)
    for index, form in enumerate(export.date_formats):
        if not _is_whole_date(form):
            yield ("date_formats", index), f"{form!r} must give year, month and day, as %Y, %m and %d do"
    if export.date_in_path is not None and re.compile(export.date_in_path).groups not in (2, 3):
        yield ("date_in_path",), f"{export.date_in_path!r} must have groups for year, month and perhaps day"
    yield from _wrong_derivations(export, contract)


def _wrong_derivations(export: Export, contract: Contract) -> Iterator[tuple[Place, str]]:
    """Derivations are worked out in the order written, so each may use only what stands above it."""
    later = [*export.derived]
    usable = [name for name in contract.stored if contract.columns[name].personal is None]
    for name, derivation in export.derived.items():
        place: Place = ("derived", name)
        if name in contract.columns and name not in contract.stored:
            yield place, f"{name!r} is personal and never stored: it can't be derived"
        for index, part in enumerate(derivation.parts):
            if part not in (*usable, *FROM_FILE):
                yield (*place, "from", index), f"{part!r} can't be used here{nearest(part, [*FROM_FILE, *usable])}"
            elif part in later:
                yield (*place, "from", index), f"{part!r} is itself derived below: write its derivation above this one"
        later.remove(name)
        single = len(derivation.parts) == 1
        if not single and (derivation.lookup is not None or derivation.pattern is not None):
            yield place, "a lookup or pattern needs exactly one column in `from`"
        if derivation.pattern is not None:
            try:
                with duckdb.connect() as connection:
                    connection.execute("select regexp_extract('', $1)", [derivation.pattern])
            except duckdb.Error as error:
                yield (*place, "pattern"), f"{derivation.pattern!r} is no pattern that DuckDB knows: {error}"
        rule = contract.columns.get(name)
        if isinstance(derivation.lookup, dict) and rule and rule.type in ("code", "boolean"):
            yield from _wrong_codes((*place, "lookup"), derivation.lookup, rule, name)


def _wrong_codes(
    place: Place, codes: dict[str, str], rule: Column, name: str, *, is_constant: bool = False
) -> Iterator[tuple[Place, str]]:
    """Values of a code map that the column can't hold. A column whose contract lists no codes takes any."""
    if rule.type == "boolean":
        allowed = [*BOOLEANS]
    elif rule.type == "code":
        allowed = sorted({*(rule.codes or {}).values()})
    else:
        yield place, f"{name!r} is {rule.type}, not a code: a code map has no use here"
        return
    for label, code in codes.items():
        if allowed and code not in allowed:
            about = f"{name!r} can't be" if is_constant else f"{label!r} can't stand for"
            yield (*place, label), f"{about} {code!r}{nearest(code, allowed)}"


def _column_like(name: str, contract: Contract) -> str:
    """The column meant by a misspelt name or by a Chinese header written in its place."""
    headers = {column.header: canonical for canonical, column in contract.columns.items()}
    for known in (contract.columns, headers):
        said = nearest(name, known)
        if said.startswith("; did"):
            found = said.removeprefix("; did you mean ").removesuffix("?")
            canonical = headers.get(found, found)
            return f"; did you mean {canonical} ({contract.columns[canonical].header})?"
    return f"; its columns are {', '.join(contract.columns)}"


def _is_whole_date(form: str) -> bool:
    try:
        return datetime.strptime(_PROBE.strftime(form), form).date() == _PROBE.date()
    except (ValueError, re.error):  # the latter for a directive that stands twice
        return False


def compiles(pattern: str | None) -> str | None:
    """The regular expression itself; raises ValueError that says what is wrong with it."""
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
    return pattern
