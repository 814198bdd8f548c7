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
from ingest.sql import quote_literal

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
        with told_as_damage(path, remedy), duckdb.connect(str(path), read_only=True) as connection:
            connection.execute(closing_sql(find_home()))
            answer = ask(connection, query)
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


def closing_sql(home: Path) -> str:
    """What every connection for people's queries begins with: no file besides warehouse and lake, no network."""
    lake = home / "lake"  # facts that Spark built
    allowed = f"set allowed_directories = [{quote_literal(str(lake))}]; " if lake.is_dir() else ""
    return f"{allowed}set enable_external_access = false; set lock_configuration = true"


def ask(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyRelation | None:
    """The answer to `query`, None if it has none; raises duckdb.Error, also for what would write into the lake."""
    writing = {duckdb.StatementType.COPY, duckdb.StatementType.EXPORT}
    if any(statement.type in writing for statement in duckdb.extract_statements(query)):
        raise duckdb.PermissionException("COPY and EXPORT write files, which this connection must not")
    return connection.sql(query)


def rows_as_json(answer: duckdb.DuckDBPyRelation) -> str:
    """The rows of an answer as a JSON list of objects; days, moments and pseudonyms as text."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
    return json.dumps(rows, ensure_ascii=False, indent=1, default=str)
