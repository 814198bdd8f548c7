"""`tongbao ui` as tests start it, and its GraphQL interface.

`serve_ui` starts the UI of a home on a free port and ends it with the block; `Ui` asks it. What a test wants of a run
is in the test.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
_LOCATION = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
_RUNS = "{ runsOrError { ... on Runs { results { id status jobName startTime endTime } } } }"


class Ui:
    """The GraphQL interface of a running webserver."""

    def __init__(self, port: int) -> None:
        self.home = f"http://127.0.0.1:{port}"

    def ask(self, query: str, **variables: object) -> dict:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.home}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            found = json.load(answer)
        assert "errors" not in found, found
        return found["data"]

    def location(self) -> dict[str, str]:
        (node,) = self.ask(_LOCATION)["repositoriesOrError"]["nodes"]
        return {"repository": node["name"], "location": node["location"]["name"]}

    def runs(self) -> list[dict]:
        return self.ask(_RUNS)["runsOrError"]["results"]


@contextmanager
def serve_ui(home: Path, county: Path, log: Path) -> Iterator[Ui]:
    """The UI of `home`, which belongs to the jurisdiction `county`; it writes what it says to `log`."""
    port = _free_port()
    places = {"TONGBAO_HOME": str(home), "TONGBAO_JURISDICTION": str(county), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "dagster_project.cli.main", "ui", "--port", str(port)]
    # a pipe that nobody reads would fill, and the runs of the UI would wait for ever
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **places}, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            ui, deadline = Ui(port), time.monotonic() + 300
            while True:
                try:
                    ui.location()
                    break
                except (OSError, KeyError, ValueError):
                    said = log.read_text(encoding="utf-8")
                    assert process.poll() is None and time.monotonic() < deadline, f"the UI doesn't answer: {said}"
                    time.sleep(0.5)
            yield ui
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)


def _free_port() -> int:
    """A port that is free with the next one, on which the UI serves pages."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
