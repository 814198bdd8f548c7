"""Reads the figures of a jurisdiction's own from its figures.yaml, for dbt's variable `own_figures`.

It takes the folder of a jurisdiction and returns the variables of dbt: figures and dimensions in the registry's form,
and the terms that their parts are sums of. A mistake raises MappingError with file, line, column and the nearest name.
Without figures.yaml there are no variables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dagster_project.own_figures.entries import OwnFigure, OwnFile, Part
from dagster_project.own_figures.terms import Counted, Vocabulary, count_part
from ingest.errors import Faults, MappingError, Place
from ingest.mapping.load import load_sources
from ingest.mapping.read_yaml import locate_fault, read_yaml
from ingest.mapping.vocabulary import suggest_name
from reports.figures.registry import FigureEntry, Registry, load

FILE = "figures.yaml"
# after every figure of the registry
_FIRST_ORDER = 100_000
_DECIMALS = {"wan": 0, "exact": 0, "share": 1, "rate": 2, "days": 1}


def load_own_figures(folder: Path) -> dict[str, Any]:
    """dbt's variables for the figures of the jurisdiction in `folder`; raises MappingError."""
    path = folder / FILE
    if not path.exists():
        return {}
    own, registry = read_yaml(path, OwnFile), load()
    labels = {name: dimension.labels for name, dimension in registry.dimensions.items() if dimension.labels}
    labels["source"] = {source.source: source.name for source in load_sources(folder)}
    vocabulary = Vocabulary(registry, own, labels)
    faults: list[tuple[Place, str]] = []
    dimensions = {}
    for key, dimension in own.dimensions.items():
        columns = [pair for event in registry.events.values() if (pair := vocabulary.pair_columns(event, key))]
        if key in registry.dimensions or not columns:
            known = {name for event in registry.events.values() for name in event.columns}
            unknown = [name for name in dimension.of if name not in known]
            problem = (
                f"{unknown[0]!r} can't be paired{suggest_name(unknown[0], known)}" if unknown else "pairs no counts"
            )
            faults.append((("dimensions", key), "is the registry's" if key in registry.dimensions else problem))
            continue
        dimensions[key] = {"name": dimension.name, "member": f"{columns[0][1]} = $name", "is_listed": False}
    figures, terms = {}, []
    for index, (key, figure) in enumerate(own.figures.items()):
        try:
            figures[key], counted = _resolve(vocabulary, key, figure, _FIRST_ORDER + index)
            terms += counted
        except Faults as wrong:
            faults += [(("figures", key, *below), text) for below, text in wrong.faults]
    faults += _find_doubles(registry, figures)
    if faults:
        raise MappingError("\n".join(str(locate_fault(path, place, text)) for place, text in faults))
    return {"own_figures": {"figures": figures, "dimensions": dimensions, "terms": terms}}


def _resolve(
    vocabulary: Vocabulary, key: str, figure: OwnFigure, order: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figure in the registry's form, and its terms; raises Faults."""
    faults: list[tuple[Place, str]] = []
    known = [*vocabulary.registry.dimensions, *vocabulary.own.dimensions]
    for index, name in enumerate(figure.dimensions):
        if name not in known:
            faults.append((("dimensions", index), f"{name!r} is no dimension{suggest_name(name, known)}"))
    if figure.numerator.whole:
        faults.append((("numerator", "whole"), "only a denominator can be the whole"))
    parts: dict[str, Counted] = {}
    for side in ("numerator", "denominator"):
        part: Part | None = getattr(figure, side)
        if part is None or faults:
            continue
        try:
            parts[side] = count_part(vocabulary, key, side, part, figure.dimensions)
        except Faults as wrong:
            faults += [((side, *below), text) for below, text in wrong.faults]
            continue
        if not _say_part(vocabulary, figure, side, parts[side]):
            faults.append(((side,), "`words` is missing: say for readers what is counted"))
    if faults:
        raise Faults(faults)
    is_count = figure.denominator is None
    unit = figure.unit or (parts["numerator"].unit if is_count else "%")
    style = figure.style or ("exact" if is_count else "rate" if unit == "%" else "days")
    datasets = [name for part in parts.values() for name in part.datasets]
    entry = {
        "order": order,
        "name": figure.name,
        "heading": figure.heading or (f"{figure.name}（{unit}）" if is_count else figure.name),
        "basis": figure.basis,
        "unit": unit,
        "direction": figure.direction,
        "style": style,
        "decimals": _DECIMALS[style] if figure.decimals is None else figure.decimals,
        "measure": "count" if is_count else "ratio",
        # of two counts of one's own only the style says that one is a part of the other: 办结 ÷ 受理 may exceed 1
        "is_part": style == "share",
        # of two datasets, evaluations begin later: a comparison needs both
        "dataset": "evaluations" if "evaluations" in datasets else datasets[0],
        "dimensions": figure.dimensions,
        "needs": list(dict.fromkeys(need for part in parts.values() for need in part.needs)),
        **{
            side: {
                "words": _say_part(vocabulary, figure, side, part),
                "heading": getattr(figure, side).heading,
                "column": side,
                "sql": part.sql,
            }
            for side, part in parts.items()
        },
    }
    FigureEntry.model_validate(entry)
    return entry, [term for part in parts.values() for term in part.terms]


def _say_part(vocabulary: Vocabulary, figure: OwnFigure, side: str, counted: Counted) -> str | None:
    """What the part counts, for readers: as it says, as its one count is called, or for a count the figure's name."""
    part: Part = getattr(figure, side)
    named = vocabulary.own.figures.get(part.figure or "")
    if named is None and side == "numerator" and figure.denominator is None:
        named = figure
    return part.words or counted.words or (named and (named.numerator.words or named.name))


def _find_doubles(registry: Registry, figures: dict[str, dict[str, Any]]) -> list[tuple[Place, str]]:
    """Keys, names and headings that another figure has."""
    taken = {
        (field, getattr(figure, field)): key
        for key, figure in registry.figures.items()
        for field in ("name", "heading")
    }
    faults: list[tuple[Place, str]] = []
    for key, figure in figures.items():
        if key in registry.figures:
            faults.append((("figures", key), f"{key!r} is a figure of the registry; choose another key"))
        for field in ("name", "heading"):
            other = taken.setdefault((field, figure[field]), key)
            if other != key:
                faults.append((("figures", key, field), f"{figure[field]!r} is that of {other} too; give it its own"))
    return faults
