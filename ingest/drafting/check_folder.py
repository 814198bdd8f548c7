"""Reads every file of a jurisdiction's folder that a run would read, and lists all faults at once.

It takes the folder and returns texts with file, line and what to do; a run stops at the first of them. Exports are
rehearsed in `rehearse.py` and `rehearse_run.py`; the bulletin's template is read in `reports`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ingest.errors import MappingError
from ingest.jurisdiction.lists import HOLIDAYS, REGIONS, read_list, read_organisations
from ingest.jurisdiction.settings import load_jurisdiction
from ingest.mapping.load import load_sources


def list_faults(folder: Path) -> list[str]:
    """`path:line: fault` of each file in the folder that can't be used; nothing for a sound folder."""
    faults: list[str] = []

    def collect(read: Callable[[], object]) -> object | None:
        try:
            return read()
        except MappingError as error:
            faults.extend(str(error).splitlines())
            return None

    collect(lambda: load_jurisdiction(folder))
    regions = collect(lambda: read_list(folder / "regions.csv", REGIONS))
    if regions is not None:
        collect(lambda: read_organisations(folder / "organisations.csv", regions))
    holidays = folder / "holidays.csv"
    if holidays.exists():
        collect(lambda: read_list(holidays, HOLIDAYS))
    collect(lambda: load_sources(folder))
    # A mapping repeats the fault of a list that it looks something up in.
    return [*dict.fromkeys(faults)]


def count_open_questions(folder: Path) -> dict[str, int]:
    """File -> how many TODO it still holds, for files with any."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".csv", ".md")]
    counts = {
        path.relative_to(folder).as_posix(): len(re.findall("TODO", path.read_text("utf-8", errors="ignore")))
        for path in paths
    }
    return {name: count for name, count in counts.items() if count}
