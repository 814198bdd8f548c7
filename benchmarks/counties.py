"""What many counties on one server cost: start-up and memory of code locations, and a province's own run.

`python -m benchmarks.counties HOME JURISDICTION [--counts 3 30 100] [--locations 3 30]` takes a published home as that
of every county, each with a name and a code of its own. It starts so many code locations at once, one a county, and
prints the seconds until all answer and the memory that they share out (PSS). Then it makes a province of so many
counties and prints seconds and peak memory of its run, without the counties' own. Nothing of HOME is changed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from dagster_project.settings import PROJECT

_EXAMPLE = PROJECT / "jurisdictions" / "example-province"
_FIRST_PORT = 45_000
_SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
_RUN = [sys.executable, "-m", "dagster_project.cli.main", "run"]
_DAGSTER = str(Path(sys.executable).with_name("dagster"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("jurisdiction", type=Path)
    parser.add_argument("--counts", type=int, nargs="*", default=[3, 30, 100])
    parser.add_argument("--locations", type=int, nargs="*", default=[3, 30])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tongbao-counties-") as folder:
        base = Path(folder)
        for count in asked.locations:
            seconds, megabytes = start_locations(asked.home.resolve(), asked.jurisdiction.resolve(), count, base)
            print(f"{count} code locations: all answer after {seconds:.0f} s, {megabytes} MB", flush=True)
        for count in asked.counts:
            province = make_province(asked.home.resolve(), asked.jurisdiction.resolve(), count, base / str(count))
            for turn in ("first run", "run with nothing new"):
                seconds, megabytes = run_province(province)
                print(f"province of {count}: {turn} {seconds:.0f} s, at most {megabytes} MB", flush=True)
            shutil.rmtree(province)


def make_folder(jurisdiction: Path, number: int, target: Path) -> Path:
    """A copy of the jurisdiction's folder under another name and code."""
    shutil.copytree(jurisdiction, target, ignore=shutil.ignore_patterns("exports", "sample.yaml"))
    about = yaml.safe_load((target / "jurisdiction.yaml").read_text(encoding="utf-8"))
    about |= {"name": f"第{number}县", "code": str(991_000 + number)}
    (target / "jurisdiction.yaml").write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")
    return target


def start_locations(home: Path, jurisdiction: Path, count: int, base: Path) -> tuple[float, int]:
    """Seconds until `count` code locations answer, and the memory of all of them in MB."""
    started, processes, ports = time.monotonic(), [], range(_FIRST_PORT, _FIRST_PORT + count)
    try:
        for number, port in enumerate(ports):
            own = base / f"location-{count}-{number}"
            own.mkdir()
            if (home / "build" / "dbt").is_dir():  # the parsed project, as a home has it after its first run
                shutil.copytree(home / "build" / "dbt", own / "build" / "dbt")
            environment = os.environ | {
                "TONGBAO_HOME": str(own),
                "TONGBAO_JURISDICTION": str(jurisdiction),
                "DAGSTER_HOME": str(own),
            }
            command = [_DAGSTER, "api", "grpc", "-h", "127.0.0.1", "-p", str(port), "-m", "dagster_project.definitions"]
            processes.append(subprocess.Popen(command, cwd=PROJECT, env=environment, **_SILENT))
        for port in ports:
            while subprocess.run(
                [_DAGSTER, "api", "grpc-health-check", "-p", str(port)], capture_output=True
            ).returncode:
                time.sleep(0.5)
        return time.monotonic() - started, sum(read_memory(process.pid) for process in processes) // 1024
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def read_memory(pid: int) -> int:
    """The process's share of memory in KB, with pages that several processes use divided among them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def make_province(home: Path, jurisdiction: Path, count: int, folder: Path) -> Path:
    """A province's folder `county` and empty home, whose members all have the one home."""
    shutil.copytree(_EXAMPLE, folder / "county")
    members = [make_folder(jurisdiction, number, folder / "members" / str(number)) for number in range(1, count + 1)]
    about = yaml.safe_load((folder / "county" / "jurisdiction.yaml").read_text(encoding="utf-8"))
    about["members"] = [{"home": str(home), "jurisdiction": str(member)} for member in members]
    (folder / "county" / "jurisdiction.yaml").write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")
    return folder


def run_province(folder: Path) -> tuple[float, int]:
    """Seconds of a run, and the most memory that it and its helpers held at once, in MB."""
    environment = os.environ | {"TONGBAO_HOME": str(folder / "home"), "TONGBAO_JURISDICTION": str(folder / "county")}
    started, most = time.monotonic(), 0
    printed = folder / "run.log"
    with (
        printed.open("wb") as log,
        subprocess.Popen(_RUN, env=environment, start_new_session=True, stdout=log, stderr=log) as run,
    ):
        while run.poll() is None:
            members = subprocess.run(["pgrep", "-s", str(run.pid)], capture_output=True, text=True).stdout.split()
            held = 0
            for pid in members:
                try:
                    held += read_memory(int(pid))
                except (OSError, StopIteration):  # it ended meanwhile
                    continue
            most = max(most, held)
            time.sleep(0.5)
    if run.returncode:
        raise SystemExit(f"{printed.read_text('utf-8')[-3000:]}\nthe run of {folder} ended with {run.returncode}")
    return time.monotonic() - started, most // 1024


if __name__ == "__main__":
    main()
