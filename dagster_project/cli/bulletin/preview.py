"""The command `tongbao preview`: shows page and paper of a bulletin side by side while the office writes.

It renders into previews/<period>/ again each time a file of the jurisdiction's folder is saved, and serves this folder
on this machine. A mistake in the text is told in the terminal and in the browser, which keeps the last good page. It
publishes nothing. `reports` does the rendering.
"""

import sys
import threading
from pathlib import Path

import click
import yaml

from dagster_project.terminal.console import console, errors, print_typed
from dagster_project.terminal.home import enter_home, published_warehouse
from dagster_project.terminal.period import complete_period, period_given
from dagster_project.terminal.signals import Stopped
from dagster_project.warehouse.damage import read_published
from reports.words.locale import load_locale, words

_FOLDER = "previews"


@click.command()
@click.argument("period", required=False, callback=period_given, shell_complete=complete_period)
@click.option("--once", is_flag=True, help="Render once and end; exit code 1 where the text has a mistake.")
@click.option("--port", default=0, help="Where the browser finds the preview; any free port if left out.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def preview(period: str | None, once: bool, port: int, no_browser: bool) -> None:
    """Show the bulletin of PERIOD in the browser, and again whenever its text is saved; nothing is published.

    The page and the pages of the PDF stand side by side. Numbers typed by hand are listed. If
    jurisdictions/<name>/bulletin/PERIOD.md is missing, the preview makes it from a skeleton; it never changes an
    existing file. Ctrl-C ends the preview.
    """
    from reports.document.bulletin import read_settings
    from reports.text.narrative import create_narrative

    base, folder = enter_home()
    warehouse = published_warehouse(base)
    period = period or _newest_complete(warehouse, folder)
    target = base / _FOLDER / period
    if not _render_page(warehouse, period, folder, target, base) and once:
        raise SystemExit(1)
    if (target / "bulletin.html").exists():
        begun = create_narrative(folder / "bulletin", period, read_settings(folder).words)
        if begun:
            console.print(words("preview.begun", path=begun), markup=False)
    if once:
        return
    from watchfiles import watch

    address = _serve(base, target, port)
    console.print(words("preview.watching", address=address, folder=folder), markup=False)
    if sys.stdout.isatty() and not no_browser:
        click.launch(address)
    try:
        for _ in watch(folder, raise_interrupt=True):
            _render_page(warehouse, period, folder, target, base)
    except (KeyboardInterrupt, Stopped):
        return


def _serve(home: Path, target: Path, port: int) -> str:
    """Serve the folder of previews until this process ends; returns the address of the page."""
    from dagster_project.catalogue.pages import make_server
    from reports.formats.html.preview import PAGE

    try:
        server = make_server(home, port, {_FOLDER})
    except OSError as error:
        raise click.ClickException(words("preview.port", port=port, reason=error.strerror)) from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/{_FOLDER}/{target.name}/{PAGE}"


def _newest_complete(warehouse: Path, folder: Path) -> str:
    from dagster_project.warehouse.due_bulletins import newest_complete
    from ingest.jurisdiction.settings import load_jurisdiction

    with read_published(warehouse) as connection:
        period = newest_complete(connection, load_jurisdiction(folder).bulletin.default_kind)
    if period is None:
        raise click.ClickException(words("preview.no_period"))
    return period


def _render_page(warehouse: Path, period: str, folder: Path, target: Path, home: Path) -> bool:
    """Whether the page was rendered; prints the result, or a mistake in the text, which keeps the last good page."""
    from reports.figures.load import UnknownPeriod
    from reports.formats.html.preview import write_mistake, write_preview
    from reports.release.freeze import find_last_version
    from reports.release.revised import read_revised
    from reports.render import MISTAKES, render

    try:
        # open the file for each rendering only, so that a run can publish meanwhile
        with read_published(warehouse) as connection:
            last = find_last_version(home / "releases" / period)
            render(connection, period, folder, target, "preview", read_revised(last), page_pictures=True)
    except UnknownPeriod as error:
        # no later change of the text can mend this
        raise click.ClickException(str(error)) from None
    except (*MISTAKES, yaml.YAMLError, OSError) as error:
        errors.print(words("preview.not_rendered"), style="red", end=" ")
        errors.print(str(error), markup=False)
        write_mistake(target, _shorten(str(error), folder))
        return False
    console.print(words("preview.rendered", path=target / "bulletin.html"), markup=False)
    typed = [_shorten(line, folder) for line in print_typed(folder / "bulletin", period)]
    count = words("typed.count", n=len(typed))
    write_preview(target, words("preview.title", period=period), typed, count, load_locale())
    return True


def _shorten(said: str, folder: Path) -> str:
    """What the browser says of a file, without the folders that the county's folder lies in."""
    return said.replace(f"{folder.parent}/", "")
