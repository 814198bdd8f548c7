"""The commands `tongbao sql` and `tongbao inspect`: read-only SQL on the published warehouse, and on the candidate.

They open the file without access to disk or network, so a query can neither change it nor read other files. They print
a table, CSV or JSON.
"""

import json
from pathlib import Path

import click
import duckdb

from dagster_project.terminal.home import find_home, published_warehouse
from dagster_project.warehouse.damage import DISCARD, REBUILD, told_as_damage

# what every connection for people's queries is opened with: no file besides the warehouse, no network
SAFE = {"enable_external_access": "false", "lock_configuration": "true"}
_OPEN_FINDINGS = """
    select severity, check_name, found from quality.checks where not is_passed order by severity, asset, check_name
"""


@click.command()
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of rows, each with the names of its columns.")
def sql(query: str, as_csv: bool, as_json: bool) -> None:
    """Ask the published warehouse a QUERY, read-only.

    \b
    tongbao sql "select figure, value from marts.figures where period = '2022H1' and dimension = 'total'"
    tongbao sql "select * from marts.figure_definitions"
    """
    _print_answer(published_warehouse(find_home()), query, as_csv, as_json, REBUILD)


@click.command()
@click.argument("query", default=_OPEN_FINDINGS)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of rows, each with the names of its columns.")
def inspect(query: str, as_csv: bool, as_json: bool) -> None:
    """Ask the candidate a QUERY, read-only: what a blocked run has built. Without QUERY: which checks did not pass.

    \b
    tongbao inspect
    tongbao inspect "select * from marts.figures where period = '2022H1' and dimension = 'total'"
    """
    path = find_home() / "build" / "candidate.duckdb"
    if not path.exists():
        raise click.ClickException("there is no candidate: all that was built is published, or nothing was built yet")
    _print_answer(path, query, as_csv, as_json, DISCARD)


def _print_answer(path: Path, query: str, as_csv: bool, as_json: bool, remedy: str) -> None:
    try:
        with told_as_damage(path, remedy), duckdb.connect(str(path), read_only=True, config=SAFE) as connection:
            answer = connection.sql(query)
            if answer is None:
                return
            if as_json:
                click.echo(rows_as_json(answer))
            elif as_csv:
                click.echo(answer.df().to_csv(index=False), nl=False)
            else:
                answer.show(max_rows=200)
    except duckdb.Error as error:
        raise click.ClickException(str(error)) from None


def rows_as_json(answer: duckdb.DuckDBPyRelation) -> str:
    """The rows of an answer as a JSON list of objects; days, moments and pseudonyms as text."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
    return json.dumps(rows, ensure_ascii=False, indent=1, default=str)
