"""Tests what runs by itself: the schedule's hour, the sensor's reasons to wait, freshness, and failures handed on.

Rhythms are worked out by hand on the calendar of 2022: 春节 from 31 January to 6 February, with working Saturdays and
Sundays around it. The sensor's clock is set; file systems' times are not.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import date

import dagster as dg
import duckdb
import pytest
import yaml

from dagster_project import settings
from dagster_project.gate.lateness import find_expected, judge_sources
from dagster_project.resources import Home, Jurisdiction
from dagster_project.schedules import schedule_every_morning
from dagster_project.sensors import find_last_change, sense_failed_runs, sense_new_exports, why_wait
from dagster_project.warehouse.lock import RunInProgress, hold_lock
from ingest.errors import MappingError
from ingest.jurisdiction.calendar import build_calendar
from ingest.mapping.load import load_sources
from tests.dagster_project.small_county import County, make_county

MINUTE, DAY = 60, 24 * 3600


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> County:
    county = make_county(tmp_path_factory.mktemp("automation") / "county")
    hall = county.jurisdiction / "sources" / "hall.yaml"
    hall.write_text(hall.read_text(encoding="utf-8") + "arrives: working_days\n", encoding="utf-8")
    about = county.jurisdiction / "jurisdiction.yaml"
    about.write_text(about.read_text(encoding="utf-8") + "runs_at: '07:05'\n", encoding="utf-8")
    return county


@pytest.fixture
def instance(tmp_path, monkeypatch):
    for name, value in settings.environment(settings.prepare(tmp_path / "home")).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        yield instance


def test_the_schedule_keeps_the_hour_of_the_jurisdiction(county):
    every_morning = county.definitions().resolve_schedule_def("every_morning")
    assert every_morning.cron_schedule == "5 7 * * *"


def test_schedule_and_sensors_are_on_only_where_the_installation_says_so(monkeypatch):
    for value, is_on in (("on", True), ("off", False), ("", False)):
        monkeypatch.setenv("TONGBAO_SCHEDULES", value)
        assert settings.is_automatic() is is_on
    monkeypatch.setenv("TONGBAO_SCHEDULES", "yes")
    with pytest.raises(settings.Unusable, match="TONGBAO_SCHEDULES=yes"):
        settings.is_automatic()
    for is_on, state in ((True, "RUNNING"), (False, "STOPPED")):
        made = [sense_new_exports(is_on=is_on), sense_failed_runs(is_on=is_on)]
        made.append(schedule_every_morning("Asia/Shanghai", "06:30", is_on=is_on))
        assert {definition.default_status.name for definition in made} == {state}


@pytest.mark.parametrize(
    ("changed", "files", "ran", "said"),
    [
        (1000, 0, 0, "holds no file"),
        (1000, 3, 1001, "no file has changed since the last daily run, 0:59:59 ago"),
        (4600 - 9 * MINUTE, 3, 0, "a file changed 0:09:00 ago; a run is due once none has changed for 0:10:00"),
        (4600 - 10 * MINUTE, 3, 0, None),
        (4600 - 10 * MINUTE, 3, 1001, None),
    ],
)
def test_the_sensor_waits_for_files_to_settle_and_says_why(changed, files, ran, said):
    why = why_wait(changed, files, ran, now=4600)
    assert said in why if said else why is None


def test_a_file_that_leaves_or_comes_with_an_old_time_is_a_change(tmp_path):
    folder = tmp_path / "exports" / "hall"
    folder.mkdir(parents=True)
    file = folder / "a.csv"
    file.touch()
    before, files = find_last_change(tmp_path / "exports")
    assert files == 1
    wait_for_a_tick(tmp_path)
    file.unlink()
    after, files = find_last_change(tmp_path / "exports")
    assert files == 0 and after > before
    wait_for_a_tick(tmp_path)
    file = folder / "old.csv"
    file.touch()
    before, _ = find_last_change(tmp_path / "exports")
    wait_for_a_tick(tmp_path)
    file.write_text("sent again, with the time of the first delivery")
    os.utime(file, (0, 0))
    assert find_last_change(tmp_path / "exports")[0] > before


def wait_for_a_tick(folder) -> None:
    """Until the file system's clock, which moves in steps, has moved."""
    probe = folder / "probe"
    probe.touch()
    before = probe.stat().st_ctime_ns
    while probe.stat().st_ctime_ns == before:
        time.sleep(0.001)
        probe.touch()


def test_the_sensor_asks_once_and_waits_while_a_run_is_queued(instance, tmp_path):
    home = Home(path=str(tmp_path / "home"))
    (home.exports / "a.csv").touch()

    def tick(later: float):
        sensor = sense_new_exports(is_on=True, clock=lambda: time.time() + later)
        return sensor(dg.build_sensor_context(instance=instance, resources={"home": home}))

    assert "a file changed" in tick(0).skip_message
    asked = tick(11 * MINUTE)
    assert isinstance(asked, dg.RunRequest)
    assert asked.run_key == tick(12 * MINUTE).run_key  # Dagster starts one run for a key
    daily = dg.GraphDefinition(name="daily", node_defs=[]).to_job()
    run = instance.create_run_for_job(daily)
    assert tick(11 * MINUTE).skip_message == f"run {run.run_id} is not_started"


# 2022-01-29 and 30 were working Saturday and Sunday; 春节 was 31 January to 6 February
CALENDAR = dict(build_calendar(settings.PROJECT / "nowhere.csv")[["date_on", "is_working_day"]].to_numpy().tolist())


@pytest.mark.parametrize(
    ("rhythm", "today", "expected"),
    [
        ("daily", "2022-02-03", "2022-02-02"),
        ("working_days", "2022-02-07", "2022-01-30"),
        ("working_days", "2022-02-06", "2022-01-30"),
        ("working_days", "2022-02-08", "2022-02-07"),
        ("working_days", "2022-03-07", "2022-03-04"),
        ("monthly by 5", "2022-02-05", "2021-12-31"),
        ("monthly by 5", "2022-02-07", "2021-12-31"),  # the 5th was a holiday, so the 7th is the last day
        ("monthly by 5", "2022-02-08", "2022-01-31"),
        ("monthly by 15", "2022-03-15", "2022-01-31"),
        ("monthly by 15", "2022-03-16", "2022-02-28"),
    ],
)
def test_a_rhythm_knows_holidays(rhythm, today, expected):
    assert find_expected(rhythm, date.fromisoformat(today), CALENDAR.__getitem__) == date.fromisoformat(expected)


def test_a_source_is_loaded_until_the_day_that_all_its_datasets_cover(county):
    (hall,) = (source for source in Jurisdiction(path=str(county.jurisdiction)).sources() if source.source == "hall")
    with duckdb.connect() as connection:
        connection.execute("""
            create schema quality; create schema reference;
            create table reference.calendar (date_on date, is_working_day boolean);
            create table quality.files (source varchar, dataset varchar, covers_until date, verdict varchar);
        """)

        def judge(*rows):
            connection.execute("delete from quality.files")
            for dataset, day, verdict in rows:
                connection.execute("insert into quality.files values ('hall', $1, $2, $3)", [dataset, day, verdict])
            (state,) = judge_sources(connection, [hall], date(2022, 3, 4), (6, 7))
            return state.covers_until, state.is_late

        assert judge() == (None, True)
        assert judge(("cases", "2022-03-03", "loaded")) == (date(2022, 3, 3), False)
        assert judge(("cases", "2022-03-03", "refused"), ("cases", "2022-03-02", "loaded")) == (date(2022, 3, 2), True)
        assert judge(("cases", "2022-03-03", "loaded"), ("case_pauses", "2022-03-01", "loaded"))[1]
        assert not judge(("cases", "2022-03-03", "loaded"), ("items", "2021-01-01", "loaded"))[1]  # a list of items


def test_a_source_with_a_rhythm_has_a_policy_and_a_check_of_the_daily_job(county):
    definitions = county.definitions()
    specs = {spec.key: spec for asset in definitions.assets if isinstance(asset, dg.AssetSpec) for spec in [asset]}
    policies = {key.path[-1] for key, spec in specs.items() if spec.freshness_policy}
    assert policies == {"hall"}
    checks = definitions.resolve_job_def("daily").asset_layer.asset_graph.asset_check_keys
    assert dg.AssetCheckKey(dg.AssetKey(["exports", "hall"]), "arrives_in_time") in checks
    assert {key.name for key in checks if key.asset_key.path[-1] == "bulletin"} == set()


@pytest.mark.parametrize("rhythm", ["weekly", "monthly by 0", "monthly by 31", "monthly"])
def test_a_rhythm_that_nobody_knows_is_a_fault_of_the_mapping(county, tmp_path, rhythm):
    copy = county.copy(tmp_path / "copy")
    hall = copy.jurisdiction / "sources" / "hall.yaml"
    content = yaml.safe_load(hall.read_text(encoding="utf-8")) | {"arrives": rhythm}
    hall.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(MappingError, match="arrives"):
        load_sources(copy.jurisdiction)


def test_a_run_that_nobody_watches_waits_for_the_lock(tmp_path):
    held = hold_lock(tmp_path, "tongbao accept")
    with pytest.raises(RunInProgress, match="tongbao accept"):
        hold_lock(tmp_path, "run 2", patience_seconds=0.05)
    threading.Timer(0.05, held.close).start()
    hold_lock(tmp_path, "run 2", patience_seconds=60).close()


def test_a_daily_run_whose_process_died_is_told_once(county, instance, tmp_path, monkeypatch):
    monkeypatch.setenv("TONGBAO_ALERT_FILE", str(tmp_path / "alerts.txt"))
    daily = dg.GraphDefinition(name="daily", node_defs=[]).to_job()
    run = instance.create_run_for_job(daily)
    instance.report_run_failed(run, "Run execution process unexpectedly exited")
    (record,) = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE)

    def tick():
        resources = {
            "home": Home(path=str(tmp_path / "home")),
            "jurisdiction": Jurisdiction(path=str(county.jurisdiction)),
        }
        context = dg.build_run_status_sensor_context(
            "run_failed", record.dagster_event, instance, instance.get_run_by_id(run.run_id), resources=resources
        ).for_run_failure()
        return sense_failed_runs(is_on=True)(context)

    assert tick() is None and tick() is None
    assert (tmp_path / "alerts.txt").read_text(encoding="utf-8").count("没有发布：运行出错") == 1
    instance.create_run_for_job(daily)
    assert "a later daily run" in tick().skip_message


def test_the_configuration_of_dagster_follows_the_days_that_are_kept_and_an_administrators_stays(tmp_path, monkeypatch):
    path = settings.prepare(tmp_path) / "dagster" / "dagster.yaml"
    assert yaml.safe_load(path.read_text())["retention"]["schedule"] == {"purge_after_days": 90}
    monkeypatch.setenv("TONGBAO_KEEP_DAYS", "30")
    settings.prepare(tmp_path)
    content = yaml.safe_load(path.read_text())
    assert content["retention"]["sensor"]["purge_after_days"]["success"] == 30 and content["freshness"]["enabled"]
    own = path.read_text().partition("\n")[2]
    path.write_text(own)
    monkeypatch.setenv("TONGBAO_KEEP_DAYS", "31")
    settings.prepare(tmp_path)
    assert path.read_text() == own
