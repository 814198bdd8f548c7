"""`tongbao ui`: the Dagster UI on this machine, with the daemon that runs the schedule and the queue of runs.

Becomes `dagster dev` in the environment of the runtime home. The pages of the home, which links of the UI open, are
served on the next port, unless TONGBAO_PAGES names another server of them.
"""

import os
import sys
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.catalogue.pages import serve_beside
from dagster_project.disk import is_full, why_no_space
from dagster_project.history import set_damaged_aside
from dagster_project.terminal.console import console, print_warning
from dagster_project.terminal.home import find_home


@click.command()
@click.option("--port", default=3000, show_default=True)
def ui(port: int) -> None:
    """Open the Dagster UI on 127.0.0.1: lineage, runs, checks, the daily schedule."""
    home = settings.prepare(settings.home())
    try:
        find_home()
    except settings.Unusable as error:
        console.print(f"runs will be refused: {error}", markup=False)
    if why := why_no_space(home):
        if is_full(home):
            raise click.ClickException(why)
        print_warning(why)
    for warning in set_damaged_aside(home):
        console.print(warning, markup=False)
    console.print(f"Dagster UI on http://127.0.0.1:{port} (Ctrl-C ends it); home {home}")
    dagster = str(Path(sys.executable).with_name("dagster"))
    command = [dagster, "dev", "-h", "127.0.0.1", "-p", str(port), "-m", "dagster_project.definitions"]
    # Dagster takes this process over, so that Ctrl-C and SIGTERM reach it, which ends webserver and daemon
    os.chdir(settings.PROJECT)
    environment = {"TONGBAO_PAGES": f"http://127.0.0.1:{port + 1}", **os.environ, **settings.environment(home)}
    if not os.environ.get("TONGBAO_PAGES"):
        serve_beside(home, port + 1)
    os.execve(dagster, command, environment)
