"""Tests that a warning logged by `reports` reaches Dagster's log of the run and the terminal.

Takes a home of its own and one asset that logs a warning. What is warned about is tested with `reports`.
"""

import logging

import dagster as dg

from dagster_project import settings
from dagster_project.terminal.progress import speech


@dg.asset
def large_page() -> None:
    logging.getLogger("reports.render").warning("bulletin.html of 2022H1 has 512 KB")


def test_a_warning_reaches_the_log_of_the_run_and_the_terminal(tmp_path, monkeypatch, capsys):
    for name, value in settings.environment(settings.prepare(tmp_path)).items():
        monkeypatch.setenv(name, value)
    definitions = dg.Definitions([large_page], jobs=[dg.define_asset_job("job")], loggers={"speech": speech})
    with dg.DagsterInstance.get() as instance:
        run = definitions.resolve_job_def("job").execute_in_process(
            instance=instance, run_config={"loggers": {"speech": {}}}
        )
        logged = [entry.user_message for entry in instance.all_logs(run.run_id) if entry.level == logging.WARNING]
    assert logged == ["bulletin.html of 2022H1 has 512 KB"]
    assert "warning bulletin.html of 2022H1 has 512 KB" in capsys.readouterr().err
