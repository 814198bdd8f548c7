"""Reads the values of the released version that a new bulletin replaces, so that the bulletin can list what changed.

It reads figures.csv of a released folder and returns a `Revised` of reports/figures, which compares it with the present
figures. A version that is not as it was released is not read: its values may be anybody's.
"""

import csv
import json
from pathlib import Path

from reports.figures.revised import Revised
from reports.release.folder import list_alterations


def read_revised(released: Path | None, why: str = "") -> Revised | None:
    """The version in the folder `released`, releases/<period>/v<n>; None if none was released, or if it was altered."""
    if released is None or list_alterations(released):
        return None
    with (released / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
        values = {
            (row["figure"], row["dimension"], row["member"]): float(row["value"]) if row["value"] else None
            for row in csv.DictReader(file)
        }
    return Revised(released.name, values, why.strip())


def read_revised_by(folder: Path, releases: Path) -> Revised | None:
    """The version in `releases` that the bulletin in `folder` revises; None if it revises none.

    Raises ValueError if that version is gone or was altered, because the bulletin then can't be rendered again.
    """
    record = json.loads((folder / "provenance.json").read_text("utf-8"))
    version = record.get("revises")
    if not version:
        return None
    revised = read_revised(releases / version, record.get("why") or "")
    if not revised:
        altered = ", ".join(list_alterations(releases / version))
        raise ValueError(
            f"{folder} revises {version}, which is not as released: {altered}; put it back from your backup"
        )
    return revised
