"""What `tongbao check --json` writes: the faults of the folder, each mapping on its newest file, a rehearsed run.

It takes the faults that `check.py` found and asks `ingest/drafting` for the rest. Values in it are masked as on the
terminal.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest.drafting.check_folder import count_open_questions
from ingest.drafting.rehearse import Rehearsal, rehearse_mappings
from ingest.drafting.rehearse_run import rehearse_run
from ingest.errors import MappingError
from ingest.jurisdiction.settings import load_jurisdiction
from ingest.mapping.load import load_sources

_COLUMNS = ("tried", "files", "rows", "found", "missing", "unknown", "derived", "set_aside", "refusal")


def write_findings(folder: Path, exports: Path, faults: list[str], *, every: bool) -> tuple[str, int]:
    """The findings as JSON, and how many of them would stop a run."""
    found: dict[str, Any] = {"folder": str(folder), "exports": str(exports), "errors": faults}
    stopped = 0
    # as on the terminal: a fault of the text leaves the exports to be rehearsed, any other doesn't
    if not any("template.md" not in fault for fault in faults):
        zone = load_jurisdiction(folder).timezone
        outcomes = rehearse_mappings(load_sources(folder), exports, every=every, timezone=zone)
        found["mappings"] = [_describe(outcome) for outcome in outcomes]
        try:
            rehearsed = rehearse_run(folder, exports)
            found["rehearsal"] = asdict(rehearsed)
            stopped = len(rehearsed.stopped)
        except MappingError as error:
            faults.append(str(error))
        found["open_questions"] = count_open_questions(folder)
    return json.dumps(found, ensure_ascii=False, indent=1, default=str), len(faults) + stopped


def _describe(outcome: Rehearsal) -> dict[str, Any]:
    about = {"source": outcome.source.source, "dataset": outcome.export.dataset, "globs": outcome.export.files}
    return about | {name: getattr(outcome, name) for name in _COLUMNS}
