"""The verdict of one run while it lasts: judgements are entered, and the page is written after each stage.

`VerdictBook` belongs to the run that holds the home's lock. When it is opened it closes the verdicts of runs that were
killed, whose pages are written last. A page that can't be written is a warning and never stops a run.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from dagster_project.gate.verdict import (
    Judgement,
    State,
    begin_verdict,
    keep_verdict,
    page_path,
    read_verdicts,
)
from dagster_project.gate.verdict_page import Setting, write_pages


class VerdictBook:
    """The verdict of run `run_id` in `home`; `warn` says what could not be written."""

    def __init__(self, home: Path, run_id: str, setting: Setting, warn: Callable[[str], None]) -> None:
        self._home, self._setting, self._warn = home, setting, warn
        self.verdict = begin_verdict(run_id)
        self.success: State | None = None  # set by the step that publishes or renders
        # the verdicts of the runs before, oldest first
        self.earlier = [verdict for verdict in read_verdicts(home) if verdict.run_id != run_id]
        self._is_tidy = False

    @property
    def page(self) -> Path:
        """The page of this run, or of the run that judged last if this one has judged nothing."""
        judged = [verdict for verdict in [*self.earlier, self.verdict] if verdict.judgements]
        return page_path(self._home, judged[-1].run_id if judged else self.verdict.run_id)

    def enter(self, *judgements: Judgement) -> None:
        """Add judgements and write the page as it is now."""
        for judgement in judgements:
            self.verdict.enter(judgement)
        self._write()

    def repeat(self, runs: Mapping[tuple[str, str], str] | None) -> list[Judgement] | None:
        """Enter the judgements that earlier runs made, (asset, name) of a check -> run, and return them.

        None, and nothing is entered, if one of them is not on record any more, or depends on what a person accepted.
        """
        made = {(j.asset, j.name, verdict.run_id): j for verdict in self.earlier for j in verdict.judgements}
        standing = [made.get((*check, run_id)) for check, run_id in (runs or {}).items()]
        if runs is None or not all(j and j.outcome != "failed" and not j.accepted for j in standing):
            return None
        self.enter(*standing)
        return standing

    def end(self, state: State, reason: str = "") -> None:
        """Write the page for the last time, if the run has judged anything."""
        self.verdict.end(state, reason)
        self._write()

    def _write(self) -> None:
        if not self.verdict.judgements:
            return
        try:
            self._tidy()
            keep_verdict(self._home, self.verdict)
            write_pages(self._home, self.verdict, self.earlier, self._setting)
        except OSError as error:
            place = error.filename or self._home / "quality"
            self._warn(f"{place} can't be written ({error.strerror}); the checks themselves are not affected")

    def _tidy(self) -> None:
        if self._is_tidy:
            return
        self._is_tidy = True
        for place, verdict in enumerate(self.earlier):
            if verdict.state == "running":
                verdict.end("interrupted")
                keep_verdict(self._home, verdict)
                write_pages(self._home, verdict, self.earlier[:place], self._setting)
