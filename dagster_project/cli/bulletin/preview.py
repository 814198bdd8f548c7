"""The command `tongbao preview`: renders the bulletin again each time the office saves its text.

It writes a page into previews/<period>/ and prints one line for each save of the jurisdiction's folder: rendered, or
the mistake in the text. It publishes nothing. `reports` does the rendering.
"""

from pathlib import Path

import click
import yaml

from dagster_project.terminal.console import console, errors
from dagster_project.terminal.home import enter_home, published_warehouse
from dagster_project.terminal.period import complete_period, period_given
from dagster_project.terminal.signals import Stopped
from dagster_project.warehouse.damage import read_published


@click.command()
@click.argument("period", required=False, callback=period_given, shell_complete=complete_period)
@click.option("--once", is_flag=True, help="Render once and end; exit code 1 where the text has a mistake.")
def preview(period: str | None, once: bool) -> None:
    """Re-render the bulletin of PERIOD whenever its text is saved; nothing is published.

    If jurisdictions/<name>/bulletin/PERIOD.md is missing, the preview makes it from a skeleton; it never changes an
    existing file. Ctrl-C ends the preview.
    """
    from reports.document.bulletin import read_settings
    from reports.text.narrative import create_narrative

    base, folder = enter_home()
    warehouse = published_warehouse(base)
    period = period or _newest_complete(warehouse, folder)
    target = base / "previews" / period
    if not _render_page(warehouse, period, folder, target, base) and once:
        raise SystemExit(1)
    if (target / "bulletin.html").exists():
        begun = create_narrative(folder / "bulletin", period, read_settings(folder).words)
        if begun:
            console.print(f"words to write: {begun}", markup=False)
    if once:
        return
    from watchfiles import watch

    console.print(f"watching {folder}; Ctrl-C ends", markup=False)
    try:
        for _ in watch(folder, raise_interrupt=True):
            _render_page(warehouse, period, folder, target, base)
    except (KeyboardInterrupt, Stopped):
        return


def _newest_complete(warehouse: Path, folder: Path) -> str:
    from dagster_project.warehouse.due_bulletins import newest_complete
    from ingest.jurisdiction.settings import load_jurisdiction

    with read_published(warehouse) as connection:
        period = newest_complete(connection, load_jurisdiction(folder).bulletin.default_kind)
    if period is None:
        raise click.ClickException("no period is complete yet; name one that has figures, e.g. tongbao preview 2022-06")
    return period


def _render_page(warehouse: Path, period: str, folder: Path, target: Path, home: Path) -> bool:
    """Whether the page was rendered; prints the result, or a mistake in the text, which keeps the last good page."""
    from reports.figures.load import UnknownPeriod
    from reports.release.freeze import find_last_version
    from reports.release.revised import read_revised
    from reports.render import MISTAKES, render

    try:
        # open the file for each rendering only, so that a run can publish meanwhile
        with read_published(warehouse) as connection:
            last = find_last_version(home / "releases" / period)
            render(connection, period, folder, target, "preview", read_revised(last))
    except UnknownPeriod as error:
        # no later change of the text can mend this
        raise click.ClickException(str(error)) from None
    except (*MISTAKES, yaml.YAMLError, OSError) as error:
        errors.print(f"[red]not rendered[/red] {type(error).__name__}", end=": ")
        errors.print(str(error), markup=False)
        return False
    console.print(f"rendered   {target / 'bulletin.html'}", markup=False)
    return True
