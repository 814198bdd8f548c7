"""What Ctrl-C (SIGINT) and SIGTERM do to a command: they raise `Stopped`, which `main.start` turns into one sentence.

`catch_signals` is called once, before a command begins. Dagster catches both signals itself while a job runs and
reports neither to its caller, so `raise_if_stopped` asks afterwards whether one has arrived. Helper processes are not
reached by signals of the terminal; they end with their parent (`helper_process.py`).
"""

import os
import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
_received: list[int] = []  # the reading end of the pipe into which Python writes the number of each signal


class Stopped(BaseException):
    """The command must end now; no `except Exception` may stop that."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {_NAMES[signal.Signals(number)]}")
        self.exit_code = 128 + number


def catch_signals() -> None:
    """Raise Stopped in the main thread when SIGINT or SIGTERM arrives."""
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    _received[:] = [reader]
    for number in _SIGNALS:
        signal.signal(number, _raise)


def ignore_signals() -> None:
    """Let the last steps of a command that ends already run to their end."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def raise_if_stopped() -> None:
    """Raise Stopped if a signal has arrived that another handler, Dagster's, has caught."""
    try:
        numbers = os.read(_received[0], 512) if _received else b""
    except BlockingIOError:
        return
    if numbers := [number for number in numbers if number in _SIGNALS]:
        raise Stopped(numbers[0])


def _raise(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)
