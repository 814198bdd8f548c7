"""What all commands share at a terminal: two consoles, the check of a PERIOD argument, the home and whose it is.

Importing this module loads neither Dagster nor DuckDB, so that `tongbao --help` is quick. The messages of a running job
are in `speech.py`.
"""

import os
from pathlib import Path

import click
from rich.console import Console

from dagster_project import settings

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def period_given(context: click.Context, parameter: click.Parameter, period: str | None) -> str | None:
    """A period as it was typed; a misspelt one is refused here and not minutes later, at the last step."""
    if period is not None and not settings.is_period(period):
        raise click.BadParameter(f"{period!r} is no period; write one as 2022-06, 2022Q2, 2022H1 or 2022")
    return period


def find_home() -> Path:
    """The runtime home; settings.Unusable if it has no jurisdiction yet, or TONGBAO_JURISDICTION names another."""
    from dagster_project.owner import check_owner

    home = settings.home()
    check_owner(home)
    return home


def enter_home() -> tuple[Path, Path]:
    """The runtime home and its jurisdiction's folder. Makes the home and sets what Dagster reads from the environment.

    Raises settings.Unusable as `find_home` does, and if the home can't be made or the folder can't be found.
    """
    from dagster_project.owner import find_jurisdiction

    home = settings.home()
    jurisdiction = find_jurisdiction(home)
    settings.prepare(home)
    os.environ.update(settings.environment(home))
    return home, jurisdiction


def published_warehouse(home: Path) -> Path:
    """The published file; ClickException if there is none yet."""
    path = home / "warehouse.duckdb"
    if not path.exists():
        raise click.ClickException(f"{path} is not there yet; run `tongbao run` first")
    return path
