"""Prints what a run does on the terminal: one line a step, its warnings, and the rows that a failed check found.

`speech` is a Dagster logger for the command line. It shows progress on a terminal and plain lines elsewhere. The full
logs stay in the Dagster instance.
"""

import logging
import re
import time

import dagster as dg

from dagster_project import settings
from dagster_project.cli.terminal import console, errors
from dagster_project.warehouse.disk import describe_fault

_STEPS = {
    "ingest": "reading exports · 读取导出文件",
    "models": "building and testing models · 建模与检验",
    "plausibility": "checking plausibility · 核查合理性",
    "worklists": "writing worklists · 生成督办清单",
    "publication": "rendering and publishing · 渲染与发布",
    "bulletin": "rendering · 渲染",
}


_SHOWN = 5


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
            console.print(f"[bold]{_STEPS.get(step, step)}[/bold]")
        elif event.event_type == dg.DagsterEventType.STEP_SUCCESS:
            console.print(f"  [green]done[/green] in {time.monotonic() - self.started.get(step, 0):.1f} s")
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            self._check(event.event_specific_data)
        elif event.event_type in (dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RESOURCE_INIT_FAILURE):
            cause = event.event_specific_data.error
            while cause.cause:
                cause = cause.cause
            if cause.cls_name == "DagsterExecutionInterruptedError":
                return  # the command itself says so in the end
            # leave out the module of the exception, which tells a user nothing
            said = re.sub(r"^[a-z_]\w*(\.\w+)+: ", "", cause.message.strip().splitlines()[0])
            if "DagsterAssetCheckFailedError" in cause.message:
                said = "a check that must pass did not, see above"
            said = describe_fault(cause.message, settings.home()) or said
            errors.print(f"  [red]failed[/red] {step or 'to start'}: ", end="")
            errors.print(said, markup=False)

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
            errors.print(f"  [red]error[/red] {said}")
        elif level == logging.WARNING and step != "models":
            errors.print("  [yellow]warning[/yellow]", end=" ")
            errors.print(said, markup=False)
        elif level == logging.INFO and step != "models":
            console.print(f"  {said}", markup=False)

    def _check(self, found) -> None:
        if found.passed:
            return
        is_warning = found.severity == dg.AssetCheckSeverity.WARN
        label = "[yellow]warning[/yellow]" if is_warning else "[red]error[/red]"
        errors.print(f"  {label} {found.asset_key.to_user_string()}: {found.check_name}")
        rows = found.metadata["rows"].records if "rows" in found.metadata else []
        for row in rows[:_SHOWN]:
            errors.print("    " + ": ".join(str(value) for value in row.data.values()), markup=False)
        if len(rows) > _SHOWN:
            errors.print(f"    … {found.metadata['failing'].value} in all")
        if "remedy" in found.metadata:
            errors.print(f"    → {found.metadata['remedy'].value}", markup=False)


@dg.logger(description="Plain sentences on the terminal")
def speech(context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.getLogger("tongbao.speech")
    logger.handlers = [_Speaker()]
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    return logger
