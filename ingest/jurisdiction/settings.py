"""What jurisdiction.yaml may say, and reads it.

It takes the folder of a jurisdiction and returns a `Jurisdiction`. The CSV files of the folder are read in `lists`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from ingest.errors import MappingError
from ingest.mapping.read_yaml import read_yaml


class Jurisdiction(BaseModel):
    """`jurisdiction.yaml`: names, calendar, pauses and what the bulletin needs (read by `reports`)."""

    model_config = ConfigDict(extra="forbid")

    name: str
    code: str
    city_word: str
    bureau: str
    pause_kinds: dict[str, bool]
    bulletin: dict[str, Any]


def load_jurisdiction(folder: Path) -> Jurisdiction:
    """The jurisdiction in `folder`; raises MappingError."""
    path = folder / "jurisdiction.yaml"
    if not path.exists():
        raise MappingError(f"{path}: is missing; a jurisdiction folder starts with it")
    return read_yaml(path, Jurisdiction)
