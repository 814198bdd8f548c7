"""The verdict of a run: what each check found, kept as `<home>/quality/<run>.json` beside the page of the same name.

`RunVerdict` takes judgements as they are made and is written after each stage, so a run that is killed leaves what it
has found so far. The files lie outside the warehouse: the history of checks survives a blocked run, `discard` and
`rebuild`, until `warehouse/retention.py` deletes them. `verdict_page.py` draws the page; which results decide about
publication is in `warehouse/may_publish.py`.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dagster_project.disk import replace_file

MOST_READ = 60  # runs that a page and the list of runs look back on
MOST_FINDINGS = 20  # of a check, on the page

Layer = Literal["files", "structure", "plausibility", "figures", "presentation"]
# running: not over yet, or killed; rendered: one bulletin, from what is published; ended: without publication
State = Literal["running", "interrupted", "published", "rendered", "ended", "blocked", "failed"]


class Found(BaseModel):
    """One failing row: a sentence, and where known the file, the record and the number seen."""

    model_config = ConfigDict(frozen=True)

    text: str
    file: str = ""
    record: str = ""
    seen: float | None = None
    reason: str = ""  # why a person accepted it
    accepted_by: str = ""


class Judgement(BaseModel):
    """What one check found. `least` and `most` are the bounds, `lowest` and `highest` what it saw of all rows."""

    model_config = ConfigDict(frozen=True)

    layer: Layer
    asset: str
    name: str
    severity: Literal["error", "warning"]
    count: int = 0  # failing rows
    judged: int | None = None  # rows; 0 means that there is nothing to compare with yet
    findings: tuple[Found, ...] = ()
    accepted: tuple[Found, ...] = ()
    least: float | None = None
    most: float | None = None
    lowest: float | None = None
    highest: float | None = None
    about: str = ""
    remedy: str = ""

    @property
    def outcome(self) -> str:
        """'failed', 'warned' or 'passed'."""
        if not self.count:
            return "passed"
        return "failed" if self.severity == "error" else "warned"

    @property
    def is_acceptable(self) -> bool:
        """Whether a person may let what failed pass: only checks of plausibility, never of files or structure."""
        return self.outcome == "failed" and self.layer in ("plausibility", "figures")


class RunVerdict(BaseModel):
    """What a run found; `reason`: why it published nothing, in a sentence."""

    run_id: str
    started_at: datetime
    ended_at: datetime | None = None
    state: State = "running"
    reason: str = ""
    judgements: list[Judgement] = Field(default_factory=list)

    def enter(self, judgement: Judgement) -> None:
        """Add a judgement in place of an earlier one of the same check."""
        key = (judgement.asset, judgement.name)
        self.judgements = [*(j for j in self.judgements if (j.asset, j.name) != key), judgement]

    def end(self, state: State, reason: str = "") -> None:
        self.state, self.reason, self.ended_at = state, reason, datetime.now(UTC).replace(microsecond=0)

    def of(self, outcome: str) -> list[Judgement]:
        return [judgement for judgement in self.judgements if judgement.outcome == outcome]


def begin_verdict(run_id: str) -> RunVerdict:
    """The verdict of a run that starts now."""
    return RunVerdict(run_id=run_id, started_at=datetime.now(UTC).replace(microsecond=0))


def verdict_folder(home: Path) -> Path:
    return home / "quality"


def page_path(home: Path, run_id: str) -> Path:
    """Where the page of a run is, or will be."""
    return verdict_folder(home) / f"{run_id}.html"


def newest_page(home: Path) -> Path | None:
    """The page of the run that judged last; None if no run has judged anything yet."""
    pages = [page_path(home, verdict.run_id) for verdict in read_verdicts(home)[-1:]]
    return next((page for page in pages if page.exists()), None)


def read_verdict(home: Path, run_id: str) -> RunVerdict:
    """What one run found; a verdict that begins now if it judged nothing, or too long ago."""
    return next((verdict for verdict in read_verdicts(home) if verdict.run_id == run_id), None) or begin_verdict(run_id)


def read_verdicts(home: Path) -> list[RunVerdict]:
    """The verdicts of the newest runs, oldest first; a file that can't be read is left out."""
    verdicts = []
    for path in _list_files(home)[-MOST_READ:]:
        try:
            verdicts.append(RunVerdict.model_validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            continue
    return sorted(verdicts, key=lambda verdict: (verdict.started_at, verdict.run_id))


def _list_files(home: Path) -> list[Path]:
    """The files of verdicts in the order in which they were written."""
    return sorted(verdict_folder(home).glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))


def keep_verdict(home: Path, verdict: RunVerdict) -> None:
    """Write the verdict aside and rename it."""
    verdict_folder(home).mkdir(parents=True, exist_ok=True)
    replace_file(verdict_folder(home) / f"{verdict.run_id}.json", verdict.model_dump_json(exclude_defaults=True))
