"""The commands `tongbao run` and `tongbao bulletin`: run the jobs `daily` and `bulletin_of_period` at a terminal.

They print each step, then the headline figures, and exit with 1 if a step or a check stopped the run. They run the same
Dagster jobs as the UI and add no step of their own.
"""

import gc
from pathlib import Path
from typing import Any

import click

from dagster_project import settings
from dagster_project.terminal.console import console, print_warning
from dagster_project.terminal.home import enter_home, published_warehouse
from dagster_project.terminal.period import complete_period, period_given
from dagster_project.terminal.signals import Stopped, last_signal
from reports.words.locale import load_locale, speaks_chinese, words


@click.command()
@click.option(
    "--period",
    callback=period_given,
    shell_complete=complete_period,
    help="Also render this period: 2022-06, 2022Q2, 2022H1 or 2022.",
)
def run(period: str | None) -> None:
    """Take new exports in, build, check and publish the warehouse and the bulletins that are due.

    A bulletin is due if its figures or words changed: that of the newest complete period, of the running one, and
    of every other period that has a draft. If a check stops the run, the published files stay as they were; the
    findings are in data/runs/<id>/, and `tongbao inspect` shows what was built.
    """
    run_daily(period)


@click.command()
@click.argument("period", callback=period_given, shell_complete=complete_period)
def bulletin(period: str) -> None:
    """Render the bulletin of PERIOD from the published warehouse, e.g. tongbao bulletin 2022H1."""
    home, jurisdiction = enter_home()
    _check_figures(published_warehouse(home), period)
    _execute(home, jurisdiction, "bulletin_of_period", {}, period)
    _print_headline(home, jurisdiction, period)


def _check_figures(warehouse: Path, period: str) -> None:
    from dagster_project.warehouse.damage import read_published
    from dagster_project.warehouse.due_bulletins import periods_with_figures

    with read_published(warehouse) as connection:
        periods = periods_with_figures(connection)
    if period not in periods:
        raise click.ClickException(words("home.no_figures", period=period, known=", ".join(periods)))


def run_daily(period: str | None, again: str = "changed") -> None:
    """Run the daily job in this process and print how it ended."""
    home, jurisdiction = enter_home()
    ops = {"ingest": {"config": {"again": again}}, "publication": {"config": {"periods": [period] if period else []}}}
    _execute(home, jurisdiction, "daily", ops)
    _print_headline(home, jurisdiction, period)


def _execute(home: Path, jurisdiction: Path, job: str, ops: dict[str, Any], partition: str | None = None) -> None:
    """Run a job of the definitions; SystemExit 1 if it failed."""
    from dagster_project.disk import describe_fault, why_no_space
    from dagster_project.warehouse.dbt_project import DbtError, dbt_project

    if job == "daily" and (why := why_no_space(home)):
        _alert(home, jurisdiction, why)
        raise click.ClickException(why)
    # a run makes millions of objects that live until its end; searching them for cycles takes 2 s
    gc.set_threshold(200_000, 20, 100)
    from dagster_project.definitions import build_definitions
    from dagster_project.event_log import hold_event_log, open_instance
    from dagster_project.gate.check_words import word_checks
    from dagster_project.gate.suite import load_suites
    from dagster_project.gate.verdict import read_verdict
    from dagster_project.history import set_damaged_aside
    from dagster_project.partitions import PERIODS
    from dagster_project.terminal.ending import print_failure, print_page, print_warnings
    from dagster_project.warehouse.moves import is_cut_short
    from ingest.errors import MappingError
    from ingest.jurisdiction.settings import load_jurisdiction
    from reports.words.catalogue import load_words

    try:
        definitions = build_definitions(home, jurisdiction)
    except (MappingError, DbtError) as error:
        raise click.ClickException(describe_fault(str(error), home) or str(error)) from None
    for warning in set_damaged_aside(home):
        print_warning(warning)
    instance = open_instance()
    if partition:
        instance.add_dynamic_partitions(PERIODS.name, [partition])
    published_before = _stamp(home)
    with hold_event_log(home):
        outcome = definitions.resolve_job_def(job).execute_in_process(
            instance=instance,
            partition_key=partition,
            run_config={"loggers": {"speech": {}}, "ops": ops},
            raise_on_error=False,
        )
    if not outcome.success and (number := last_signal()):
        raise Stopped(number)
    spoken = load_locale() if speaks_chinese() else load_words(load_jurisdiction(jurisdiction).language)
    is_published = _stamp(home) != published_before
    if outcome.success and (is_published or job != "daily"):
        print_warnings(read_verdict(home, outcome.run_id), spoken)
        print_page(home, outcome.run_id)
        return
    if is_cut_short(home):
        became = "cut_short"
    elif job != "daily":
        became = "not_rendered"
    elif outcome.success:
        became = "nothing_published"
    else:
        became = "published" if is_published else "broken"
    named = word_checks(dbt_project(settings.DBT_PROJECT, home).manifest, load_suites()) if job == "daily" else {}
    checks = sum(name != "build" for _, name in named)
    print_failure(home, outcome, spoken, became=became, checks=checks)
    raise SystemExit(1)


def _alert(home: Path, jurisdiction: Path, why: str) -> None:
    """Tell that the run does not begin, where alerts go: nobody may be at the terminal of a cron job."""
    from dagster_project.alerts.tell import tell_of_refusal
    from dagster_project.warehouse.lock import RunInProgress
    from dagster_project.warehouse.moves import CutShort
    from dagster_project.warehouse.publication import hold_home

    try:
        with hold_home(home, "tongbao run"):
            warnings = tell_of_refusal(home, jurisdiction, why)
    except (RunInProgress, CutShort, OSError) as error:
        warnings = [f"{error}"]
    for warning in warnings:
        print_warning(warning)


def _stamp(home: Path) -> tuple[int, int] | None:
    """What tells one published file from the next; None if there is none."""
    path = home / "warehouse.duckdb"
    return (path.stat().st_ino, path.stat().st_mtime_ns) if path.exists() else None


def _print_headline(home: Path, jurisdiction: Path, period: str | None) -> None:
    """The headline figures of `period`, else of the newest complete period of the usual kind."""
    from dagster_project.warehouse.damage import read_published
    from dagster_project.warehouse.due_bulletins import newest_complete
    from ingest.jurisdiction.settings import load_jurisdiction
    from reports.document.bulletin import read_settings
    from reports.figures.load import load
    from reports.text.headline import headline_figures

    with read_published(home / "warehouse.duckdb") as connection:
        kind = load_jurisdiction(jurisdiction).bulletin.default_kind
        period = period or newest_complete(connection, kind)
        if period:
            options = read_settings(jurisdiction)
            figures = load(connection, period, words=options.words, labels=options.labels)
            console.print(f"[bold]{figures.jurisdiction_name} {figures.name}[/bold]")
            for name, printed in headline_figures(figures).items():
                console.print(f"  {name}  {printed}", markup=False)
            console.print(words("run.bulletin", path=home / "bulletins" / period / "bulletin.html"), markup=False)
        else:
            console.print(words("run.no_period"))
    console.print(words("run.warehouse", path=home / "warehouse.duckdb"), markup=False)
