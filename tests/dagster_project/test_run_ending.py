"""How a run ended is read from the events of its steps; the message of an error that no step has worded stays unsaid.

Events made by hand take the place of a run's. Whole runs that publish or are blocked are in test_selections.py.
"""

from __future__ import annotations

from types import SimpleNamespace

import dagster as dg
import pytest

from dagster_project.gate.verdict_book import VerdictBook
from dagster_project.run_ending import find_ending
from tests.gate.verdicts import COUNTY, KEYS, VOLUME

START, SUCCESS, FAILURE = (getattr(dg.DagsterEventType, f"STEP_{end}") for end in ("START", "SUCCESS", "FAILURE"))


def event(kind: dg.DagsterEventType, message: str = "", cls_name: str = "") -> SimpleNamespace:
    cause = SimpleNamespace(message=message, cls_name=cls_name, cause=None)
    error = SimpleNamespace(message="the step failed", cls_name="DagsterExecutionStepExecutionError", cause=cause)
    event = SimpleNamespace(event_type=kind, event_specific_data=SimpleNamespace(error=error))
    return SimpleNamespace(dagster_event=event)


NO_EXPORTS = event(FAILURE, "dagster.Failure: no exports: put files there", "Failure")
PERSONAL = event(FAILURE, "duckdb.ConversionException: '张三' is no date", "ConversionException")
STOPPED = event(FAILURE, "x.DagsterExecutionInterruptedError", "DagsterExecutionInterruptedError")
QUERY_STOPPED = event(FAILURE, "RuntimeError: Query interrupted\n", "RuntimeError")
CHECK_FAILED = event(FAILURE, "dagster.Failure: volumes", "Failure")


@pytest.mark.parametrize(
    ("events", "judgement", "success", "expected"),
    [
        ([event(START), event(SUCCESS)], KEYS, "published", ("published", "")),
        ([event(START), event(SUCCESS)], KEYS, None, ("ended", "")),
        ([event(START), event(SUCCESS), event(START)], KEYS, None, ("interrupted", "")),
        ([QUERY_STOPPED], KEYS, None, ("interrupted", "")),
        ([STOPPED], VOLUME, None, ("interrupted", "")),
        ([CHECK_FAILED], VOLUME, None, ("blocked", "")),
        ([NO_EXPORTS], KEYS, None, ("failed", "no exports: put files there")),
        ([PERSONAL], KEYS, None, ("failed", "ConversionException")),
    ],
)
def test_how_a_run_ended(tmp_path, events, judgement, success, expected):
    book = VerdictBook(tmp_path, "run", COUNTY, pytest.fail)
    book.enter(judgement)
    book.success = success
    run = SimpleNamespace(run_id="run")
    context = SimpleNamespace(run=run, instance=SimpleNamespace(all_logs=lambda run_id, of_type: events))
    assert find_ending(context, book) == expected
