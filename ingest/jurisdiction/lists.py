"""Reads the CSV files of a jurisdiction: regions, organisations, holidays.

It takes the path of a file and the columns it must have, and returns a frame of text.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from ingest.errors import MappingError


def read_list(path: Path, columns: Iterable[str]) -> pd.DataFrame:
    """The rows of the CSV file, with at least `columns`, all as text; raises MappingError."""
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise MappingError(f"{path}: can't be read: {error}") from None
    if missing := sorted({*columns} - {*frame.columns}):
        raise MappingError(f"{path}: lacks the column {', '.join(missing)}; it has {', '.join(frame.columns)}")
    return frame
