"""Kills runs of a small home at random moments, a thousand times if asked to, and says what each kill left.

Most kills are copies of the home of a run that was stopped for a moment, which is what SIGKILL of all its processes
leaves (`tests/faults/frozen_runs.py`); some are real, by SIGKILL or SIGTERM, of the run alone or with its helpers.
After each it looks at what is published, and often lets a run go on from there. It prints a table of stages and
outcomes, and ends with 1 at the first mixture of old and new, unreadable file or run that does not recover:
python -m benchmarks.kills [--kills 1000] [--real 100] [--seed 1].
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.faults.frozen_runs import freeze, revive
from tests.faults.killed_home import STAGES, KilledHomes, files_of, prepare

SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]
RECOVERED = 0.05  # of the frozen runs; the others are only looked at
console = Console()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--real", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance, counted = random.Random(asked.seed), Counter()
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        homes = KilledHomes(Path(folder), Path(folder))
        try:
            freeze_runs(homes, asked.kills, chance, counted)
            kill_runs(homes, asked.kills + asked.real, chance, counted)
        except KeyboardInterrupt:
            console.print("ended by Ctrl-C")
        finally:
            print_kills(counted)


def freeze_runs(homes: KilledHomes, kills: int, chance: random.Random, counted: Counter) -> None:
    """Look at `kills` moments of runs, each run going on from a moment of the one before or from the first state."""
    home, copies, started = homes.copy("home"), homes.path / "copies", time.monotonic()

    def pause(stage: str) -> float:
        # the last stage is short, and the only one that touches what is published
        return chance.expovariate(1) * homes.seconds / (300 if stage == STAGES[-1] else 40)

    while counted.total() < kills:
        copies.mkdir()
        frozen = freeze(homes, home, copies, pause)
        assert homes.look(home) == "after" and files_of(home) == homes.files, files_of(home) ^ homes.files
        chance.shuffle(frozen)
        recovered = 0
        for moment in frozen[: kills - counted.total()]:
            counted[moment.stage, "frozen", revive(homes, home, moment)] += 1
            if chance.random() < RECOVERED:
                homes.run(home)
                assert homes.look(home) == "after" and files_of(home) == homes.files, files_of(home) ^ homes.files
                recovered += 1
        shutil.rmtree(copies)
        seconds = time.monotonic() - started
        console.print(f"{counted.total()} kills in {seconds:.0f} s; of the last {len(frozen)}, {recovered} were run on")
        if chance.random() < 0.5:
            shutil.rmtree(home)
            home = homes.copy("home")


def kill_runs(homes: KilledHomes, kills: int, chance: random.Random, counted: Counter) -> None:
    """Kill runs until `counted` holds `kills`; a home that reached the end is compared with an undisturbed one."""
    longest, home, started = homes.seconds, homes.copy("killed"), time.monotonic()
    while counted.total() < kills:
        # a little beyond the end, so that some runs are killed while the interpreter ends, and some not at all
        kill = homes.kill(
            home,
            chance.choice(SIGNALS),
            after=chance.uniform(0, longest * 1.1),
            is_power_cut=chance.random() < 0.5,
        )
        if kill.exit_code == 0:
            longest = kill.seconds
            assert kill.state == "after", f"a whole run published nothing:\n{kill.said}"
            assert files_of(home) == homes.files, files_of(home) ^ homes.files
        else:
            assert "Traceback" not in kill.said, kill.said
            counted[kill.stage, kill.signal.name, kill.state] += 1
            if counted.total() % 50 == 0:
                console.print(f"{counted.total()} kills in {time.monotonic() - started:.0f} s")
        if kill.state == "after" and chance.random() < 0.5:
            homes.run(home)
            assert homes.look(home) == "after" and files_of(home) == homes.files, files_of(home) ^ homes.files
            shutil.rmtree(home)
            home = homes.copy("killed")
    homes.run(home)
    assert homes.look(home) == "after" and files_of(home) == homes.files, files_of(home) ^ homes.files


def print_kills(counted: Counter) -> None:
    table = Table(title=f"{counted.total()} kills: no mixture")
    for heading in ("stage", "signal", "published: before", "after"):
        table.add_column(heading)
    for stage in ("starting", *STAGES):
        for name in ("frozen", "SIGKILL", "SIGTERM"):
            table.add_row(stage, name, *(str(counted[stage, name, state]) for state in ("before", "after")))
    console.print(table)


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        sys.exit(f"after a kill: {error}")
