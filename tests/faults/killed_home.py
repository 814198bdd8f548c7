"""Kills runs of a small home at chosen or random moments, and looks at what each kill left.

`prepare` makes a county whose half-year is published, and the home in which a run has taken one more export in;
`KilledHomes` gives copies in which that export waits. Its `kill` starts `tongbao run` in one and ends it by a signal;
`look` says which of the two states is published, and raises Mixture if it is neither. The tests in this folder and
`benchmarks/kills.py` share it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TextIO

import duckdb

from tests.dagster_project.small_county import County, make_county
from tests.end_to_end.miniature_home import MINIATURE

LATE = "township_cases_202206.csv"  # the export that arrives when the rest is published
PERIOD = "2022H1"
TONGBAO = [sys.executable, "-u", "-m", "dagster_project.cli.main"]
STAGES = (
    "reading exports",
    "building and testing models",
    "checking plausibility",
    "writing worklists",
    "rendering and publishing",
)


class Mixture(AssertionError):
    """What is published is neither what was published before nor what a whole run publishes."""


@dataclass
class Kill:
    """One killed run: how it was killed, after how many seconds, in which stage, and what was published then."""

    signal: signal.Signals
    seconds: float
    stage: str
    state: str
    exit_code: int
    said: str = field(repr=False, default="")


def prepare(path: Path) -> None:
    """Make below `path` what all processes take copies of: the homes of both states, and the seconds of a run."""
    base = make_county(path / "base")
    base.deliver()
    (base.home / "exports" / LATE).unlink()
    homes = KilledHomes(path, path)
    homes.run(homes.base)
    whole = homes.copy("whole")
    started = time.monotonic()
    homes.run(whole)
    (path / "seconds").write_text(str(time.monotonic() - started))


class KilledHomes:
    """Copies below `path` of the home that `prepare` made in `prepared`, with its county."""

    def __init__(self, path: Path, prepared: Path) -> None:
        self.path, self.prepared, self.county = path, prepared, County(prepared / "base").jurisdiction
        self.base, self.whole = County(prepared / "base").home, prepared / "whole"

    @cached_property
    def states(self) -> dict[tuple[str, ...], str]:
        states = {self._state_of(self.base): "before", self._state_of(self.whole): "after"}
        assert len(states) == 2, "the late export changed nothing"
        return states

    @cached_property
    def files(self) -> set[str]:
        return files_of(self.whole)

    @cached_property
    def seconds(self) -> float:
        """Of a whole run; random moments are drawn from it."""
        return float((self.prepared / "seconds").read_text())

    def copy(self, name: str) -> Path:
        """A home with the first state published, and the late export waiting."""
        home = self.path / name
        shutil.copytree(self.base, home, symlinks=True)
        shutil.copy(MINIATURE / "exports" / LATE, home / "exports" / LATE)
        return home

    def start(
        self, home: Path, *arguments: str, output: int | TextIO = subprocess.PIPE, **environment: str
    ) -> subprocess.Popen:
        """`tongbao <arguments>` (`run` if there are none) in a process group of its own, writing to `output`."""
        places = {"TONGBAO_HOME": str(home), "TONGBAO_JURISDICTION": str(self.county), "PYTHONUTF8": "1"}
        return subprocess.Popen(
            [*TONGBAO, *(arguments or ("run",))],
            env={**os.environ, **places, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def run(self, home: Path, *arguments: str, **environment: str) -> str:
        """What a command prints that nobody kills; fails if it doesn't exit with 0."""
        process = self.start(home, *arguments, **environment)
        said, _ = process.communicate(timeout=900)
        assert process.returncode == 0, said
        return said

    def kill(
        self, home: Path, how: signal.Signals, *, after: float = 3600, stage: str = "", is_power_cut: bool = False
    ) -> Kill:
        """Run, and send `how` after so many seconds or as the run names `stage`; a run may also end before that.

        `is_power_cut` ends the helper processes at the same moment.
        """
        process, lines, at = self.start(home), [], time.monotonic()

        def strike() -> None:
            for victim in processes_of(home) if is_power_cut else [process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(victim, how)

        timer = threading.Timer(after, strike)
        timer.daemon = True
        timer.start()
        for line in process.stdout:
            lines.append(line)
            if stage and stage in line:
                strike()
        process.wait(timeout=60)
        timer.cancel()
        wait_until(lambda: not processes_of(home), "the helpers of a killed run end")
        said = "".join(lines)
        reached = next((s for s in reversed(STAGES) if s in said), "starting")
        return Kill(how, time.monotonic() - at, reached, self.look(home), process.returncode, said)

    def look(self, home: Path) -> str:
        """'before' or 'after'; raises Mixture."""
        state = self.states.get(self._state_of(home))
        if state is None:
            raise Mixture(f"{home}: warehouse, bulletin and worklists are of no one state: {self._state_of(home)}")
        return state

    def _state_of(self, home: Path) -> tuple[str, ...]:
        """A digest each of the published figures and cases, of the bulletin's figures, and of the worklists."""
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
            rows = connection.execute(f"select * from marts.figures where period = '{PERIOD}' order by all").fetchall()
            rows += connection.execute("select case_key, due_on from marts.fct_cases order by all").fetchall()
        bulletin = home / "bulletins" / PERIOD
        files = [bulletin / "figures.csv", bulletin / "bulletin.html", *sorted((home / "worklists").rglob("*.csv"))]
        content = [path.read_bytes() if path.exists() else b"none" for path in files]
        return tuple(_digest(part) for part in (repr(rows).encode(), *content[:2], b"\0".join(content[2:])))


def files_of(home: Path) -> set[str]:
    """Every file of the home but exports and what Dagster and dbt keep, relative to it; ids of runs left out.

    Versions of the warehouse are left out too: the former one is kept for a minute.
    """
    found = {path.relative_to(home) for path in home.rglob("*") if path.is_file()}
    return {
        str(p)
        for p in found
        if p.parts[0] not in ("exports", "dagster", "dbt", "runs", "quality", "warehouses")
        and p.parts[:2] != ("build", "dbt")
    }


def wait_until(is_true: Callable[[], bool], what: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def processes_of(home: Path) -> list[int]:
    """Processes that work in `home`: those whose environment names it."""
    wanted, found = f"TONGBAO_HOME={home}\0".encode(), []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and wanted in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
