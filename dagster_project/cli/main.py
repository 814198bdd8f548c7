"""The command `tongbao`: the same jobs as Dagster's, for those who sit at a terminal.

No step is done here that the Dagster job would not do. It hands on sentences and exit codes: 0 done, 1 the gate
or a step stopped the run, 2 wrong use.
"""

import atexit
import os
import subprocess
import sys
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.cli.preview import preview
from dagster_project.cli.quarantine import quarantine, replay
from dagster_project.cli.release import release
from dagster_project.cli.run import bulletin, run
from dagster_project.cli.sources import sources
from dagster_project.cli.speech import console
from dagster_project.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tongbao")
def main() -> None:
    """Tongbao (通报): from a bureau's raw exports to a warehouse and a bulletin.

    \b
    A first look:   tongbao sample && tongbao run
    Everyday use:   put exports into data/exports/, then tongbao run
    Questions:      tongbao sql "select * from marts.figures where period = '2022H1'"

    TONGBAO_HOME says where everything is kept (default: data/), TONGBAO_JURISDICTION whose exports they
    are (default: lingwu). Exit codes: 0 done, 1 a check or a step stopped the run, 2 wrong use.
    """


@main.command()
@click.option("--scale", default=1.0, show_default=True, help="Share of the full 1.2 million cases.")
def sample(scale: float) -> None:
    """Generate synthetic exports to try things out.

    They are calibrated to Lingwu's published first half of 2022, say everywhere that they are synthetic, and
    are only written into an empty exports folder.
    """
    from ingest.sample.generate import generate

    exports = settings.prepare() / "exports"
    if any(exports.iterdir()):
        console.print(f"{exports} already holds files: nothing generated, nothing changed")
        return
    console.print("[bold]generating synthetic exports · 生成样例（合成数据）[/bold]")
    counts = generate(settings.jurisdiction(), exports, scale=scale)
    for name, rows in counts.items():
        console.print(f"  {name}: {rows} rows")


@main.command()
@click.argument("query")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of a table.")
def sql(query: str, as_csv: bool) -> None:
    """Ask the published warehouse a QUERY, read-only.

    \b
    tongbao sql "select figure, value from marts.figures where period = '2022H1' and dimension = 'total'"
    tongbao sql "select * from marts.figure_definitions"
    """
    import duckdb

    path = settings.home() / "warehouse.duckdb"
    if not path.exists():
        raise click.ClickException(f"{path} is not there yet; run `tongbao run` first")
    config = {"enable_external_access": "false", "lock_configuration": "true"}
    with duckdb.connect(str(path), read_only=True, config=config) as connection:
        try:
            found = connection.sql(query)
            if found is None:
                return
            click.echo(found.df().to_csv(index=False), nl=False) if as_csv else found.show(max_rows=200)
        except duckdb.Error as error:
            raise click.ClickException(str(error)) from None


@main.command()
def status() -> None:
    """Say what is published: periods, files, rows and open warnings."""
    import duckdb

    base = settings.home()
    path = base / "warehouse.duckdb"
    if not path.exists():
        console.print("nothing is published yet; run `tongbao sample` and `tongbao run`")
        return
    with duckdb.connect(str(path), read_only=True) as connection:
        for title, query in _STATUS.items():
            console.print(f"[bold]{title}[/bold]")
            for row in connection.execute(query).fetchall():
                console.print("  " + "  ".join(str(cell) for cell in row), markup=False)
    console.print("[bold]bulletins[/bold]")
    for folder in sorted(p for p in (base / "bulletins").glob("*") if p.is_dir()):
        console.print(f"  {folder / 'bulletin.html'}", markup=False)
    console.print(f"[bold]warehouse[/bold]\n  {path} ({path.stat().st_size / 1e6:.0f} MB)")


_STATUS = {
    "files": "select source, dataset, count(*) || ' files', sum(rows_loaded) || ' rows', sum(rows_quarantined) || ' "
    "quarantined', 'until ' || max(covers_until) from quality.files where verdict = 'loaded' group by all order by all",
    "checks that did not pass": "select severity, asset, check_name, found from quality.checks where not is_passed",
    "periods": "select kind, string_agg(period || if(is_complete, '', ' (to date)'), ' ' order by starts_on) "
    "from marts.dim_periods group by kind order by kind",
}


@main.command()
@click.option("--port", default=3000, show_default=True)
def ui(port: int) -> None:
    """Open the Dagster UI on 127.0.0.1: lineage, runs, checks, the daily schedule."""
    base = settings.prepare()
    _register_period()
    console.print(f"Dagster UI on http://127.0.0.1:{port} (Ctrl-C ends it); home {base}")
    command = [str(Path(sys.executable).with_name("dagster")), "dev", "-h", "127.0.0.1", "-p", str(port),
               "-m", "dagster_project.definitions"]  # fmt: skip
    os.chdir(settings.PROJECT)
    raise SystemExit(subprocess.run(command).returncode)


def _register_period() -> None:
    import dagster as dg

    from dagster_project.partitions import PERIODS, NoPeriod, latest_complete

    try:
        dg.DagsterInstance.get().add_dynamic_partitions(PERIODS.name, [latest_complete()])
    except NoPeriod:
        return


for command in (run, bulletin, preview, verify, release, sources, quarantine, replay):
    main.add_command(command)


def start() -> None:
    """The console script. It ends at once: taking a run's millions of objects apart, one by one, would take 1 s."""
    try:
        main()
    except SystemExit as end:
        code = end.code
    except settings.Unusable as error:
        click.echo(f"Error: {error}", err=True)
        code = 2
    # dbt's semaphores are given back, else their tracker complains on the terminal
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    start()
