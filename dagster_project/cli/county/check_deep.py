"""`tongbao check --deep`: proves every file of the home and prints a line each.

`recovery/proof.py` does the work; this module prints it and counts what is damaged.
"""

import json

import click

from dagster_project.terminal.console import console, errors
from dagster_project.terminal.home import enter_home
from reports.words.locale import words


def check_home(as_json: bool) -> int:
    """Print every proof of the home; returns how many found something that must be mended."""
    from dagster_project.recovery.proof import prove_home

    home, jurisdiction = enter_home()
    if as_json:
        proofs = [*prove_home(home, jurisdiction)]
        click.echo(json.dumps([proof._asdict() for proof in proofs], ensure_ascii=False, indent=1))
        return sum(not proof.is_fine for proof in proofs)
    faults = 0
    for proof in prove_home(home, jurisdiction):
        faults += not proof.is_fine
        where, colour, label = (console, "green", "fine") if proof.is_fine else (errors, "red", "damaged")
        where.print(f"[{colour}]{words(f'check.{label}')}[/{colour}] ", end="")
        where.print(proof.said, markup=False)
    console.print(words("check.deep_faults", n=faults) if faults else words("check.whole"))
    return faults
