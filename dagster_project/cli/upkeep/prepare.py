"""`tongbao prepare`: the home of a server before its services start.

Makes the folders of the home, Dagster's settings and an empty history. Services that start together would otherwise
make the history at the same moment, and all but one of them would fail.
"""

import click

from dagster_project.history import set_damaged_aside
from dagster_project.terminal.console import console
from dagster_project.terminal.home import enter_home


@click.command()
def prepare() -> None:
    """Make the home and Dagster's empty history in it; changes nothing where they are there."""
    home, _ = enter_home()
    for warning in set_damaged_aside(home):
        console.print(warning, markup=False)
    from dagster import DagsterInstance

    with DagsterInstance.get():
        console.print(f"{home} is ready", markup=False)
