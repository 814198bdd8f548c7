"""Finds what a numerator or denominator counts: its terms for dbt, and the SQL that proves it.

It takes a part of figures.yaml and the dimensions of its figure, and returns `Counted` or raises Faults with the place
of each mistake. dbt/macros/own_figures.sql says what a term holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dagster_project.own_figures.conditions import as_twin, select_rows
from dagster_project.own_figures.entries import OwnFile, Part, Term
from ingest.errors import Faults, Place
from ingest.mapping.vocabulary import suggest_name
from ingest.sql import quote_literal
from reports.figures.registry import EventEntry, Registry

# What a member's share is a share of: the row of a family's model, and the condition on the facts.
_WHOLE = "dimension = 'total' and member = 'total'", "true"
_WHOLE_OF_TOWNS = "dimension = 'venue' and member = 'township'", "venue = 'township'"


@dataclass(frozen=True)
class Counted:
    """The terms of a part for dbt, its proof, what it is called and counted in, and what exports must supply."""

    terms: list[dict[str, Any]]
    sql: str
    words: str | None
    unit: str | None
    datasets: list[str]
    needs: list[str]


@dataclass(frozen=True)
class Vocabulary:
    """What figures.yaml may name; `labels`: dimension -> member -> printed name, of dimensions with a closed list."""

    registry: Registry
    own: OwnFile
    labels: Mapping[str, Mapping[str, str]]

    def pair_columns(self, event: EventEntry, dimension: str) -> tuple[str, str] | None:
        """The dimension's column of the event for the model and the proof; None if the event lacks it."""
        if dimension in event.columns:
            column = as_twin(event.columns[dimension])
            return column.column, column.sql
        if dimension not in self.own.dimensions:
            return None
        paired = self.own.dimensions[dimension].of
        if not event.columns.keys() >= {*paired}:
            return None
        columns = [as_twin(event.columns[name]) for name in paired]
        printed = [
            [self._print_member(name, each.column), self._print_member(name, each.sql)]
            for name, each in zip(paired, columns, strict=True)
        ]
        column, sql = (" || ' · ' || ".join(side) for side in zip(*printed, strict=True))
        return column, sql

    def _print_member(self, dimension: str, column: str) -> str:
        cases = [
            f"when {quote_literal(member)} then {quote_literal(label)}"
            for member, label in self.labels.get(dimension, {}).items()
            if member != label
        ]
        return f"case {column} {' '.join(cases)} else {column} end" if cases else column


def count_part(vocabulary: Vocabulary, key: str, side: str, part: Part, dimensions: list[str]) -> Counted:
    """What `part` (numerator or denominator: `side`) of the own figure `key` counts, along `dimensions`."""
    terms, proofs, words, units, datasets, needs, faults = [], [], [], [], [], [], []
    for place, term in _list_terms(vocabulary, part, (key,), faults):
        try:
            if term.figure:
                found = _read_family(vocabulary, term.figure, dimensions, is_whole=part.whole)
            else:
                found = _count_event(vocabulary, term, dimensions, is_whole=part.whole)
        except Faults as wrong:
            faults += [((*place, *below), text) for below, text in wrong.faults]
            continue
        for each in found.terms:
            terms.append({"figure": key, "part": "whole" if part.whole else side, **each})
        proofs.append(found.sql)
        words.append(found.words)
        units.append(found.unit)
        datasets += found.datasets
        needs += found.needs
    if faults:
        raise Faults(faults)
    sql = proofs[0] if len(proofs) == 1 else "select " + " + ".join(f"({each})" for each in proofs) + " as value"
    return Counted(
        terms,
        sql.replace("$member", "$whole") if part.whole else sql,
        words[0] if len(words) == 1 else None,
        units[0],
        datasets,
        needs,
    )


def _list_terms(
    vocabulary: Vocabulary, part: Part, within: tuple[str, ...], faults: list[tuple[Place, str]]
) -> Iterator[tuple[Place, Term]]:
    """Place and term of each count of a part; a count of this file is replaced by what it counts."""
    for index, term in enumerate(part.terms):
        place: Place = ("sum", index) if part.sum else ()
        own = vocabulary.own.figures.get(term.figure or "")
        if own is None or term.figure in vocabulary.registry.figures:
            yield place, term
        elif own.denominator is not None or own.numerator.whole:
            faults.append((place, f"{term.figure} is no count, so it can't be part of another figure"))
        elif term.figure in within:
            faults.append((place, f"{' → '.join([*within, term.figure])}: a figure can't count itself"))
        else:
            yield from (
                (place, each) for _, each in _list_terms(vocabulary, own.numerator, (*within, term.figure), faults)
            )


def _read_family(vocabulary: Vocabulary, key: str, dimensions: list[str], *, is_whole: bool) -> Counted:
    """A count of the registry, from the rows of its family's model."""
    figures = vocabulary.registry.figures
    counts = [name for name, figure in figures.items() if figure.measure == "count"] + [
        name for name, figure in vocabulary.own.figures.items() if figure.denominator is None
    ]
    if key not in counts:
        problem = "is a ratio, and only counts can be parts" if key in figures else "is no figure"
        raise Faults([((), f"{key!r} {problem}{suggest_name(key, counts)}")])
    figure = figures[key]
    needed = _list_wholes(dimensions) if is_whole else dimensions
    if missing := [name for name in needed if name not in figure.dimensions]:
        having = ", ".join(figure.dimensions)
        raise Faults([((), f"{key} has no dimension {', '.join(missing)}, only {having}; use `count` for others")])
    read = {"family": vocabulary.registry.families[key], "column": figure.numerator.column}
    if is_whole:
        terms = [{**read, "dimension": name, "condition": _whole(name)[0]} for name in dimensions]
    else:
        terms = [{**read, "condition": f"dimension in ({', '.join(map(quote_literal, dimensions))})"}]
    return Counted(terms, figure.numerator.sql, figure.numerator.words, figure.unit, [figure.dataset], figure.needs)


def _count_event(vocabulary: Vocabulary, term: Term, dimensions: list[str], *, is_whole: bool) -> Counted:
    """Rows of a fact under conditions."""
    events = vocabulary.registry.events
    if term.count not in events:
        raise Faults([(("count",), f"{term.count!r} can't be counted{suggest_name(str(term.count), events)}")])
    event = events[term.count]
    selected = select_rows(event, term.where, vocabulary.labels)
    columns = {name: vocabulary.pair_columns(event, name) for name in dimensions if name != "total"}
    needed = [name for name in _list_wholes(dimensions) if name != "total"] if is_whole else []
    missing = [name for name, pair in columns.items() if pair is None and not is_whole]
    if missing := missing + [name for name in needed if name not in event.columns]:
        known = ["total", *event.columns, *vocabulary.own.dimensions]
        raise Faults([(("count",), f"{term.count} has no dimension {missing[0]}{suggest_name(missing[0], known)}")])
    read = {"event": term.count, "relation": event.relation, "condition": selected.condition}
    optional = {"day": event.day, "since": selected.since, "until": selected.until}
    read |= {name: value for name, value in optional.items() if value}
    if is_whole:
        terms = [
            {**read, "dimension": name, "columns": {}, "condition": f"{selected.condition} and {_whole(name)[1]}"}
            for name in dimensions
        ]
    else:
        terms = [{**read, "columns": {name: pair[0] for name, pair in columns.items() if pair}}]
    words = None if term.where else event.words
    needs = [*event.needs, *(need for name in term.where for need in event.condition_needs.get(name, []))]
    return Counted(terms, event.sql + selected.proof, words, event.unit, [event.dataset], needs)


def _whole(dimension: str) -> tuple[str, str]:
    return _WHOLE_OF_TOWNS if dimension == "town" else _WHOLE


def _list_wholes(dimensions: list[str]) -> list[str]:
    """The dimensions whose rows are the wholes of these."""
    return list(dict.fromkeys("venue" if name == "town" else "total" for name in dimensions))
