"""How a run ended, from the events of its steps, and whether it was to publish at all.

`find_ending` takes the run's events and the book of its verdict and returns the state and the reason that the page of
the verdict gives: published, blocked, failed or cut short, and why. It returns only reasons that a step has worded
itself: the message of any other error may hold what a cell of an export holds. The events of a run that was killed are
never looked at; `gate/verdict_book.py` closes its verdict when the next run begins.
"""

from typing import Any

import dagster as dg

from dagster_project.gate.verdict import State
from dagster_project.gate.verdict_book import VerdictBook

_STOPPED = {"DagsterExecutionInterruptedError", "KeyboardInterrupt", "InterruptException"}
_QUERY_STOPPED = "Query interrupted"  # DuckDB raises a RuntimeError


def find_ending(context: dg.InitResourceContext, book: VerdictBook) -> tuple[State, str]:
    """The state of a run whose steps are over, and why it published nothing: a sentence, or the kind of an error."""
    if book.success:
        return book.success, ""
    kinds = {dg.DagsterEventType.STEP_START, dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE}
    entries = context.instance.all_logs(context.run.run_id, of_type=kinds) if context.run else []
    events = [entry.dagster_event for entry in entries]
    of_kind = {kind: [event for event in events if event.event_type == kind] for kind in kinds}
    errors = [event.event_specific_data.error for event in of_kind[dg.DagsterEventType.STEP_FAILURE]]
    if not errors:
        is_over = len(of_kind[dg.DagsterEventType.STEP_START]) == len(of_kind[dg.DagsterEventType.STEP_SUCCESS])
        return "ended" if is_over else "interrupted", ""
    causes = [_find_cause(error) for error in errors]
    if any(cause.cls_name in _STOPPED or _QUERY_STOPPED in cause.message for cause in causes):
        return "interrupted", ""
    if book.verdict.of("failed"):
        return "blocked", ""
    kind, _, said = causes[0].message.partition(": ")
    return "failed", said.strip() if causes[0].cls_name == "Failure" else kind.rpartition(".")[2]


def was_to_publish(run: dg.DagsterRun) -> bool:
    """Whether `run` is the daily one, or one of the UI whose selection holds `publication`."""
    selected = {key.to_user_string() for key in run.asset_selection or ()} | {*(run.step_keys_to_execute or ())}
    return run.job_name == "daily" or "publication" in selected


def _find_cause(error: Any) -> Any:
    while error.cause:
        error = error.cause
    return error
