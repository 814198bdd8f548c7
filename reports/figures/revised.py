"""Reads the values of the released version that a new bulletin replaces, so that the bulletin can list what changed.

It reads figures.csv of a released folder and returns a `Revised`. detail.py compares it with the present figures.
Freezing a version belongs to reports/release; the table that prints the changes belongs to reports/document.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Revised:
    """A released version: its name (v1), its values by (figure, dimension, member), and why they are revised."""

    version: str
    values: dict[tuple[str, str, str], float | None]
    why: str = ""


def read_revised(released: Path | None, why: str = "") -> Revised | None:
    """The version in the folder `released`, releases/<period>/v<n>; None where nothing was released yet."""
    if released is None:
        return None
    with (released / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        values = {
            (row["figure"], row["dimension"], row["member"]): float(row["value"]) if row["value"] else None
            for row in csv.DictReader(file)
        }
    return Revised(released.name, values, why.strip())


def read_revised_by(folder: Path, releases: Path) -> Revised | None:
    """The version in `releases` that the bulletin in `folder` revises; None if it revises none.

    Raises ValueError if that version is gone, because the bulletin then can't be rendered again.
    """
    record = json.loads((folder / "provenance.json").read_text("utf-8"))
    version = record.get("revises")
    if not version:
        return None
    try:
        return read_revised(releases / version, record.get("why") or "")
    except OSError as error:
        raise ValueError(f"{folder} revises {version}, whose figures can't be read: {error}") from None
