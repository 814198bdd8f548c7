"""Dagster's history in PostgreSQL, by the setting TONGBAO_POSTGRES: written into dagster.yaml, used, and never mixed.

The server is of this machine's own binaries; where it or `dagster-postgres` is missing, the tests that need it are
skipped.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml

from dagster_project import settings
from dagster_project.event_log import delete_old_runs, hold_event_log, mark_killed_runs, open_instance
from tests.dagster_project.postgres_server import free_port, start_server

URL = "postgresql+psycopg2://tongbao:geheim@127.0.0.1/tongbao"


@pytest.fixture
def installed(tmp_path, monkeypatch) -> None:
    """A stand-in for the package, as these tests only write settings."""
    (tmp_path / "packages" / "dagster_postgres").mkdir(parents=True)
    (tmp_path / "packages" / "dagster_postgres" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path / "packages")


def written(home: Path) -> dict:
    return yaml.safe_load((home / "dagster" / "dagster.yaml").read_text(encoding="utf-8"))


def test_the_setting_is_written_without_the_password_and_stays(installed, tmp_path, monkeypatch):
    home = settings.prepare(tmp_path / "home")
    assert "storage" not in written(home)
    monkeypatch.setenv("TONGBAO_POSTGRES", URL)
    settings.prepare(home)
    assert written(home)["storage"] == {"postgres": {"postgres_url": {"env": "TONGBAO_POSTGRES"}}}
    assert "geheim" not in (home / "dagster" / "dagster.yaml").read_text(encoding="utf-8")
    monkeypatch.delenv("TONGBAO_POSTGRES")
    with pytest.raises(settings.Unusable, match="TONGBAO_POSTGRES is not set"):
        settings.prepare(home)
    assert "storage" in written(home)


def test_settings_of_an_administrator_are_not_overridden_but_told(installed, tmp_path, monkeypatch):
    home = settings.prepare(tmp_path / "home")
    path = home / "dagster" / "dagster.yaml"
    path.write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    monkeypatch.setenv("TONGBAO_POSTGRES", URL)
    with pytest.raises(settings.Unusable, match=r"changed by hand.*\n *storage:"):
        settings.prepare(home)
    path.write_text(path.read_text() + "storage: {postgres: {postgres_url: {env: TONGBAO_POSTGRES}}}\n")
    settings.prepare(home)
    assert written(home)["storage"]


@pytest.mark.parametrize("address", ["postgresql://tongbao@127.0.0.1/tongbao", "127.0.0.1", "sqlite:///history.db"])
def test_an_address_of_another_form_is_told(installed, tmp_path, monkeypatch, address):
    monkeypatch.setenv("TONGBAO_POSTGRES", address)
    with pytest.raises(settings.Unusable, match=r"write postgresql\+psycopg2://user"):
        settings.prepare(tmp_path / "home")


def test_a_missing_package_is_named_with_what_installs_it(tmp_path, monkeypatch):
    try:
        import dagster_postgres  # noqa: F401
    except ImportError:
        monkeypatch.setenv("TONGBAO_POSTGRES", URL)
        with pytest.raises(settings.Unusable, match="make postgres"):
            settings.prepare(tmp_path / "home")
    else:
        pytest.skip("dagster-postgres is installed")


def test_runs_are_kept_in_postgresql_and_not_in_files_of_the_home(tmp_path, monkeypatch):
    @dg.asset
    def something() -> None: ...

    with start_server() as url:
        monkeypatch.setenv("TONGBAO_POSTGRES", url)
        home = settings.prepare(tmp_path / "home")
        for name, value in settings.environment(home).items():
            monkeypatch.setenv(name, value)
        with open_instance() as instance:
            with hold_event_log(home):
                run_id = dg.materialize([something], instance=instance).run_id
            killed = instance.create_run_for_job(dg.GraphDefinition(name="killed").to_job())
            instance.report_run_canceling(killed)
            mark_killed_runs(instance, run_id)
            assert instance.get_latest_materialization_event(dg.AssetKey("something"))
            assert instance.get_run_by_id(killed.run_id).status == dg.DagsterRunStatus.FAILURE
            for _ in range(12):
                instance.create_run_for_job(dg.GraphDefinition(name="later").to_job())
            later = datetime.now(UTC) + timedelta(days=1)
            assert delete_old_runs(instance, home, later) > 0
        with open_instance() as instance:
            assert len(instance.get_runs()) == 10
    assert not [*(home / "dagster").rglob("*.db")]


def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path, monkeypatch):
    pytest.importorskip("dagster_postgres", reason="`make postgres` installs it")
    monkeypatch.setenv("TONGBAO_POSTGRES", f"postgresql+psycopg2://tongbao:geheim@127.0.0.1:{free_port()}/tongbao")
    home = settings.prepare(tmp_path / "home")
    for name, value in settings.environment(home).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(settings.Unusable, match=r"can't be opened.*refused.*TONGBAO_POSTGRES") as told:
        open_instance()
    assert "geheim" not in str(told.value)
