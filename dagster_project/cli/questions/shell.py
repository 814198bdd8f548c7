"""`tongbao shell`: a prompt for SQL on the published warehouse, read-only and without access to disk or network.

If DuckDB's own command line is installed, the command becomes it; else it is a small prompt of its own, with history
and completion by readline. Queries given on the command line belong to `sql.py`.
"""

import os
import shutil
import sys
from contextlib import suppress

import click
import duckdb

from dagster_project.cli.questions.sql import ask, closing_sql
from dagster_project.terminal.console import console, errors
from dagster_project.terminal.home import find_home, published_warehouse
from dagster_project.warehouse.damage import read_published

_PROMPTS = ("tongbao> ", "    ...> ")
_HELP = "SQL ends with ;   .tables   .columns marts.figures   .quit"
_TABLES = """
    select schema_name || '.' || name as "table", comment from (
        select schema_name, table_name as name, comment from duckdb_tables()
        union all select schema_name, view_name, comment from duckdb_views() where not internal
    ) where schema_name in ('marts', 'quality', 'reference', 'raw') order by 1
"""
_COLUMNS = """
    select column_name, lower(data_type) as type, comment from duckdb_columns()
    where schema_name || '.' || table_name = $1 order by column_index
"""


@click.command()
@click.option("--plain", is_flag=True, help="The small prompt, also where DuckDB's command line is installed.")
def shell(plain: bool) -> None:
    """Open a prompt for SQL on the published warehouse, read-only.

    It keeps the publication that it opened; leave it and come back to see a newer one.
    """
    home = find_home()
    path = published_warehouse(home)
    # DuckDB's program would let people write into the lake, which they may read
    if not plain and not (home / "lake").is_dir() and (program := shutil.which("duckdb")):
        os.execv(program, [program, "-readonly", "-cmd", closing_sql(home), str(path)])
    with read_published(path) as connection:
        connection.execute(closing_sql(home))
        if sys.stdin.isatty():
            console.print(f"{path}, read-only. {_HELP}", markup=False)
            _complete_names(connection)
        _answer_lines(connection)


def _answer_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """Read statements from the terminal or a pipe and print what each answers, until the end of the input."""
    statement = ""
    while True:
        try:
            line = input(_PROMPTS[bool(statement)] if sys.stdin.isatty() else "")
        except EOFError:
            return
        if not statement and line.strip() in (".quit", ".exit"):
            return
        statement += line + "\n"
        if line.strip().endswith(";") or statement.startswith("."):
            _answer(connection, statement.strip())
            statement = ""
        elif not statement.strip():
            statement = ""


def _answer(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    command, _, name = statement.partition(" ")
    try:
        if command == ".tables":
            answer = connection.sql(_TABLES)
        elif command == ".columns":
            answer = connection.sql(_COLUMNS, params=[name.strip()])
        elif command.startswith("."):
            console.print(_HELP, markup=False)
            return
        else:
            answer = ask(connection, statement)
        if answer is not None:
            answer.show(max_rows=200)
    except duckdb.Error as error:
        errors.print(str(error), markup=False)


def _complete_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Let Tab complete names of tables and columns, and keep the lines of this session for the arrow keys."""
    with suppress(ImportError):  # a Python built without readline
        import readline

        names = [
            name
            for (name,) in connection.execute(f"""
            select "table" from ({_TABLES}) union select distinct column_name from duckdb_columns()
            where schema_name in ('marts', 'quality', 'reference', 'raw') order by 1
        """).fetchall()
        ]
        readline.set_completer_delims(" \t\n(),;=")
        readline.set_completer(lambda text, n: ([name for name in names if name.startswith(text)] + [None])[n])
        readline.parse_and_bind("tab: complete")
