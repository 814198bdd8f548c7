"""A second Python process that loads a slow library while this one works, and answers questions about it.

`HelperProcess` starts `python -m <module>` and exchanges one line of JSON a question; `serve` is the loop of the other
side. The helper ends itself as soon as its parent ends, also when the parent is killed, so it never writes on after a
killed run. `warehouse/dbt_worker.py` (dbt) and `gate/expectations_worker.py` (great-expectations) answer the questions.
"""

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_QUIET = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    # multiprocessing's cleaner warns of what a helper that was ended in the middle of an answer has left to it
    "PYTHONWARNINGS": "ignore:resource_tracker",
}


class HelperError(RuntimeError):
    """The helper could not answer; the message is the last line that it wrote, or the error that it met."""


class HelperProcess:
    """A running helper; it begins to load its library at once."""

    def __init__(self, module: str) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=pipe,
            stdout=pipe,
            env={**os.environ, **_QUIET, "PYTHONUTF8": "1"},
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for the parent, which ends the helper
        )
        self._unread = 0  # answers to `begin` that nobody has read yet

    def begin(self, question: Any) -> None:
        """Ask `question` without waiting, so that the helper works on it meanwhile; its answer is never returned.

        A helper that has ended is reported by the next `ask`.
        """
        with suppress(HelperError):
            self._write(question)
            self._unread += 1

    def ask(self, question: Any) -> Any:
        """The answer to `question`, both plain JSON values; raises HelperError."""
        self._write(question)
        while self._unread:
            self._read()
            self._unread -= 1
        answer = self._read()
        if "error" in answer:
            raise HelperError(answer["error"])
        return answer["value"]

    def _write(self, question: Any) -> None:
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None

    def _read(self) -> dict[str, Any]:
        line = self._process.stdout.readline()
        if not line:
            raise self._ended()
        return json.loads(line)

    def _ended(self) -> HelperError:
        return HelperError(f"{self._process.args[-1]} ended with exit code {self._process.wait()}")

    def end(self) -> None:
        """End the helper by closing its standard input, also in the middle of an answer.

        Nobody waits for it.
        """
        self._process.stdin.close()
        self._process.stdout.close()


def serve(answer: Callable[[Any], Any]) -> None:
    """Answer each line of standard input on standard output, until the parent ends.

    SIGTERM is ignored, because a service manager sends it to all processes at once: the parent then says what happened,
    and the helper ends with it.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.raiseExceptions = False  # on a full disk, dbt's log would print a traceback for each of its lines
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # whatever a library prints must not come between the answers
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    questions: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    is_busy = threading.Event()
    threading.Thread(target=_read, args=[questions, is_busy], daemon=True).start()
    while line := questions.get():
        is_busy.set()
        try:
            value = {"value": answer(json.loads(line))}
        except Exception as error:  # send every error to the process that asked
            value = {"error": f"{type(error).__name__}: {error}"}
        is_busy.clear()
        try:
            answers.write(json.dumps(value) + "\n")
            answers.flush()
        except BrokenPipeError:
            break  # the parent ended meanwhile
    os._exit(0)  # a library takes up to a second to unload


def _read(questions: "queue.SimpleQueue[str | None]", is_busy: threading.Event) -> None:
    for line in sys.stdin:
        questions.put(line)
    # the parent has ended: stop at once, also in the middle of a query
    questions.put(None)
    if is_busy.is_set():
        os.kill(os.getpid(), signal.SIGKILL)
