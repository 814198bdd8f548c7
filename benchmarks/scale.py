"""What a full build costs on DuckDB and on Spark as a history grows, and where the two lines meet.

It builds and tests all models on histories of the sizes asked for, each engine in a process of its own, and prints CPU
seconds, seconds and peak memory: `python -m benchmarks.scale [--cases 1500000 --cases 15000000 --engine duckdb]`. A
straight line is fitted through the CPU seconds and drawn out to a billion cases. history.sql makes the rows, so reading
files is not measured; docs/scale.md states what the line assumes. It asserts nothing.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from benchmarks.warehouse import generate

BILLION = 1_000_000_000


def build(home: Path, engine: str) -> dict[str, float]:
    """A full build with all tests, as the helper process of a run does it; CPU seconds, seconds and peak GB."""
    from dagster_project.settings import DBT_PROJECT
    from dagster_project.warehouse.dbt_worker import answer

    target = home / "target"
    target.mkdir()
    question = {"home": str(home), "project": str(DBT_PROJECT), "cache": str(target), "manifest": "manifest.json"}
    answer({"do": "parse", **question})
    command = ["build", "--full-refresh", "--exclude-resource-type", "unit_test"]
    started, before = time.monotonic(), _cpu_seconds()
    done = answer({"do": "run", "engine": engine, "target": str(target), "arguments": command, **question})
    if not done["success"]:
        sys.exit("\n".join(f"{r['name']}: {r['message']}" for r in done["results"] if r["status"] in ("error", "fail")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20 + sum(map(_peak_gigabytes, _children()))
    return {"cpu": _cpu_seconds() - before, "seconds": time.monotonic() - started, "peak": peak}


def fit(points: dict[int, float]) -> tuple[float, float]:
    """(fixed, a case): the least squares line through CPU seconds by cases."""
    count, cases, cpu = len(points), sum(points), sum(points.values())
    spread = count * sum(n * n for n in points) - cases**2
    slope = (count * sum(n * seconds for n, seconds in points.items()) - cases * cpu) / spread
    return (cpu - slope * cases) / count, slope


def _children() -> list[int]:
    """The processes that this one started and that still run: Spark's JVM, of which getrusage tells nothing."""
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def _cpu_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    ticks = 0
    for pid in _children():
        ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _peak_gigabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0) / 2**20


def _measure(folder: Path, cases: int, engines: tuple[str, ...]) -> dict[str, dict[str, float]]:
    from dagster_project.warehouse.candidate import Candidate

    made, found = folder / "made", {}
    (made / "build").mkdir(parents=True)
    with Candidate(made).connect() as connection:
        generate(connection, cases)
    for engine in engines:
        home = folder / engine
        shutil.copytree(made, home)
        command = [sys.executable, "-m", "benchmarks.scale", "--home", str(home), "--engine", engine]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found[engine] = json.loads(done.stdout.splitlines()[-1])
        shutil.rmtree(home)
    return found


@click.command()
@click.option("--cases", multiple=True, type=int, default=(1_500_000, 15_000_000, 35_000_000), show_default=True)
@click.option("--engine", "engines", multiple=True, default=("duckdb", "spark"), show_default=True)
@click.option("--scratch", type=click.Path(path_type=Path), help="A folder with 60 GB to spare.")
@click.option("--home", type=click.Path(path_type=Path), hidden=True)
def main(cases: tuple[int, ...], engines: tuple[str, ...], scratch: Path | None, home: Path | None) -> None:
    if home:
        print(json.dumps(build(home, engines[0])))
        return
    found: dict[int, dict[str, Any]] = {}
    table = Table("cases", "engine", "CPU s", "seconds", "peak GB", title="A full build with all tests")
    for count in sorted(cases):
        with tempfile.TemporaryDirectory(dir=scratch, prefix="tongbao-benchmark-") as folder:
            found[count] = _measure(Path(folder), count, engines)
        for engine, cost in found[count].items():
            table.add_row(f"{count:,}", engine, *(f"{cost[name]:.1f}" for name in ("cpu", "seconds", "peak")))
    console = Console()
    console.print(table)
    for engine in engines if len(found) > 1 else ():
        fixed, slope = fit({count: costs[engine]["cpu"] for count, costs in found.items()})
        billion = fixed + slope * BILLION
        console.print(f"{engine}: {fixed:.0f} s + {slope * 1e6:.1f} s a million cases; a billion: {billion:,.0f} s")


if __name__ == "__main__":
    main()
