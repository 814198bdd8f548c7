"""CPU seconds that commands take to start and answer, beside the least that any program takes that opens DuckDB.

It measures `--help`, `status`, `sql` and `doctor` on a home, each several times, and takes the least, because other
processes only add to it: python -m benchmarks.starts [--home data] [--times 7]. Without --home it makes a home of 1%.
It prints each beside its limit, and ends with 1 if one is over it on this machine.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

TONGBAO = [
    sys.executable,
    "-c",
    "import sys; sys.argv[0] = 'tongbao'; from dagster_project.cli.main import start; start()",
]
# what is measured -> its command and its limit in CPU seconds
MEASURED: dict[str, tuple[list[str], float | None]] = {
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "python -c 'import duckdb'": ([sys.executable, "-c", "import duckdb"], None),
    "tongbao --help": ([*TONGBAO, "--help"], 0.3),
    "tongbao status": ([*TONGBAO, "status"], 0.5),
    "tongbao sql": ([*TONGBAO, "sql", "select count(*) from marts.figures"], 0.6),
    "tongbao doctor": ([*TONGBAO, "doctor"], None),
}
FLOOR = "python -c 'import duckdb'"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--times", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TONGBAO_HOME": str(asked.home or folder)}
        if not asked.home:
            for arguments in (["sample", "--scale", "0.01"], ["run"]):
                subprocess.run([*TONGBAO, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
        seconds = {
            name: min(measure(command, environment) for _ in range(asked.times))
            for name, (command, _) in MEASURED.items()
        }
    table = Table("start", "CPU seconds", "times the floor", "limit", box=None)
    for name, spent in seconds.items():
        limit = MEASURED[name][1]
        table.add_row(name, f"{spent:.2f}", f"{spent / seconds[FLOOR]:.1f}", "" if limit is None else f"{limit:.1f}")
    Console().print(table)
    sys.exit(any(limit is not None and seconds[name] > limit for name, (_, limit) in MEASURED.items()))


def measure(command: list[str], environment: dict[str, str]) -> float:
    """CPU seconds of the command and its children; raises CalledProcessError if it fails: half a run costs less."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
