"""Prints what a run does on the terminal: one line a step, and what steps themselves log.

`speech` is a Dagster logger for the command line. It shows progress on a terminal and plain lines elsewhere. What
failed, and what checks found, is told in the end by `ending.py`. The full logs stay in the Dagster instance.
"""

import logging
import time

import dagster as dg

from dagster_project.terminal.console import console, errors, print_warning
from reports.words.locale import words

_STEPS = {"ingest", "models", "plausibility", "worklists", "publication", "bulletin"}


class _Speaker(logging.Handler):
    """Turns Dagster's events into sentences."""

    def __init__(self) -> None:
        super().__init__()
        self.started: dict[str, float] = {}
        self.shown = 0

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {})
        event, step = meta.get("dagster_event"), meta.get("step_key") or ""
        said = meta.get("orig_message") or record.getMessage()
        if event is None:
            self._say(said, record.levelno, step)
        elif event.event_type == dg.DagsterEventType.STEP_START:
            self.started[step] = time.monotonic()
            console.print(f"[bold]{words(f'run.step.{step}') if step in _STEPS else step}[/bold]")
        elif event.event_type == dg.DagsterEventType.STEP_SUCCESS:
            seconds = f"{time.monotonic() - self.started.get(step, 0):.1f}"
            console.print(f"  {words('run.done', seconds=seconds)}", style="green")

    def _say(self, said: str, level: int, step: str) -> None:
        if said.startswith("progress "):
            if console.is_terminal:
                console.print(f"  {said.removeprefix('progress ')}", end="\r", style="dim")
            elif int(said.split()[1].rstrip("%")) >= self.shown + 20:
                self.shown = int(said.split()[1].rstrip("%"))
                console.print(f"  {said.removeprefix('progress ')}")
        elif said.startswith("nothing was published"):
            return  # the command itself says so in the end
        elif level >= logging.ERROR and not said.startswith("Dependencies for step"):
            errors.print(f"  [red]{words('run.error')}[/red]", end=" ")
            errors.print(said, markup=False)
        elif level == logging.WARNING and step != "models":
            errors.print("  ", end="")
            print_warning(said)
        elif level == logging.INFO and step != "models":
            console.print(f"  {said}", markup=False)


@dg.logger(description="Plain sentences on the terminal")
def speech(context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.getLogger("tongbao.speech")
    logger.handlers = [_Speaker()]
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    return logger
