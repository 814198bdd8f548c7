"""Fills the disk before a run and as stages begin: the run ends in a sentence, nothing is mixed, the next goes on.

The home lies on a small file system in memory, which only root may mount; elsewhere the test is skipped. It asserts the
bytes and the place that are named, and the files of an undisturbed run once there is space again.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.killed_home import STAGES, KilledHomes, files_of, processes_of, wait_until


@pytest.fixture
def disk(homes: KilledHomes) -> Iterator[Path]:
    """An empty disk of 250 MB in the folder of the homes."""
    disk = homes.path / "disk"
    disk.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=250m", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small disk can't be mounted: not root")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def fill(disk: Path) -> None:
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while True:
                    filler.write(bytes(size))


def test_a_disk_that_is_full_or_fills_up_as_a_stage_begins_ends_the_run_in_a_sentence(homes, disk):
    home = homes.copy("disk/home")
    fill(disk)
    run = homes.start(home)
    said, _ = run.communicate()
    assert run.returncode == 1 and said.count("\n") == 1, said
    assert f"the disk of {home} has 0 MB free, but a run needs about" in said
    (disk / "filler").unlink()
    for stage in STAGES:
        run, lines = homes.start(home), []
        for line in run.stdout:
            lines.append(line)
            if stage in line:
                fill(disk)
        said = "".join(lines)
        assert run.wait() == 1 and stage in said, said
        assert "Traceback" not in said, said
        # what the stopped step leaves behind is deleted while the sentence is made
        told = rf"no space left to write to {re.escape(str(home))}: its disk has \d+ MB free; a run needs about"
        assert re.search(told, said) and "None can't" not in said, said
        wait_until(lambda: not processes_of(home), "the helpers of the run end")
        (disk / "filler").unlink()
        assert homes.look(home) == "before"
    homes.run(home)
    assert homes.look(home) == "after"
    assert files_of(home) == homes.files
