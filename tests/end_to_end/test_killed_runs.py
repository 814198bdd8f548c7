"""Tests a run that is killed between two stages: what Dagster recorded is true, and the next run goes on from there.

The command line runs the county of fifty cases in a process of its own, which is killed as soon as it names the next
stage. It asserts the recorded row counts, and that the next run ends with the figures of an undisturbed run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import settings
from tests.dagster_project.small_county import County, make_county

RUN = [sys.executable, "-u", "-m", "dagster_project.cli.main", "run"]


def start(county: County) -> subprocess.Popen:
    places = {"TONGBAO_HOME": str(county.home), "TONGBAO_JURISDICTION": str(county.jurisdiction), "PYTHONUTF8": "1"}
    return subprocess.Popen(
        RUN, env={**os.environ, **places}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )


def finish(county: County) -> list[tuple]:
    """The published figures once a whole run has ended well."""
    run = start(county)
    said, _ = run.communicate()
    assert run.returncode == 0, said
    return county.ask("select * from marts.figures order by all", published=True)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> list[tuple]:
    return finish(delivered(tmp_path_factory.mktemp("undisturbed")))


def delivered(path: Path) -> County:
    county = make_county(path / "county")
    county.deliver()
    return county


@pytest.mark.parametrize("stage", ["building and testing models", "checking plausibility", "rendering and publishing"])
def test_a_run_killed_as_a_stage_begins_keeps_what_was_recorded(undisturbed, tmp_path, monkeypatch, stage):
    county = delivered(tmp_path)
    run = start(county)
    for line in run.stdout:
        if stage in line:
            run.send_signal(signal.SIGKILL)
            break
    assert run.wait() == -signal.SIGKILL
    for name, value in settings.environment(county.home).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["raw", "cases"]))
        count = event.asset_materialization.metadata["dagster/row_count"].value
    assert county.ask("select count(*) from raw.cases where _state = 'loaded'") == [(count,)]
    assert not (county.home / "warehouse.duckdb").exists()
    assert finish(county) == undisturbed
    assert not (county.home / "build" / "candidate.duckdb").exists()
