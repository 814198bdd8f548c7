"""`tongbao doctor`: what of this installation needs mending, each with what to do.

`overview/diagnosis.py` looks; this module prints it. `tongbao check` tries a county's folder, `check --deep` proves
files.
"""

import json
from datetime import date

import click

from dagster_project import settings
from dagster_project.cli.commands import DONE, STOPPED
from dagster_project.terminal.console import console
from reports.words.locale import words
from reports.words.messages import tell

_COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts: a list of about, state (ok, warn, bad) and said.")
def doctor(as_json: bool) -> None:
    """Look at environment, versions, calendar, disk, permissions, key, clock and fonts. Nothing is changed.

    Exit code 0 if nothing is bad, else 1; warnings don't count.
    """
    from dagster_project.overview.diagnosis import examine

    found = [*examine(settings.home(), date.today())]
    if as_json:
        click.echo(json.dumps([each._asdict() for each in found], ensure_ascii=False, indent=1))
    else:
        for each in found:
            state, about = words(f"doctor.state.{each.state}"), words(f"doctor.about.{each.about}")
            console.print(f"[{_COLOURS[each.state]}]{state}[/{_COLOURS[each.state]}] ", end="")
            console.print(f"{about}: {tell(each.said)}", markup=False)
    raise SystemExit(STOPPED if any(each.state == "bad" for each in found) else DONE)
