"""Four runs of one home at the same moment: of the command line, of the UI, of the schedule and of a backfill.

A real webserver and daemon work in the home of `killed_home.py`, whose late export waits to be published. It asserts
that every run ends, that one that was refused says why, and that the home is as after one undisturbed run.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.killed_home import PERIOD, KilledHomes, files_of

_WHERE = "repositoryName: $repository, repositoryLocationName: $location"
_LOCATION = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
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
_RUNS = """{ runsOrError { ... on Runs { results { id status jobName startTime endTime } } } }"""
_ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


class Ui:
    """The GraphQL interface of a running webserver."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/graphql"

    def ask(self, query: str, **variables: object) -> dict:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(self.address, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            found = json.load(answer)
        assert "errors" not in found, found
        return found["data"]

    def location(self) -> dict[str, str]:
        (node,) = self.ask(_LOCATION)["repositoriesOrError"]["nodes"]
        return {"repository": node["name"], "location": node["location"]["name"]}

    def runs(self) -> list[dict]:
        return self.ask(_RUNS)["runsOrError"]["results"]


@contextmanager
def ui_of(homes: KilledHomes, home: Path) -> Iterator[Ui]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # a pipe that nobody reads would fill, and the runs of the UI would wait for ever
    with (homes.path / "ui.log").open("w", encoding="utf-8") as log:
        process = homes.start(home, "ui", "--port", str(port), output=log)
        try:
            ui, deadline = Ui(port), time.monotonic() + 120
            while True:
                try:
                    ui.location()
                    break
                except (OSError, KeyError, ValueError):
                    assert process.poll() is None and time.monotonic() < deadline, "the UI doesn't answer"
                    time.sleep(0.5)
            yield ui
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)


def test_runs_of_command_ui_schedule_and_backfill_at_once_publish_one_state(homes):
    home = homes.copy("at-once")
    with ui_of(homes, home) as ui:
        before = {run["id"] for run in ui.runs()}
        where = ui.location()
        command = homes.start(home)
        for tags in ([], [{"key": "dagster/schedule_name", "value": "every_morning"}]):
            started = ui.ask(_LAUNCH, **where, tags=tags)["launchRun"]
            assert started["__typename"] == "LaunchRunSuccess", started
        started = ui.ask(_BACKFILL, period=PERIOD, **ui.location())["launchPartitionBackfill"]
        assert started["__typename"] == "LaunchBackfillSuccess", started
        said, _ = command.communicate(timeout=300)
        deadline = time.monotonic() + 500
        while True:
            runs = [run for run in ui.runs() if run["id"] not in before]
            if len(runs) >= 4 and all(run["status"] in _ENDED for run in runs):
                break
            assert time.monotonic() < deadline, [
                (run["jobName"], run["status"], run["startTime"], run["endTime"]) for run in runs
            ]
            time.sleep(1)
    assert "Traceback" not in said, said
    assert command.returncode == 0 or "another run is in progress" in said, said
    # runs of the UI queue for the pool; one that meets the command's lock is refused, the rest end well
    assert [run["status"] for run in runs].count("SUCCESS") >= len(runs) - 2, runs
    assert homes.look(home) == "after"
    homes.run(home)
    assert homes.look(home) == "after" and files_of(home) == homes.files
