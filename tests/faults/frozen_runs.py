"""Stops a whole run at many moments and keeps what lies in its home then: what a kill at that moment would leave.

`freeze` starts `tongbao run`, stops every process of it (SIGSTOP), copies the home and lets them go on, again and again
until the run ends. `revive` puts such a copy in the home's place, looks at what is published and lets a command end
what was cut short. One run so stands for many kills by SIGKILL of all its processes, at the price of one.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.killed_home import STAGES, KilledHomes, processes_of, wait_until

_DEAD = "ZX"


@dataclass(frozen=True)
class Frozen:
    """A copy of the home at one moment of a run, and the stage that the run had named last."""

    copy: Path
    stage: str


def freeze(homes: KilledHomes, home: Path, copies: Path, pause: Callable[[str], float]) -> list[Frozen]:
    """Copies of `home` while a run goes on in it: as each stage begins, and after each `pause(stage)` seconds."""
    process, lines, frozen = homes.start(home), [], []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout), daemon=True)
    reader.start()
    while process.poll() is None:
        stage = _stage(lines)
        due = time.monotonic() + pause(stage)
        while process.poll() is None and _stage(lines) == stage and time.monotonic() < due:
            time.sleep(0.01)
        if process.poll() is not None:
            break
        stopped = _stop_all(home)
        copy = copies / f"{len(frozen):04}"
        shutil.copytree(home, copy, symlinks=True)
        frozen.append(Frozen(copy, _stage(lines)))
        _signal(stopped, signal.SIGCONT)
    reader.join(timeout=60)
    assert process.returncode == 0, "".join(lines)
    wait_until(lambda: not processes_of(home), "the helpers of a run end")
    return frozen


def revive(homes: KilledHomes, home: Path, frozen: Frozen) -> str:
    """What is published in the copy, 'before' or 'after'; the copy takes the place of `home`. Raises Mixture.

    A publication that was cut short is ended by the first command, which reads only.
    """
    shutil.rmtree(home)
    os.rename(frozen.copy, home)
    if (home / "build" / "publication.json").exists():
        homes.run(home, "status")
        assert not (home / "build" / "publication.json").exists()
    return homes.look(home)


def _stage(lines: list[str]) -> str:
    said = "".join(lines)
    return next((stage for stage in reversed(STAGES) if stage in said), "starting")


def _stop_all(home: Path) -> list[int]:
    """Stop every process that works in `home`, and wait until none runs and none was started meanwhile.

    A process that starts another stands still until that one has begun, and can't be stopped before: if so, all go on
    for a moment.
    """
    while True:
        stopped, deadline = processes_of(home), time.monotonic() + 0.5
        _signal(stopped, signal.SIGSTOP)
        while any(_state(pid) not in "T" + _DEAD for pid in stopped) and time.monotonic() < deadline:
            time.sleep(0.001)
        if all(_state(pid) in "T" + _DEAD for pid in processes_of(home)):
            return stopped
        _signal(processes_of(home), signal.SIGCONT)
        time.sleep(0.005)


def _signal(pids: list[int], how: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, how)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"
