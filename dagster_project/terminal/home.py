"""The home that a command works in: whose it is, what is published in it, and the end of a publication cut short.

Importing this module loads neither Dagster nor DuckDB, so that `tongbao --help` is quick. What Dagster reads from the
environment is set in `settings.py`.
"""

import os
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.terminal.console import print_warning
from reports.words.locale import words


def find_home() -> Path:
    """The runtime home, in which a publication that was cut short is ended first.

    Raises settings.Unusable if it has no jurisdiction yet, or if TONGBAO_JURISDICTION names another.
    """
    from dagster_project.owner import check_owner

    home = settings.home()
    check_owner(home)
    _end_publication(home)
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
    _end_publication(home)
    return home, jurisdiction


def published_warehouse(home: Path) -> Path:
    """The published file; ClickException if there is none yet, Damaged if it was lost."""
    path = home / "warehouse.duckdb"
    if not path.exists():
        from dagster_project.warehouse.backup import check_not_lost

        check_not_lost(home)
        raise click.ClickException(words("home.no_warehouse", path=path))
    return path


def _end_publication(home: Path) -> None:
    """Complete or undo a publication that a kill cut short; a warning if that can't be done here and now.

    Otherwise a command that reads would meet a warehouse and bulletins of two publications.
    """
    if not (home / "build" / "publication.json").exists():
        return
    from dagster_project.warehouse.lock import RunInProgress
    from dagster_project.warehouse.moves import CutShort
    from dagster_project.warehouse.publication import hold_home

    try:
        with hold_home(home, "a command that ends a publication"):
            return
    except RunInProgress:
        return  # which publishes at this moment, or ends the publication itself
    except CutShort as error:
        reason = str(error)
    except OSError as error:  # a reader who may not write
        reason = words("home.readers", path=error.filename, reason=error.strerror)
    print_warning(words("home.mixed", reason=reason))
