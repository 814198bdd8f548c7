"""What jurisdiction.yaml may say, and reads it.

It takes the folder of a jurisdiction and returns a `Jurisdiction`. The CSV files of the folder are read in `lists`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from ingest.errors import Faults, MappingError
from ingest.mapping.load import load_contracts
from ingest.mapping.read_yaml import read_yaml
from ingest.mapping.vocabulary import suggest_name


def _read_flag(value: object) -> object:
    return {"是": True, "否": False}.get(value, value) if isinstance(value, str) else value


YesNo = Annotated[bool, BeforeValidator(_read_flag)]
"""true or false, also written yes and no, or 是 and 否."""


class Jurisdiction(BaseModel):
    """`jurisdiction.yaml`: names, calendar, pauses and what the bulletin needs (read by `reports`)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, coerce_numbers_to_str=True)

    name: str
    code: str
    city_word: str
    bureau: str
    pause_kinds: dict[str, YesNo]
    bulletin: dict[str, Any]

    @model_validator(mode="after")
    def _check_pause_kinds(self) -> Self:
        known = [*(load_contracts()["case_pauses"].columns["kind"].codes or {})]
        unknown = [kind for kind in self.pause_kinds if kind not in known]
        if unknown:
            raise Faults(
                (("pause_kinds", kind), f"{kind!r} is no kind of pause{suggest_name(kind, known)}") for kind in unknown
            )
        return self


def load_jurisdiction(folder: Path) -> Jurisdiction:
    """The jurisdiction in `folder`; raises MappingError."""
    path = folder / "jurisdiction.yaml"
    if not path.exists():
        raise MappingError(f"{path}: is missing; a jurisdiction folder starts with it")
    return read_yaml(path, Jurisdiction)
