"""Compares the names, codes and patterns in a mapping with the contract of its dataset.

It takes one export of a mapping and its contract, and yields each fault as the place in the mapping and what to write
instead. Types and required fields are checked by the models in `contract.py`. No export file is opened here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import duckdb

from ingest.errors import Place
from ingest.mapping.contract import Column, Contract, Export
from ingest.mapping.vocabulary import BOOLEANS, FROM_FILE, find_similar, suggest_name

_PROBE = datetime(2022, 3, 31)
_NAMED_FIELDS = ("columns", "absent", "codes", "constants", "derived")


def find_faults(export: Export, contract: Contract) -> Iterator[tuple[Place, str]]:
    """(place inside the export, what is wrong and what to write) of every fault; nothing for a sound mapping."""
    columns = contract.columns
    for field in _NAMED_FIELDS:
        for index, name in enumerate(names := getattr(export, field)):
            if name not in columns:
                place: Place = (field, name if isinstance(names, dict) else index)
                yield place, f"{name!r} is no column of {contract.dataset}{_suggest_column(name, contract)}"
    for index, name in enumerate(export.absent):
        is_supplied = name in export.constants or name in export.derived
        if name in columns and columns[name].required and not is_supplied:
            advice = "it can't be absent unless a constant or a derivation gives it"
            yield ("absent", index), f"{name!r} is required by {contract.dataset}: {advice}"
    for name in sorted({*export.constants} & {*export.derived}):
        yield ("derived", name), f"{name!r} has a constant already: delete one of the two"
    for name, codes in export.codes.items():
        if name in columns:
            yield from _check_codes(("codes", name), codes, columns[name], name)
    for name, constant in export.constants.items():
        if name in columns and columns[name].type in ("code", "boolean"):
            yield from _check_codes(("constants",), {name: constant}, columns[name], name, is_constant=True)
    for index, form in enumerate(export.date_formats):
        if not _has_whole_date(form):
            yield ("date_formats", index), f"{form!r} must give year, month and day, as %Y, %m and %d do"
    if export.date_in_path is not None and (problem := _find_wrong_group(export.date_in_path)):
        yield ("date_in_path",), f"{export.date_in_path!r} {problem}"
    yield from _check_derivations(export, contract)


def _check_derivations(export: Export, contract: Contract) -> Iterator[tuple[Place, str]]:
    """Derivations are computed in the order written, so each may use only columns and the derivations above it."""
    later = [*export.derived]
    usable = [name for name in contract.stored if contract.columns[name].personal is None]
    for name, derivation in export.derived.items():
        place: Place = ("derived", name)
        if name in contract.columns and name not in contract.stored:
            yield place, f"{name!r} is personal and never stored: it can't be derived"
        for index, part in enumerate(derivation.parts):
            if part not in (*usable, *FROM_FILE):
                advice = suggest_name(part, [*FROM_FILE, *usable])
                yield (*place, "from", index), f"{part!r} can't be used here{advice}"
            elif part in later:
                yield (*place, "from", index), f"{part!r} is itself derived below: write its derivation above this one"
        later.remove(name)
        given = [field for field in ("lookup", "pattern", "filled", "blank") if getattr(derivation, field) is not None]
        if given and len(derivation.parts) > 1:
            yield place, f"`{given[0]}` needs exactly one column in `from`"
        if {*given} & {"filled", "blank"} and ({*given} & {"lookup", "pattern"} or derivation.ordinal):
            yield place, "`filled` and `blank` give the value by themselves: delete `lookup`, `pattern` and `ordinal`"
        if derivation.pattern is not None and (problem := _try_pattern(derivation.pattern)):
            yield (*place, "pattern"), f"{derivation.pattern!r} is no pattern that DuckDB knows: {problem}"
        column = contract.columns.get(name)
        if column and column.type in ("code", "boolean"):
            if isinstance(derivation.lookup, dict):
                yield from _check_codes((*place, "lookup"), derivation.lookup, column, name)
            outcomes = {field: value for field in ("filled", "blank") if (value := getattr(derivation, field))}
            yield from _check_codes(place, outcomes, column, name)


def _find_wrong_group(pattern: str) -> str | None:
    """What is wrong with the groups of a `date_in_path`; None if year and month have a group that always matches."""
    if re.compile(pattern).groups not in (2, 3):
        return "must have groups for year, month and perhaps day"
    bare = re.sub(
        r"\\.|\[\^?\]?[^]]*\]", "x", pattern
    )  # without escapes and classes, whose parentheses mean themselves
    opened, groups, optional = [], 0, set()
    for place, sign in enumerate(bare):
        if sign == "(":
            opened.append(groups)
            groups += bare[place + 1] != "?" or bare.startswith("(?P<", place)
        elif sign == ")":
            outside = opened.pop()
            if bare[place + 1 : place + 2] in ("?", "*") or bare.startswith("{0", place + 1):
                optional |= {*range(outside + 1, groups + 1)}
    words = {1: "year", 2: "month"}
    wrong = [f"group {number}, the {words[number]}," for number in sorted(optional & words.keys())]
    return f"must always find {' and '.join(wrong)} and only the day may be left out" if wrong else None


def _check_codes(
    place: Place, codes: dict[str, str], column: Column, name: str, *, is_constant: bool = False
) -> Iterator[tuple[Place, str]]:
    """Values of a code map that the column can't hold. A column whose contract lists no codes takes any."""
    if column.type == "boolean":
        allowed = [*BOOLEANS]
    elif column.type == "code":
        allowed = sorted({*(column.codes or {}).values()})
    else:
        yield place, f"{name!r} is {column.type}, not a code: delete the code map"
        return
    for label, code in codes.items():
        if allowed and code not in allowed:
            subject = f"{name!r} can't be" if is_constant else f"{label!r} can't stand for"
            yield (*place, label), f"{subject} {code!r}{suggest_name(code, allowed)}"


def _suggest_column(name: str, contract: Contract) -> str:
    """Names the column meant by a misspelt name, or by a Chinese header written in place of the name."""
    headers = {column.header: canonical for canonical, column in contract.columns.items()}
    similar = find_similar(name, contract.columns) or headers.get(find_similar(name, headers) or "")
    if similar:
        return f"; did you mean {similar} ({contract.columns[similar].header})?"
    return f"; its columns are {', '.join(contract.columns)}"


def _try_pattern(pattern: str) -> str | None:
    """Why DuckDB can't compile `pattern`, which Python can; None if it can."""
    try:
        with duckdb.connect() as connection:
            connection.execute("select regexp_extract('', $1)", [pattern])
    except duckdb.Error as error:
        return str(error)
    return None


def _has_whole_date(form: str) -> bool:
    try:
        return datetime.strptime(_PROBE.strftime(form), form).date() == _PROBE.date()
    except (ValueError, re.error):  # re.error: a directive that is written twice
        return False
