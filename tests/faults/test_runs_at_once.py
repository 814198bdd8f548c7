"""Runs of one home at the same moment: two of the command line, and one each of the UI, the schedule and a backfill.

A real webserver and daemon work in the home of `killed_home.py`, whose late export waits to be published. It asserts
that every run ends, that one that was refused says why, and that the home is as after one undisturbed run.
"""

from __future__ import annotations

import time

from tests.faults.killed_home import PERIOD, files_of
from tests.ui_server import ENDED, serve_ui

_WHERE = "repositoryName: $repository, repositoryLocationName: $location"
_LAUNCH = f"""
mutation ($repository: String!, $location: String!, $tags: [ExecutionTag!]) {{
  launchRun(executionParams: {{selector: {{jobName: "daily", {_WHERE}}}, executionMetadata: {{tags: $tags}}}}) {{
    __typename ... on LaunchRunSuccess {{ run {{ id }} }} ... on PythonError {{ message }}
  }}
}}"""
_BACKFILL = """
mutation ($repository: String!, $location: String!, $period: String!) {
  launchPartitionBackfill(backfillParams: {
    selector: {
      partitionSetName: "bulletin_of_period_partition_set",
      repositorySelector: {repositoryName: $repository, repositoryLocationName: $location}
    },
    partitionNames: [$period]
  }) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
  }
}"""


def test_runs_of_command_ui_schedule_and_backfill_at_once_publish_one_state(homes):
    home = homes.copy("at-once")
    with serve_ui(home, homes.county, homes.path / "ui.log") as ui:
        before = {run["id"] for run in ui.runs()}
        where = ui.location()
        commands = [homes.start(home) for _ in range(2)]
        for tags in ([], [{"key": "dagster/schedule_name", "value": "every_morning"}]):
            started = ui.ask(_LAUNCH, **where, tags=tags)["launchRun"]
            assert started["__typename"] == "LaunchRunSuccess", started
        started = ui.ask(_BACKFILL, period=PERIOD, **ui.location())["launchPartitionBackfill"]
        assert started["__typename"] == "LaunchBackfillSuccess", started
        told = [command.communicate(timeout=500)[0] for command in commands]
        deadline = time.monotonic() + 500
        while True:
            runs = [run for run in ui.runs() if run["id"] not in before]
            if len(runs) >= 4 and all(run["status"] in ENDED for run in runs):
                break
            assert time.monotonic() < deadline, [
                (run["jobName"], run["status"], run["startTime"], run["endTime"]) for run in runs
            ]
            time.sleep(1)
    for command, said in zip(commands, told, strict=True):
        assert "Traceback" not in said, said
        assert command.returncode == 0 or "another run is in progress" in said, said
    # runs of the UI queue for the pool; one that meets another's lock is refused, as is one command; the rest end well
    assert [run["status"] for run in runs].count("SUCCESS") >= len(runs) - 3, runs
    assert homes.look(home) == "after"
    homes.run(home)
    assert homes.look(home) == "after" and files_of(home) == homes.files
