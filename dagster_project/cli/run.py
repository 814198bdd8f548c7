"""The commands `tongbao run` and `tongbao bulletin`: the daily job, whole or its last step, at a terminal.

No step is done here that the Dagster job would not do. It hands on sentences, the headline figures and exit codes.
"""

import gc
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.cli.speech import console, errors, period_given


@click.command()
@click.option(
    "--period",
    callback=period_given,
    help="2022-06, 2022Q2, 2022H1 or 2022; default: the newest that the exports complete.",
)
def run(period: str | None) -> None:
    """Take new exports in, build, check and publish warehouse and bulletin.

    Does nothing by halves: when a check stops the run, warehouse and bulletin stay as they were, and what was
    found is kept under data/runs/<id>/.
    """
    execute(period, only_bulletin=False)


@click.command()
@click.argument("period", callback=period_given)
def bulletin(period: str) -> None:
    """Render the bulletin of PERIOD from the published warehouse, e.g. tongbao bulletin 2022H1."""
    if not (settings.prepare() / "warehouse.duckdb").exists():
        raise click.ClickException("nothing is published yet; run `tongbao run` first")
    execute(period, only_bulletin=True)


def execute(period: str | None, *, only_bulletin: bool, again: str = "changed") -> None:
    """Run the daily job in this process and say how it ended."""
    from dagster_project.partitions import PERIODS, NoPeriod, latest_complete
    from ingest.errors import MappingError

    # a run makes millions of objects that live until its end: looking through them for cycles takes 2 s
    gc.set_threshold(200_000, 20, 100)
    base = settings.prepare()
    try:
        period = period or latest_complete()
        from dagster_project.definitions import defs
    except (NoPeriod, MappingError, RuntimeError) as error:
        raise click.ClickException(str(error)) from None
    import dagster as dg

    instance = dg.DagsterInstance.get()
    instance.add_dynamic_partitions(PERIODS.name, [period])
    outcome = defs.resolve_job_def("daily").execute_in_process(
        instance=instance,
        partition_key=period,
        run_config={
            "loggers": {"speech": {}},
            "ops": {} if only_bulletin else {"ingest": {"config": {"again": again}}},
        },
        raise_on_error=False,
        asset_selection=[dg.AssetKey("bulletin")] if only_bulletin else None,
    )
    if not outcome.success:
        errors.print("[red]nothing was published[/red]; warehouse and bulletin are as they were")
        found = base / "runs" / outcome.run_id
        if found.exists():
            errors.print(f"what the run found: {found}", markup=False)
        raise SystemExit(1)
    _headline(base, period)


def _headline(base: Path, period: str) -> None:
    import duckdb

    from reports.figures.load import load
    from reports.render import headline

    with duckdb.connect(str(base / "warehouse.duckdb"), read_only=True) as connection:
        figures = load(connection, period)
        console.print(f"[bold]{figures.jurisdiction_name} {figures.name}[/bold]")
        for name, printed in headline(figures).items():
            console.print(f"  {name}  {printed}", markup=False)
    console.print(f"bulletin   {base / 'bulletins' / period / 'bulletin.html'}", markup=False)
    console.print(f"warehouse  {base / 'warehouse.duckdb'}", markup=False)
