"""Kills runs at every boundary between stages and at random moments: nothing is mixed, and the next run ends well.

`killed_home.py` prepares the home and looks at what is published after each kill; `frozen_runs.py` shows what a kill at
many moments of one run would leave. It asserts that what Dagster recorded stands in the candidate, that each run goes
on from the one before, and that the last leaves what an undisturbed run leaves.
"""

from __future__ import annotations

import random
import signal
from pathlib import Path

import dagster as dg
import duckdb

from dagster_project import settings
from tests.faults.frozen_runs import freeze, revive
from tests.faults.killed_home import STAGES, KilledHomes, files_of

RANDOM_KILLS, LATEST = 4, 10  # seconds
FEWEST_MOMENTS, TAKEN_UP = 20, 1


def is_as_undisturbed(homes: KilledHomes, home: Path) -> bool:
    homes.run(home)
    assert files_of(home) == homes.files
    return homes.look(home) == "after"


def test_runs_killed_as_each_stage_begins_are_taken_up(homes, monkeypatch):
    home = homes.copy("stages")
    for stage in STAGES:
        for how in (signal.SIGTERM, signal.SIGKILL):
            kill = homes.kill(home, how, stage=stage)
            assert (kill.stage, kill.state) == (stage, "before"), kill.said
            assert "Traceback" not in kill.said, kill.said
            # a run that is killed at once says nothing; one that is asked to end has a signal's exit code
            assert kill.exit_code == (-how if how == signal.SIGKILL else 128 + how), kill.said
            if stage != STAGES[0]:
                assert recorded_rows(home, monkeypatch) == candidate_rows(home)
    assert is_as_undisturbed(homes, home)


def test_runs_killed_at_random_moments_are_taken_up(homes):
    chance, home = random.Random(20220630), homes.copy("random")
    for number in range(RANDOM_KILLS):
        kill = homes.kill(
            home,
            chance.choice([signal.SIGKILL, signal.SIGTERM]),
            after=chance.uniform(0, min(homes.seconds * 0.8, LATEST)),
            is_power_cut=chance.random() < 0.5,
        )
        assert "Traceback" not in kill.said, kill.said
        if kill.state == "after":
            home = homes.copy(f"random-{number}")
    assert is_as_undisturbed(homes, home)


def test_what_any_moment_of_a_run_leaves_is_one_state_and_is_taken_up(homes):
    chance, home, copies = random.Random(20220701), homes.copy("frozen"), homes.path / "copies"
    copies.mkdir()
    # the last stage is short, and the only one that touches what is published
    frozen = freeze(
        homes,
        home,
        copies,
        lambda stage: chance.expovariate(1) * (0.2 if stage == STAGES[-1] else homes.seconds / 25),  # seconds
    )
    assert len(frozen) >= FEWEST_MOMENTS
    chance.shuffle(frozen)
    states = [revive(homes, home, moment) for moment in frozen[TAKEN_UP:]]
    assert {*states} == {"before", "after"}
    for moment in frozen[:TAKEN_UP]:
        revive(homes, home, moment)
        assert is_as_undisturbed(homes, home)


def recorded_rows(home: Path, monkeypatch) -> int:
    """Rows of raw/cases as Dagster's catalogue shows them."""
    for name, value in settings.environment(home).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["raw", "cases"]))
    return event.asset_materialization.metadata["dagster/row_count"].value


def candidate_rows(home: Path) -> int:
    with duckdb.connect(str(home / "build" / "candidate.duckdb"), read_only=True) as connection:
        return connection.execute("select count(*) from raw.cases where _state = 'loaded'").fetchone()[0]
