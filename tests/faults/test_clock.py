"""Runs under other clocks and zones: figures, bytes and verdicts stay, also when the clock is set back within a run.

The folder `clock` sets the clock of a run and of its helpers. It asserts the bytes of all that is published against a
run of today that nobody disturbed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.faults.killed_home import STAGES, KilledHomes, files_of

# as the zone's own clocks show it: after 32 bits of seconds; the hour that doesn't exist; a leap day, in the past
CLOCKS = (
    ("2038-01-19 17:14:05", "Pacific/Kiritimati"),
    ("2026-03-08 01:59:57", "America/New_York"),
    ("2024-02-29 23:59:57", "Africa/Cairo"),
)


def clock(temporary: Path, moment: str, zone: str, **more: str) -> dict[str, str]:
    """Variables under which a process and its children live at `moment` of `zone`.

    They keep their temporary files in `temporary`: at a later moment, those of all other tests are old enough to go.
    """
    seconds = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).timestamp()
    places = {"PYTHONPATH": str(Path(__file__).parent / "clock"), "TMPDIR": str(temporary)}
    return {**places, "CLOCK": str(seconds), "TZ": zone, **more}


def bytes_of(home: Path) -> dict[str, bytes]:
    found = [path for folder in ("bulletins", "worklists") for path in (home / folder).rglob("*") if path.is_file()]
    return {str(path.relative_to(home)): path.read_bytes() for path in found}


def test_the_clock_and_the_zone_change_no_byte(homes: KilledHomes, tmp_path):
    published, home = bytes_of(homes.whole), homes.copy("clocks")
    for moment, zone in CLOCKS:  # each run begins before the last one did
        said = homes.run(home, **clock(tmp_path, moment, zone))
        assert homes.look(home) == "after" and files_of(home) == homes.files, said
        assert bytes_of(home) == published, (moment, zone)
        assert "Traceback" not in said, said
    assert "2022H1" in homes.run(home, "status", **clock(tmp_path, *CLOCKS[0]))


def test_a_clock_set_back_and_forth_within_a_run_changes_nothing(homes: KilledHomes, tmp_path):
    home, steps, lines = homes.copy("set-back"), tmp_path / "steps", []
    steps.write_text("0")
    run = homes.start(home, **clock(tmp_path, "2026-11-01 01:30:00", "America/New_York", STEPS=str(steps)))
    for line in run.stdout:
        lines.append(line)
        for stage, step in ((STAGES[1], -90_000), (STAGES[2], 400_000), (STAGES[3], 0)):
            if stage in line:
                steps.write_text(str(step))
    said = "".join(lines)
    assert run.wait() == 0 and "Traceback" not in said, said
    assert homes.look(home) == "after" and files_of(home) == homes.files
