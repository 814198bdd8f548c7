"""Ctrl-C and SIGTERM: a command ends with one sentence and the exit code that shells expect, 130 or 143.

`heed_signals` lets both raise `Stopped` in the main thread, which every command may let pass. While a step of a run
works, Dagster takes the signals itself and ends the step; `last_signal` tells a command afterwards that this happened.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SENTENCES = {
    signal.SIGINT: "stopped by Ctrl-C",
    signal.SIGTERM: "stopped by SIGTERM",
}
_AFTER = "What is published stays as it was; `tongbao run` goes on from what the candidate holds."


class Stopped(SystemExit):
    """A person or the system asked the command to end; `code` is its exit code, the text a sentence for them."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number
        self.sentence = f"{_SENTENCES[signal.Signals(number)]}. {_AFTER}"


@contextmanager
def heed_signals() -> Iterator[None]:
    """Raise Stopped in the main thread on either signal, until the block ends."""
    read, write = os.pipe()
    for end in (read, write):
        os.set_blocking(end, False)
    before = {number: signal.signal(number, _stop) for number in _SIGNALS}
    woken = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    sys.unraisablehook, unraisable = _signal_again, sys.unraisablehook
    _arrived.append(read)
    try:
        yield
    finally:
        _arrived.pop()
        sys.unraisablehook = unraisable
        signal.set_wakeup_fd(woken)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(read)
        os.close(write)


def last_signal() -> int | None:
    """The last of both signals that arrived since the command began, whoever handled it."""
    if not _arrived:
        return None
    with suppress(BlockingIOError):
        numbers = [number for number in os.read(_arrived[-1], 1000) if number in _SIGNALS]
        return numbers[-1] if numbers else None
    return None


_arrived: list[int] = []  # the pipe into which Python writes the number of each signal


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)


def _signal_again(dropped: "sys.UnraisableHookArgs") -> None:
    """Python drops what is raised while it frees an object: then the signal comes again a moment later."""
    if isinstance(dropped.exc_value, Stopped):
        threading.Timer(0.02, os.kill, (os.getpid(), dropped.exc_value.number)).start()
    else:
        sys.__unraisablehook__(dropped)
