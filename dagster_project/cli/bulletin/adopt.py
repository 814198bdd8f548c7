"""The command `tongbao adopt`: takes the words that an official wrote into a DOCX into the period's text.

It rewrites jurisdictions/<name>/bulletin/PERIOD.md, from which every format is made, and exits with 1 if the file
differs where words of the office don't stand. `reports/proof/adopt.py` finds the words.
"""

import shutil
import zipfile
from pathlib import Path
from xml.etree.ElementTree import ParseError

import click

from dagster_project.terminal.console import console, errors
from dagster_project.terminal.home import enter_home, published_warehouse
from dagster_project.warehouse.damage import read_published
from reports.words.locale import words


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def adopt(file: Path, dry_run: bool) -> None:
    """Take the words edited in FILE, a bulletin's DOCX, into the text of its period.

    Numbers stay those of the figures. Where a number, a table or a sentence of template.md was edited, nothing is
    adopted and each place is named. `tongbao bulletin PERIOD` then renders all formats with the new words.
    """
    from dagster_project.warehouse.due_bulletins import copy_edited
    from reports.proof.adopt import NotAdopted, adopt_docx
    from reports.proof.printed import read_docx_period
    from reports.release.freeze import find_last_version
    from reports.release.revised import read_revised
    from reports.render import MISTAKES

    base, jurisdiction = enter_home()
    edited = file.read_bytes()
    try:
        period = read_docx_period(edited)
        if not period:
            raise click.ClickException(words("adopt.no_period", path=file))
        with read_published(published_warehouse(base)) as connection:
            revised = read_revised(find_last_version(base / "releases" / period))
            adopted = adopt_docx(connection, period, jurisdiction, edited, revised)
    except (zipfile.BadZipFile, ParseError, KeyError):
        raise click.ClickException(words("adopt.unreadable", path=file)) from None
    except NotAdopted as error:
        errors.print(f"{error}\n{words('adopt.refused')}", markup=False, soft_wrap=True)
        raise SystemExit(1) from None
    except MISTAKES as error:
        raise click.ClickException(str(error)) from None
    for change in adopted.changed:
        console.print(change, markup=False, soft_wrap=True)
    for number in adopted.typed:
        console.print(words("adopt.typed", number=number), markup=False)
    path = jurisdiction / "bulletin" / f"{period}.md"
    if not adopted.changed:
        console.print(words("adopt.nothing", file=file, path=path), markup=False, soft_wrap=True)
    elif not dry_run:
        aside = path.with_suffix(".md.part")
        aside.write_text(adopted.text, encoding="utf-8", newline="\n")
        if path.exists():
            shutil.copymode(path, aside)  # the text belongs to the checkout, which others may read
        aside.replace(path)
        copy_edited(base, period, file)
        console.print(words("adopt.done", path=path, period=period), markup=False, soft_wrap=True)
