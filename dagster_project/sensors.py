"""The sensors: `new_exports` asks for runs, `run_failed` hands failures to alerts, `killed_runs` frees the queue.

`new_exports` compares the landing folder with the start of the last daily run and says in each tick why it waits. It
takes the times at which the file system changed a file or folder, which no copying program can set. `run_failed` is
for runs whose process died; a run that ends by itself has told already. Both are off as the schedule is. `killed_runs`
is always on: a run whose end could not be recorded, because the machine or the disk failed, would keep all later ones
in the queue.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import dagster as dg

from dagster_project.alerts.tell import tell_of_run
from dagster_project.event_log import KILLED
from dagster_project.gate.verdict import read_verdict
from dagster_project.jobs import daily_job
from dagster_project.resources import Home, Jurisdiction
from dagster_project.warehouse.lock import RunInProgress, is_held
from dagster_project.warehouse.moves import CutShort
from dagster_project.warehouse.publication import hold_home

SETTLED = timedelta(minutes=10)
_INTERVAL_SECONDS = 120
_NOT_OVER = {
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
}


def find_last_change(exports: Path) -> tuple[float, int]:
    """When a file or folder below `exports` changed last, in seconds since 1970, and how many files there are.

    A file that leaves a folder changes the folder.
    """
    changed, files = exports.stat().st_ctime, 0
    for path in exports.rglob("*"):
        try:
            changed, files = max(changed, path.lstat().st_ctime), files + path.is_file()
        except FileNotFoundError:  # a file that a program has just renamed; its folder has changed
            continue
    return changed, files


def why_wait(changed: float, files: int, ran: float, now: float) -> str | None:
    """Why no run is due yet, in a sentence; None if one is. `ran`: when the last daily run started, else 0."""
    if not files:
        return "the folder exports/ holds no file"
    if changed <= ran:
        return f"no file has changed since the last daily run, {_ago(now - ran)} ago"
    if now - changed < SETTLED.total_seconds():
        return f"a file changed {_ago(now - changed)} ago; a run is due once none has changed for {SETTLED}"
    return None


def _ago(seconds: float) -> str:
    return str(timedelta(seconds=max(0, round(seconds))))


def sense_new_exports(*, is_on: bool, clock: Callable[[], float] = time.time) -> dg.SensorDefinition:
    """The sensor that asks for a daily run; `clock` gives the seconds since 1970."""

    @dg.sensor(
        name="new_exports",
        job=daily_job,
        minimum_interval_seconds=_INTERVAL_SECONDS,
        default_status=_status(is_on),
        description="导出文件到齐、十分钟内不再变动后运行；a run once new exports have settled",
    )
    def new_exports(context: dg.SensorEvaluationContext, home: Home) -> dg.RunRequest | dg.SkipReason:
        last = next(iter(context.instance.get_run_records(dg.RunsFilter(job_name=daily_job.name), limit=1)), None)
        if last and last.dagster_run.status in _NOT_OVER:
            return dg.SkipReason(f"run {last.dagster_run.run_id} is {last.dagster_run.status.value.lower()}")
        ran = (last.start_time or last.create_timestamp.timestamp()) if last else 0
        changed, files = find_last_change(home.exports)
        if why := why_wait(changed, files, ran, clock()):
            return dg.SkipReason(why)
        return dg.RunRequest(run_key=f"{changed:.6f}")

    return new_exports


def sense_killed_runs() -> dg.SensorDefinition:
    """The sensor that records runs as failed whose process is gone.

    Nobody held the home at two ticks in a row, two minutes apart, while Dagster took such a run for started: a run
    takes the home's lock as it begins, and gives it back as it ends.
    """

    @dg.sensor(
        name="killed_runs",
        minimum_interval_seconds=_INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="进程已不在的运行记为失败，以免其后的运行一直排队；records runs whose process is gone as failed",
    )
    def killed_runs(context: dg.SensorEvaluationContext, home: Home) -> dg.SkipReason:
        statuses = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
        running = {run.run_id: run for run in context.instance.get_runs(dg.RunsFilter(statuses=statuses))}
        unheld = {*running} if running and not is_held(home.folder) else set()
        gone = unheld & {*(context.cursor or "").split()}
        for run_id in gone:
            context.instance.report_run_failed(running[run_id], KILLED)
        context.update_cursor(" ".join(sorted(unheld - gone)))
        if gone:
            return dg.SkipReason(f"recorded as failed, because nobody holds the home: {', '.join(sorted(gone))}")
        return dg.SkipReason(f"runs in progress: {', '.join(sorted(running)) or 'none'}")

    return killed_runs


def sense_failed_runs(*, is_on: bool) -> dg.SensorDefinition:
    """The sensor that tells of a daily run that could not tell itself, because its process died or never began."""

    @dg.run_failure_sensor(
        name="run_failed",
        minimum_interval_seconds=_INTERVAL_SECONDS,
        monitored_jobs=[daily_job],
        default_status=_status(is_on),
        description="运行意外中止时发出提醒；tells of a run whose process died",
    )
    def run_failed(context: dg.RunFailureSensorContext, home: Home, jurisdiction: Jurisdiction) -> dg.SkipReason | None:
        run_id = context.dagster_run.run_id
        newest = context.instance.get_run_records(dg.RunsFilter(job_name=daily_job.name), limit=1)
        if newest and newest[0].dagster_run.run_id != run_id:
            return dg.SkipReason("a later daily run tells how things are")
        verdict = read_verdict(home.folder, run_id)
        if verdict.state != "running":
            return dg.SkipReason("the run has told how it ended")
        verdict.end("failed")
        try:
            with hold_home(home.folder, "sensor run_failed"):
                warnings = tell_of_run(home.folder, jurisdiction.folder, verdict)
        except (RunInProgress, CutShort) as error:
            return dg.SkipReason(f"{error}")
        for warning in warnings:
            context.log.warning(warning)
        return None

    return run_failed


def _status(is_on: bool) -> dg.DefaultSensorStatus:
    return dg.DefaultSensorStatus.RUNNING if is_on else dg.DefaultSensorStatus.STOPPED
