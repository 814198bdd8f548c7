"""`tongbao discard`: throw the candidate away, so that the next run begins with what is published.

What is published stays as it is, and exports are read again by the next run. Refused while a run holds the home.
"""

import click

from dagster_project.terminal.console import console
from dagster_project.terminal.home import find_home


@click.command()
def discard() -> None:
    """Delete the candidate: what was read and built since the last publication."""
    from dagster_project.warehouse.candidate import Candidate
    from dagster_project.warehouse.publication import hold_home

    home = find_home()
    with hold_home(home, "discard"):
        was_there = Candidate(home).discard()
    console.print("the candidate is deleted" if was_there else "there was no candidate; nothing changed")
