"""`tongbao rebuild`: makes warehouse and drafts anew from the exports, when a file of the home is damaged.

`recovery/anew.py` begins an empty candidate, and the daily job does the rest, with the same checks as every run. What
is published stays until the new warehouse has passed them.
"""

import click

from dagster_project.cli.daily.run import run_daily
from dagster_project.terminal.console import console
from dagster_project.terminal.home import enter_home


@click.command()
@click.option("--without-missing", is_flag=True, help="Go on although exports of published rows are gone: lose them.")
@click.option("--new-key", is_flag=True, help="The pseudonym key is lost or was replaced: make every pseudonym anew.")
def rebuild(without_missing: bool, new_key: bool) -> None:
    """Make the warehouse and all drafts anew from the exports; figures and pseudonyms become the same.

    For a damaged home (tongbao check --deep says whether it is). Accepted findings, revisions and the results
    of earlier checks are taken over. The files as they were are kept in data/before-rebuild/. A rebuild that
    was killed goes on when it is started again.
    """
    from dagster_project.recovery.anew import begin_rebuild, is_rebuilding
    from dagster_project.warehouse.publication import hold_home

    home, jurisdiction = enter_home()
    with hold_home(home, "rebuild"):
        if is_rebuilding(home):
            console.print("an earlier rebuild has not been published yet; it goes on")
        else:
            for said in begin_rebuild(home, jurisdiction, without_missing=without_missing, new_key=new_key):
                console.print(said, markup=False)
    run_daily(None)
