"""Sets the clock of a process as it starts, where PYTHONPATH names this folder: to CLOCK, and by STEPS on from there.

CLOCK is a moment in UTC as seconds. STEPS names a file of seconds to add, which may change while the process works.
Children inherit both. Clocks that measure spans are left alone, as those of a machine are when somebody sets its time.
"""

import os
import threading
import time
from pathlib import Path

import time_machine

_real = time.monotonic
_begin = _real()
_clock, _steps = float(os.environ["CLOCK"]), os.environ.get("STEPS")
_travelling = time_machine.travel(_clock, tick=True)
_travelling.start()


def _follow() -> None:
    global _travelling
    step = 0.0
    while True:
        try:
            asked = float(Path(_steps).read_text("utf-8") or 0)
        except (OSError, ValueError):
            asked = step
        if asked != step:
            step = asked
            _travelling.stop()
            _travelling = time_machine.travel(_clock + step + _real() - _begin, tick=True)
            _travelling.start()
        threading.Event().wait(0.2)


if _steps:
    threading.Thread(target=_follow, daemon=True).start()
