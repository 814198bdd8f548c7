"""Tests what Dagster loads: without effects on import, the same in a moved home, with one writer, on schedule.

test_selections.py runs the assets. The expectations are the rules of README.md and the schedule that the
office asked for: half past six in Shanghai.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import dagster as dg
import pytest

from dagster_project import settings
from dagster_project.assets.bulletin import render_bulletin
from dagster_project.event_log import hold_event_log
from dagster_project.schedules import schedule_every_morning
from tests.dagster_project.small_county import County, make_county

IMPORT = """
import os
before = dict(os.environ)
import dagster_project.definitions, dagster_project.cli.main
assert dict(os.environ) == before, {key for key in os.environ if os.environ.get(key) != before.get(key)}
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> County:
    return make_county(tmp_path_factory.mktemp("definitions") / "county")


@pytest.fixture(scope="module")
def definitions(county) -> dg.Definitions:
    return county.definitions()


def test_importing_the_definitions_touches_neither_disk_nor_environment(tmp_path):
    environment = {**os.environ, "TONGBAO_HOME": str(tmp_path / "home"), "TONGBAO_JURISDICTION": "nowhere"}
    done = subprocess.run([sys.executable, "-c", IMPORT], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "home").exists()


def test_every_asset_and_check_that_writes_is_in_the_pool_of_one_writer(definitions, county, monkeypatch):
    written = [a for a in definitions.assets if isinstance(a, dg.AssetsDefinition)]
    assert len(written) == 4
    ops = [*(definition.op for definition in [*written, *definitions.asset_checks]), render_bulletin]
    assert {op.pool for op in ops} == {"warehouse"}
    for name, value in settings.environment(county.home).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        pools = instance.get_concurrency_config().pool_config
    assert (pools.default_pool_limit, pools.pool_granularity.value) == (1, "run")


def test_the_daily_job_needs_no_choice_and_leaves_out_single_bulletins(definitions):
    job = definitions.resolve_job_def("daily")
    assert job.partitions_def is None
    keys = {key.to_user_string() for key in job.asset_layer.executable_asset_keys}
    assert "publication" in keys and "raw/cases" in keys and "bulletin" not in keys
    assert definitions.resolve_job_def("bulletin_of_period").partitions_def.name == "period"


def test_the_schedule_asks_for_the_daily_job_at_half_past_six_in_shanghai(definitions):
    every_morning = definitions.resolve_schedule_def("every_morning")
    minute, hour, *days = every_morning.cron_schedule.split()
    assert (hour, minute, days) == ("6", "30", ["*", "*", "*"])
    assert every_morning.execution_timezone == "Asia/Shanghai"
    assert every_morning.job_name == "daily"
    assert every_morning.default_status == dg.DefaultScheduleStatus.STOPPED


def test_the_schedule_keeps_the_time_of_the_jurisdiction():
    assert schedule_every_morning("America/New_York", "06:30", is_on=False).execution_timezone == "America/New_York"


def test_a_held_event_log_is_read_and_written_as_before_and_no_file_is_made(tmp_path):
    folder = tmp_path / "dagster" / "history" / "runs"
    folder.mkdir(parents=True)
    with hold_event_log(tmp_path, "run-1"):
        assert list(folder.iterdir()) == []
    with closing(sqlite3.connect(folder / "index.db")) as log:
        log.execute("pragma journal_mode = wal")
        log.execute("create table events (id integer)")
    with hold_event_log(tmp_path, "run-1"):
        with closing(sqlite3.connect(folder / "index.db")) as log, log:
            log.execute("insert into events values (1)")
        assert (folder / "index.db-wal").stat().st_size > 0  # not written back: the log is held open
    with closing(sqlite3.connect(folder / "index.db")) as log:
        assert log.execute("select * from events").fetchall() == [(1,)]


def test_the_configuration_of_dagster_names_no_place(tmp_path):
    home = settings.prepare(tmp_path / "home")
    text = (home / "dagster" / "dagster.yaml").read_text(encoding="utf-8")
    assert str(tmp_path) not in text and "dagster_project" not in text


def test_a_configuration_that_an_administrator_wrote_is_kept_and_one_of_an_older_release_is_not(tmp_path):
    path = settings.prepare(tmp_path) / "dagster" / "dagster.yaml"
    path.write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    settings.prepare(tmp_path)
    assert path.read_text(encoding="utf-8") == "telemetry: {enabled: false}\n"
    path.write_text(
        "event_log_storage: {module: dagster_project.warehouse.history, class: History}\n", encoding="utf-8"
    )
    settings.prepare(tmp_path)
    assert "History" not in path.read_text(encoding="utf-8")
