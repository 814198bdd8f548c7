"""Turns the conditions of a `where` into SQL: for the model that counts, and for the proof that counts again.

It takes an event of dbt/figures/own.yml and the conditions, and returns `Selected` or raises Faults with the place of
each mistake. Values of a closed list may be given by key or by printed name; any other is a fault, because a misspelt
value would count nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.errors import Faults, Place
from ingest.mapping.vocabulary import suggest_name
from ingest.sql import quote_literal
from reports.figures.registry import EventEntry, Twin


@dataclass(frozen=True)
class Selected:
    """Conditions as SQL. A row counts from `since` on and until before `until`, both days or None."""

    condition: str
    proof: str
    since: str | None = None
    until: str | None = None


def select_rows(
    event: EventEntry, where: Mapping[str, bool | list[str]], labels: Mapping[str, Mapping[str, str]]
) -> Selected:
    """The conditions as SQL; `labels`: dimension -> member -> printed name, of dimensions with a closed list."""
    faults: list[tuple[Place, str]] = []
    conditions, proofs = [event.where], []
    days: dict[str, str] = {}
    for name, value in where.items():
        place: Place = ("where", name)
        if name in event.flags or name in event.since:
            if not isinstance(value, bool):
                faults.append((place, f"{name} is true or false"))
            elif name in event.flags:
                flag = event.flags[name] if value else f"not {event.flags[name]}"
                conditions.append(flag)
                proofs.append(flag)
            else:
                day, bound = event.since[name], "since" if value else "until"
                if bound in days:
                    faults.append(
                        (place, f"only one condition of {', '.join(event.since)} can be {str(value).lower()}")
                    )
                days[bound] = day
                proofs.append(f"{day} <= $as_of_on" if value else f"({day} is null or {day} > $as_of_on)")
        elif name in event.columns or name in event.texts:
            if isinstance(value, bool):
                faults.append((place, f"{name} is a text or a list of texts"))
                continue
            members = labels.get(name, {})
            keys, unknown = find_members(value, members)
            printed = dict.fromkeys([*members, *members.values()])
            faults += [(place, f"{text!r} is no {name}{suggest_name(text, printed)}") for text in unknown]
            column = as_twin(event.columns.get(name) or event.texts[name])
            chosen = f"in ({', '.join(map(quote_literal, keys))})"
            conditions.append(f"{column.column} {chosen}")
            proofs.append(f"{column.sql} {chosen}")
        else:
            known = [*event.columns, *event.texts, *event.flags, *event.since]
            faults.append((place, f"{name!r} is no condition here{suggest_name(name, known)}"))
    if faults:
        raise Faults(faults)
    return Selected(" and ".join(conditions), "".join(f" and {each}" for each in proofs), **days)


def find_members(values: list[str], members: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Keys of the members, and the values that are none; without a closed list any value is a key."""
    by_label = {label: key for key, label in members.items()}
    if not members:
        return values, []
    keys = [value if value in members else by_label.get(value, "") for value in values]
    return keys, [value for value, key in zip(values, keys, strict=True) if not key]


def as_twin(column: str | Twin) -> Twin:
    """The column's expression for the model and for the proof."""
    return Twin(column=column, sql=column) if isinstance(column, str) else column
