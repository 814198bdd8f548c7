"""The commands `tongbao quarantine` and `tongbao replay`: show quarantined records, and read their exports again.

`quarantine` prints tables, or writes a spreadsheet for the supplier of the exports. `replay` runs the daily job with
another configuration. Neither command judges or loads a row itself: `ingest/rows` does.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb
import xlsxwriter
from rich.table import Table

from dagster_project.cli.daily.run import run_daily
from dagster_project.cli.questions.sql import rows_as_json
from dagster_project.terminal.console import console
from dagster_project.terminal.home import find_home
from dagster_project.warehouse.damage import REBUILD, told_as_damage
from ingest.rows.quarantine import RULES
from ingest.sql import quote_literal
from reports.formats.spreadsheet import disarm

_HEADER = ("文件", "第几条记录", "列", "问题", "值（可能涉及个人的已遮蔽）", "怎么办")
_SHEET_ROWS = 1_048_575  # rows below the header that a sheet of XLSX can hold


@click.command()
@click.option("--file", "path", help="Only files whose path holds this text.")
@click.option("--rule", help="Only records that break this rule, e.g. unknown_code.")
@click.option("--limit", default=20, show_default=True, help="Rows to print at most.")
@click.option("--export", type=click.Path(path_type=Path), help="Write all of it to PATH.xlsx or PATH.csv instead.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as a list: path, record, header, rule, value.")
def quarantine(path: str | None, rule: str | None, limit: int, export: Path | None, as_json: bool) -> None:
    """Show the records that were set aside, by file and rule, or one by one with --file or --rule.

    It shows what the last run found: the published warehouse, or runs/<id>/ when that run published nothing.
    --export writes a list to send back to the supplier, in plain Chinese words.

    \b
    tongbao quarantine --rule unknown_code
    tongbao quarantine --file hall/2022 --export 退回.xlsx
    """
    home = find_home()
    with told_as_damage(home / "warehouse.duckdb", REBUILD), duckdb.connect() as connection:
        place = _open_newest(connection, home)
        where = "where contains(path, $path) and rule like $rule"
        asked = {"path": path or "", "rule": rule or "%"}
        if as_json:
            chosen = f"select path, record, header, rule, value from found {where} order by all"
            click.echo(rows_as_json(connection.sql(chosen, params=asked)))
            return
        if export:
            _export(connection, where, asked, export)
            return
        records, files = connection.execute(
            f"select count(distinct (path, record)), count(distinct path) from found {where}", asked
        ).fetchone()
        console.print(f"{records} records of {files} files are in quarantine · {place}", markup=False)
        if not records:
            return
        table = _one_by_one if path or rule else _grouped
        console.print(table(connection, where, asked, limit))
        console.print("export a list for the supplier: tongbao quarantine --export PATH.xlsx", style="dim")


@click.command()
@click.option("--all", "everything", is_flag=True, help="Read every export again, not only those with quarantine.")
@click.option("--period", help="As for `tongbao run`.")
def replay(everything: bool, period: str | None) -> None:
    """Read exports with quarantined records again, after a mapping, contract or release has mended them.

    It is an ordinary run: same checks, and all or nothing is published. Refused files, and files whose mapping,
    contract or pseudonym key has changed, are read again by any `tongbao run` too.
    """
    run_daily(period, again="all" if everything else "quarantined")


def _open_newest(connection: duckdb.DuckDBPyConnection, home: Path) -> str:
    """Make the view `found` (path, record, header, rule, value) over the newest findings; returns where they lie."""
    warehouse = home / "warehouse.duckdb"
    found = [warehouse] if warehouse.exists() else []
    found += (home / "runs").glob("*/quarantine.csv")
    if not found:
        raise click.ClickException(f"{home} holds no findings yet; run `tongbao run` first")
    newest = max(found, key=lambda path: path.stat().st_mtime)
    if newest == warehouse:
        connection.execute(f"attach {quote_literal(str(newest))} as published (read_only)")
        source = "published.quality.quarantine"
    else:
        options = "header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"'"
        source = f"read_csv({quote_literal(str(newest))}, {options})"
    connection.execute(
        "create view found as select path, cast(record as bigint) as record, coalesce(header, '') as header, "
        f"rule, value from {source}"
    )
    return str(newest)


def _grouped(connection: duckdb.DuckDBPyConnection, where: str, asked: dict[str, str], limit: int) -> Table:
    table = Table("file", "column", "rule", "records", "for example", box=None, title_justify="left")
    groups = connection.execute(
        f"select path, header, rule, count(distinct record), min(value) from found {where} "
        "group by path, header, rule order by 4 desc, 1, 2, 3",
        asked,
    ).fetchall()
    for path, header, rule, count, value in groups[:limit]:
        table.add_row(path, header, f"{rule} {_describe_rule(rule)[0]}", str(count), value or "")
    if len(groups) > limit:
        table.caption = f"and {len(groups) - limit} more; --limit {len(groups)} shows them"
    return table


def _one_by_one(connection: duckdb.DuckDBPyConnection, where: str, asked: dict[str, str], limit: int) -> Table:
    table = Table("file", "record", "column", "rule", "value", box=None)
    query = f"select path, record, header, rule, value from found {where} order by 1, 2, 3, 4 limit {limit}"
    for path, record, header, rule, value in connection.execute(query, asked).fetchall():
        table.add_row(path, str(record), header, f"{rule} {_describe_rule(rule)[0]}", value or "")
    return table


def _export(connection: duckdb.DuckDBPyConnection, where: str, asked: dict[str, str], target: Path) -> None:
    """Write the list for the supplier, every value as text, so that a spreadsheet converts none."""
    if target.suffix.lower() not in (".xlsx", ".csv"):
        raise click.UsageError(f"{target}: name a file that ends in .xlsx or .csv")
    count = connection.execute(f"select count(*) from found {where}", asked).fetchone()[0]
    if target.suffix.lower() == ".xlsx" and count > _SHEET_ROWS:
        raise click.ClickException(
            f"{count} rows are more than a sheet holds; choose .csv, or some with --file or --rule"
        )
    found = connection.execute(
        f"select path, record, header, rule, value from found {where} order by 1, 2, 3, 4", asked
    )
    try:
        (_to_xlsx if target.suffix.lower() == ".xlsx" else _to_csv)(target, _listed(found))
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise click.ClickException(f"{target}: can't be written: {error}") from None
    console.print(f"{count} rows written to {target}", markup=False)


def _listed(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, int, str, str, str, str]]:
    while rows := found.fetchmany(10_000):
        for path, record, header, rule, value in rows:
            said, todo = _describe_rule(rule)
            yield path, record, header, said, value or "", todo


def _to_csv(target: Path, rows: Iterator[tuple]) -> None:
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerows([disarm(cell) for cell in row] for row in rows)


def _to_xlsx(target: Path, rows: Iterator[tuple]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(target), options) as book:
        sheet = book.add_worksheet("隔离记录")
        sheet.set_column(0, 0, 40)
        sheet.set_column(2, 5, 26)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, _HEADER, book.add_format({"bold": True}))
        for line, row in enumerate(rows, 1):
            sheet.write_row(line, 0, row)


def _describe_rule(rule: str) -> tuple[str, str]:
    return RULES.get(rule, (rule, "核对后重新导出"))
