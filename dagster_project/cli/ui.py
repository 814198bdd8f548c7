"""`tongbao ui`: the Dagster UI on this machine, with the daemon that runs the schedule and the queue of runs.

Starts `dagster dev` in the environment of the runtime home and waits for it.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.cli.signals import Stopped
from dagster_project.cli.terminal import console, find_home


@click.command()
@click.option("--port", default=3000, show_default=True)
def ui(port: int) -> None:
    """Open the Dagster UI on 127.0.0.1: lineage, runs, checks, the daily schedule."""
    home = settings.prepare(settings.home())
    try:
        find_home()
    except settings.Unusable as error:
        console.print(f"runs will be refused: {error}", markup=False)
    console.print(f"Dagster UI on http://127.0.0.1:{port} (Ctrl-C ends it); home {home}")
    dagster = str(Path(sys.executable).with_name("dagster"))
    command = [dagster, "dev", "-h", "127.0.0.1", "-p", str(port), "-m", "dagster_project.definitions"]
    dagster_ui = subprocess.Popen(command, cwd=settings.PROJECT, env={**os.environ, **settings.environment(home)})
    try:
        raise SystemExit(dagster_ui.wait())
    except Stopped:
        # Ctrl-C at a terminal has reached Dagster too, a signal to this process alone has not
        dagster_ui.send_signal(signal.SIGINT)
        dagster_ui.wait()
        raise
