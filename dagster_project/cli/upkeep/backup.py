"""The commands `tongbao backup` and `tongbao restore`: a whole home into one file, and a new home from it.

`recovery/archive.py` does both. Neither needs Dagster, and a backup doesn't keep a run from working.
"""

import os
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.owner import find_jurisdiction
from dagster_project.terminal.console import console
from dagster_project.terminal.home import find_home
from ingest.privacy import KEY_VARIABLE

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Pack the whole home into FILE (.tar, or .tar.gz to compress it), also while a run is on.

    Everything in it is of one publication. The candidate is left out: a run makes it again, but a finding that was
    accepted and not yet published has to be accepted again. FILE holds exports and the pseudonym key: keep it as
    secret as they are, and on another disk.
    """
    from dagster_project.recovery.archive import write_archive

    home, target = find_home(), file.resolve()
    if not file.name.endswith((".tar", ".tar.gz")):
        raise click.BadParameter(f"{file}: name it .tar, or .tar.gz to compress it")
    if target.exists():
        raise click.ClickException(f"{file} is there already; nothing written. Delete it or name another file")
    if target.is_relative_to(home):
        raise click.BadParameter(f"{file} lies in the home itself; name a file elsewhere, best on another disk")
    if not target.parent.is_dir():
        raise click.BadParameter(f"{target.parent} is no folder; make it, or name a file elsewhere")
    archive = write_archive(home, target)
    console.print(f"{archive.files} files, {archive.size / 1e6:.0f} MB of {home} are in {file}", markup=False)
    for said in _list_missing(home):
        console.print(said, markup=False)


@click.command()
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Make a home of FILE, which `tongbao backup` wrote; TONGBAO_HOME names it, and it must be empty.

    Every file is compared with its sum before anything is put in its place. Then: tongbao check --deep.
    """
    from dagster_project.recovery.archive import read_archive

    home = settings.home()
    if not file.is_file():
        raise click.BadParameter(f"{file}: no such file")
    if there := sorted(path.name for path in home.glob("*") if path.name != "lost+found"):
        raise click.ClickException(
            f"{home} holds {there[0]}, and a backup is only restored into an empty home; move that one away, or set "
            "TONGBAO_HOME to a new folder"
        )
    try:
        home.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{home} can't be made ({error.strerror}); TONGBAO_HOME names another") from None
    archive = read_archive(file, home)
    console.print(f"{archive.files} files, {archive.size / 1e6:.0f} MB are in {home}", markup=False)
    for said in _list_missing(home):
        console.print(said, markup=False)
    console.print("`tongbao check --deep` proves the home, `tongbao run` goes on from it")


def _list_missing(home: Path) -> list[str]:
    """What belongs to the home and is in no backup of it: the county's folder and a key of the environment."""
    said = []
    try:
        folder = find_jurisdiction(home)
    except settings.Unusable as error:
        return [str(error)]
    if not folder.is_relative_to(settings.PROJECT) and not folder.is_relative_to(home):
        said.append(f"not in it: the county's configuration, {folder}; keep that too")
    if os.environ.get(KEY_VARIABLE):
        said.append(f"not in it: {KEY_VARIABLE}; without that key pseudonyms of new and old rows differ")
    return said
