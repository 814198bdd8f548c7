"""`tongbao export`: the marts as Parquet files with a data package, for those who have no DuckDB.

It writes into a new folder, which is complete or isn't there. `analysts/package.py` makes the files.
"""

import shutil
import tempfile
from pathlib import Path

import click

from dagster_project.analysts.package import LICENCES, export_tables, list_marts
from dagster_project.terminal.console import console
from dagster_project.terminal.home import find_home, published_warehouse
from dagster_project.warehouse.damage import read_published


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--table", "names", multiple=True, help="Only this table of marts, e.g. figures; may be repeated.")
@click.option("--licence", type=click.Choice([*LICENCES]), default="other-closed", show_default=True)
@click.option("--with-pseudonyms", is_flag=True, help="Keep the pseudonyms of persons (applicant_key).")
def export(folder: Path, names: tuple[str, ...], licence: str, with_pseudonyms: bool) -> None:
    """Write the marts into FOLDER as Parquet, with datapackage.json: names, types, units, licence and sums.

    \b
    tongbao export ~/open-data --table figures --table figure_definitions --licence CC-BY-4.0
    """
    if folder.exists():
        raise click.ClickException(f"{folder} is there already; nothing written. Delete it or name another folder")
    with read_published(published_warehouse(find_home())) as connection:
        marts = {table.name: table for table in list_marts(connection)}
        if unknown := [name for name in names if name not in marts]:
            raise click.BadParameter(f"{', '.join(unknown)}: no table of marts; there are {', '.join(marts)}")
        chosen = [marts[name] for name in names or marts]
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        except OSError as error:
            raise click.ClickException(f"{folder.parent} can't be written ({error.strerror})") from None
        try:
            export_tables(connection, chosen, part, licence=licence, with_pseudonyms=with_pseudonyms)
            part.chmod(0o750)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    console.print(f"{len(chosen)} tables and datapackage.json written to {folder}", markup=False)
