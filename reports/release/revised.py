"""Here the figures of a bulletin are set beside those of its last released version: what is revised, and why.
Freezing a version stays out (release.py), and so do the looks of the table.
It hands render a `Revised`, and verify the one a folder was rendered with.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Revised:
    """The released version that a bulletin takes the place of: its name, its values, and why they are revised."""

    version: str
    values: dict[tuple[str, str, str], float | None]  # by figure, dimension and member
    why: str = ""


def against(released: Path | None, why: str = "") -> Revised | None:
    """What `released`, a folder releases/<period>/v<n>, said; None where nothing was released yet."""
    if released is None:
        return None
    with (released / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        values = {
            (row["figure"], row["dimension"], row["member"]): float(row["value"]) if row["value"] else None
            for row in csv.DictReader(file)
        }
    return Revised(released.name, values, why.strip())


def of(folder: Path, releases: Path) -> Revised | None:
    """What the bulletin in `folder` says it revises, of the versions in `releases`; None where it revises none.

    Raises ValueError where that version is gone: the bulletin can't be rendered like this again.
    """
    record = json.loads((folder / "provenance.json").read_text("utf-8"))
    version = record.get("revises")
    if not version:
        return None
    try:
        return against(releases / version, record.get("why") or "")
    except OSError as error:
        raise ValueError(f"{folder} revises {version}, whose figures can't be read: {error}") from None
