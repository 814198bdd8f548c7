"""What an export must hold: contracts of datasets and mappings of sources, read from YAML and validated.

No file of an export is opened here and no SQL is made. It hands on `Contract`, `Source` and `Export` objects
that every other verb reads.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

Model = TypeVar("Model", bound=BaseModel)
CONTRACTS = Path(__file__).parent / "contracts"


class MappingError(ValueError):
    """A contract, mapping or jurisdiction file that can't be used; the text names the file and the place in it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """One canonical column: its default header, type and rules."""

    header: str
    type: Literal["text", "code", "date", "timestamp", "integer", "number", "boolean"]
    required: bool = False
    required_unless: dict[str, list[str]] | None = None
    max_length: int | None = None
    default: str | None = None
    codes: dict[str, str] | None = None
    personal: Literal["drop", "pseudonym"] | None = None

    @field_validator("codes", mode="before")
    @classmethod
    def _labels_are_codes(cls, codes: object) -> object:
        return {label: label for label in codes} if isinstance(codes, list) else codes


Verdict = Literal["accept", "warn", "refuse"]


class Drift(_Strict):
    """What to do when an export departs from what its source usually sends: `warn` says so, `refuse` stops the run.

    A required column that is missing is refused whatever `missing` says; see `ingest.drift` for what each word means.
    """

    added: Verdict = "warn"
    missing: Verdict = "warn"
    renamed: Verdict = "accept"
    reordered: Verdict = "accept"
    retyped: Verdict = "warn"
    new_value: Verdict = "warn"
    volume: Verdict = "warn"


class Contract(_Strict):
    """One dataset: its grain, key, columns and tolerance.

    `is_continuous`: rows are expected every day, so the dataset bounds the day that a period can be counted to.
    `max_bad_share`: above this share of rows that don't conform a file is refused whole.
    `version_by`: the column whose greater value makes a row the newer version of its key.
    """

    dataset: str
    title: str
    grain: str
    key: list[str]
    is_continuous: bool
    max_bad_share: float
    version_by: str | None = None
    drift: Drift = Drift()
    columns: dict[str, Column]

    @property
    def stored(self) -> dict[str, Column]:
        """Columns that reach the warehouse: all but the personal ones that are dropped."""
        return {name: column for name, column in self.columns.items() if column.personal != "drop"}


class Export(_Strict):
    """One kind of file that a source exports, and how it maps to a dataset."""

    dataset: str
    files: list[str]
    format: Literal["csv", "xlsx"] = "csv"
    delimiter: str = ","
    encoding: Literal["utf-8", "gb18030", "utf-16"] | None = None
    sheet: str | None = None
    date_in_path: str | None = None
    columns: dict[str, list[str]] = Field(default_factory=dict)
    absent: list[str] = Field(default_factory=list)
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)

    @field_validator("date_in_path")
    @classmethod
    def _pattern_compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            re.compile(pattern)
        return pattern

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        contracts = load_contracts()
        if self.dataset not in contracts:
            raise ValueError(f"dataset {self.dataset!r} has no contract; there are {', '.join(contracts)}")
        known = contracts[self.dataset].columns
        for name in [*self.columns, *self.absent, *self.codes, *self.constants]:
            if name not in known:
                raise ValueError(f"{name!r} is no column of {self.dataset}; its columns are {', '.join(known)}")
        for name in self.absent:
            if known[name].required and name not in self.constants:
                raise ValueError(f"{name!r} is required by {self.dataset}: it can't be absent without a constant")
        return self


class Source(_Strict):
    """One system that exports."""

    source: str
    name: str
    is_platform: bool = False
    is_enrolled: bool = False
    is_optional: bool = False
    precedence: int = 99
    case_no_scope: Literal["shared", "own"] = "own"
    exports: list[Export]


def read_yaml(path: Path, model: type[Model]) -> Model:
    """The YAML file at `path` as a `model`; raises MappingError that names file, place and what is wrong."""
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise MappingError(f"{path}: is not valid YAML: {error}") from None
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()]
        raise MappingError("\n".join([f"{path}: can't be used:", *lines])) from None


@cache
def load_contracts() -> dict[str, Contract]:
    """The contracts of all datasets, by name, in alphabetical order."""
    return {path.stem: read_yaml(path, Contract) for path in sorted(CONTRACTS.glob("*.yaml"))}


def load_sources(jurisdiction: Path) -> list[Source]:
    """The sources of a jurisdiction, by `<jurisdiction>/sources/*.yaml`; raises MappingError."""
    paths = sorted((jurisdiction / "sources").glob("*.yaml"))
    if not paths:
        raise MappingError(f"{jurisdiction / 'sources'}: holds no mapping; add one YAML file a source")
    sources = [read_yaml(path, Source) for path in paths]
    for path, source in zip(paths, sources, strict=True):
        if source.source != path.stem:
            raise MappingError(f"{path}: says source: {source.source}; name the file {source.source}.yaml")
    return sources
