"""`tongbao docs`: dbt's documentation of all models as one page that opens offline.

`analysts/model_docs.py` makes the page; this module finds the published warehouse and says where the page lies.
"""

from pathlib import Path

import click

from dagster_project.terminal.console import console
from dagster_project.terminal.home import find_home, published_warehouse


@click.command()
@click.argument("page", type=click.Path(dir_okay=False, path_type=Path))
def docs(page: Path) -> None:
    """Write dbt's documentation of every model to PAGE, one HTML file: descriptions, columns, SQL, tests, graph.

    It holds no rows, needs no network, and can be put on any web server.

    \b
    tongbao docs models.html
    """
    from dagster_project.analysts.model_docs import make_model_docs
    from dagster_project.warehouse.dbt_project import DbtError

    try:
        page.write_text(make_model_docs(published_warehouse(find_home())), encoding="utf-8")
    except DbtError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{page} can't be written ({error.strerror})") from None
    console.print(f"documentation of the models written to {page}", markup=False)
