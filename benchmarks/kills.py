"""Kills runs of a small home at random moments, a thousand times if asked to, and says what each kill left.

Every run is killed by SIGKILL or SIGTERM, alone or with its helpers, at a moment drawn from the length of a whole run;
the next run goes on from what was left. It prints a table of stages and outcomes, also when Ctrl-C ends it, and ends
with 1 at the first mixture of old and new, unreadable file or run that does not recover:
python -m benchmarks.kills [--kills 1000] [--seed 1].
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

from tests.dagster_project.small_county import make_county
from tests.faults.killed_home import STAGES, KilledHomes, files_of

SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]
console = Console()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        homes = KilledHomes(Path(folder), make_county(Path(folder) / "county").jurisdiction)
        counted: Counter = Counter()
        try:
            kill_runs(homes, asked.kills, random.Random(asked.seed), counted)
        except KeyboardInterrupt:
            console.print("ended by Ctrl-C")
        print_kills(counted)


def kill_runs(homes: KilledHomes, kills: int, chance: random.Random, counted: Counter) -> None:
    """Kill `kills` runs and count them by stage, signal and state; a home that reached the end is compared with an
    undisturbed one and replaced."""
    longest, whole, home, started = homes.seconds, 0, homes.copy("home"), time.monotonic()
    while counted.total() < kills:
        # a little beyond the end, so that some runs are killed while the interpreter ends, and some not at all
        kill = homes.kill(
            home,
            chance.choice(SIGNALS),
            after=chance.uniform(0, longest * 1.1),
            is_power_cut=chance.random() < 0.5,
        )
        if kill.exit_code == 0:
            whole += 1
            longest = kill.seconds
            assert kill.state == "after", f"a whole run published nothing:\n{kill.said}"
            assert files_of(home) == homes.files, files_of(home) ^ homes.files
        else:
            assert "Traceback" not in kill.said, kill.said
            counted[kill.stage, kill.signal.name, kill.state] += 1
            if counted.total() % 50 == 0:
                console.print(f"{counted.total()} kills in {time.monotonic() - started:.0f} s, {whole} whole runs")
        if kill.state == "after" and chance.random() < 0.5:
            homes.run(home)
            assert homes.look(home) == "after" and files_of(home) == homes.files, files_of(home) ^ homes.files
            shutil.rmtree(home)
            home = homes.copy("home")
    homes.run(home)
    assert homes.look(home) == "after" and files_of(home) == homes.files, files_of(home) ^ homes.files


def print_kills(counted: Counter) -> None:
    table = Table(title=f"{counted.total()} kills: no mixture")
    for heading in ("stage", "signal", "published: before", "after"):
        table.add_column(heading)
    for stage in ("starting", *STAGES):
        for name in ("SIGKILL", "SIGTERM"):
            table.add_row(stage, name, *(str(counted[stage, name, state]) for state in ("before", "after")))
    console.print(table)


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        sys.exit(f"after a kill: {error}")
