"""Reads all contracts, and all mappings of a jurisdiction, from their YAML files.

It takes the folder of a jurisdiction and returns `Contract` and `Source` objects in which every name, code, pattern
and lookup was checked. A fault is a MappingError with file, line and column. The checks themselves are in
`validate.py`, reading YAML is in `read_yaml.py`.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from ingest.errors import Faults, MappingError, Place
from ingest.mapping.contract import SOURCE_COLUMN, Contract, Export, Source
from ingest.mapping.lookup import read_lookup
from ingest.mapping.read_yaml import locate_fault, read_yaml
from ingest.mapping.validate import find_faults
from ingest.mapping.vocabulary import find_unanswered, suggest_name

CONTRACTS = Path(__file__).parent / "contracts"


class _CheckedExport(Export):
    """An export whose names were compared with its contract while it was read."""

    @model_validator(mode="after")
    def _compare_with_contract(self) -> Self:
        contracts = load_contracts()
        if self.dataset not in contracts:
            text = f"{self.dataset!r} has no contract{suggest_name(self.dataset, contracts)}"
            raise Faults([(("dataset",), text)])
        if faults := list(find_faults(self, contracts[self.dataset])):
            raise Faults(faults)
        return self


class _CheckedSource(Source):
    exports: list[_CheckedExport] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _check_answers(cls, content: Any) -> Any:
        if isinstance(content, dict) and (faults := list(find_unanswered({"name": content.get("name")}))):
            raise Faults(faults)
        return content


@cache
def load_contracts() -> dict[str, Contract]:
    """The contracts of all datasets, by name, in alphabetical order; raises MappingError."""
    return {path.stem: _load_contract(path) for path in sorted(CONTRACTS.glob("*.yaml"))}


def load_sources(jurisdiction: Path) -> list[Source]:
    """The sources in `<jurisdiction>/sources/*.yaml`, with their lookups read; raises MappingError."""
    paths = sorted((jurisdiction / "sources").glob("*.yaml"))
    if not paths:
        raise MappingError(f"{jurisdiction / 'sources'}: holds no mapping; add one YAML file a source")
    labels = _label_sources([load_mapping(path) for path in paths])
    return [_load_source(path, jurisdiction, labels) for path in paths]


def load_mapping(path: Path) -> Source:
    """One mapping by itself: lookups aren't read, and other sources that it names aren't checked."""
    return read_yaml(path, _CheckedSource, as_text=True)


def load_finished_mappings(jurisdictions: Path) -> list[Source]:
    """Every mapping of every jurisdiction and dialect in a folder that can be used, to learn spellings from."""
    finished = []
    for path in sorted([*jurisdictions.glob("*/sources/*.yaml"), *jurisdictions.glob("_dialects/*.yaml")]):
        # a neighbour's draft that waits for answers keeps nobody from drafting
        with contextlib.suppress(MappingError):
            finished.append(load_mapping(path))
    return finished


def _load_contract(path: Path) -> Contract:
    contract = read_yaml(path, Contract)
    for place, name in _list_named_columns(contract):
        if name not in contract.columns:
            raise locate_fault(path, place, f"{name!r} is no column of this contract")
    return contract


def _list_named_columns(contract: Contract) -> Iterator[tuple[Place, str]]:
    """(place, name) of each column that the contract names outside `columns`."""
    yield from ((("key", index), name) for index, name in enumerate(contract.key))
    if contract.version_by:
        yield ("version_by",), contract.version_by
    for column, rule in contract.columns.items():
        for name in rule.required_unless or {}:
            yield ("columns", column, "required_unless", name), name


def _label_sources(sources: list[Source]) -> dict[str, str]:
    """Key or name of each source -> its key; a name that two sources have is left out."""
    names = Counter(source.name for source in sources)
    labels = {source.name: source.source for source in sources if names[source.name] == 1}
    return labels | {source.source: source.source for source in sources}


def _load_source(path: Path, jurisdiction: Path, labels: dict[str, str]) -> Source:
    source = load_mapping(path)
    if source.source != path.stem:
        text = f"{source.source!r} is not the file's name; call the file {source.source}.yaml"
        raise locate_fault(path, ("source",), text)
    exports = []
    for index, export in enumerate(source.exports):
        columns = load_contracts()[export.dataset].columns
        naming = [name for name, column in columns.items() if column.is_source]
        sources = sorted({*labels.values()})
        for place, code in _list_named_sources(export, naming):
            if code not in sources:
                text = f"{code!r} is no source of this jurisdiction{suggest_name(code, sources)}"
                raise locate_fault(path, ("exports", index, *place), text)
        codes = {name: labels | export.codes.get(name, {}) for name in naming if _is_from_export(name, export)}
        share = source.max_bad_share if export.max_bad_share is None else export.max_bad_share
        ignored = [*export.ignored, *_list_other_headers(export, source)]
        export = export.model_copy(update={"codes": export.codes | codes, "max_bad_share": share, "ignored": ignored})
        exports.append(_read_lookups(export, jurisdiction, path, sources))
    return source.model_copy(update={"exports": exports})


def _list_named_sources(export: Export, naming: list[str]) -> Iterator[tuple[Place, str]]:
    """(place, code) of each source that the mapping gives to one of the columns `naming`, which name a source."""
    for name in naming:
        for label, code in export.codes.get(name, {}).items():
            yield ("codes", name, label), code
        if name in export.constants:
            yield ("constants", name), export.constants[name]
        lookup = export.derived[name].lookup if name in export.derived else None
        for label, code in lookup.items() if isinstance(lookup, dict) else ():
            yield ("derived", name, "lookup", label), code


def _list_other_headers(export: Export, source: Source) -> list[str]:
    """Headers that another export reads from the same files, so that they are known although this one ignores them."""
    others = [other for other in source.exports if other.dataset != export.dataset and {*other.files} & {*export.files}]
    return [
        header
        for other in others
        for name, column in load_contracts()[other.dataset].columns.items()
        for header in (column.header, *other.columns.get(name, []))
    ]


def _is_from_export(name: str, export: Export) -> bool:
    """Whether cells of the export decide the column, so that it needs the labels of sources."""
    return name not in export.constants and not (name == SOURCE_COLUMN and export.is_of_own_source)


def _read_lookups(export: Export, jurisdiction: Path, path: Path, sources: list[str]) -> Export:
    """The export with the CSV of each derivation's lookup read into a dictionary."""
    derived, columns = {}, load_contracts()[export.dataset].columns
    for name, derivation in export.derived.items():
        if isinstance(derivation.lookup, str):
            labels = columns[name].codes or {}
            allowed = sources if columns[name].is_source else {*labels, *labels.values()} or None
            values = read_lookup(jurisdiction / derivation.lookup, derivation.parts[0], name, path, allowed)
            derivation = derivation.model_copy(update={"lookup": values})
        derived[name] = derivation
    return export.model_copy(update={"derived": derived})
