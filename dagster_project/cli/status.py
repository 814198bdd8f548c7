"""The command `tongbao status`: shows what is published, and whether a candidate waits.

It reads the published warehouse and prints files, open warnings, periods and bulletins. It changes nothing.
"""

from pathlib import Path

import click

from dagster_project.cli.terminal import console, find_home

_STATUS = {
    "files": "select source, dataset, count(*) || ' files', sum(rows_loaded) || ' rows', sum(rows_quarantined) || ' "
    "quarantined', 'until ' || max(covers_until) from quality.files where verdict = 'loaded' group by all order by all",
    "checks that did not pass": "select severity, asset, check_name, found from quality.checks where not is_passed",
    "periods": "select kind, string_agg(period || if(is_complete, '', ' (to date)'), ' ' order by starts_on) "
    "from marts.dim_periods group by kind order by kind",
}


@click.command()
def status() -> None:
    """Say what is published: periods, files, rows and open warnings."""
    from dagster_project.warehouse.backup import check_not_lost
    from dagster_project.warehouse.damage import read_published

    base = find_home()
    _print_alerts(base)
    if (base / "build" / "candidate.duckdb").exists():
        console.print(
            'a candidate waits to be published: tongbao inspect "select * from quality.checks", tongbao discard'
        )
    path = base / "warehouse.duckdb"
    if not path.exists():
        check_not_lost(base)
        console.print("nothing is published yet; run `tongbao sample` and `tongbao run`")
        _print_verdict(base)
        return
    with read_published(path) as connection:
        for title, query in _STATUS.items():
            console.print(f"[bold]{title}[/bold]")
            for row in connection.execute(query).fetchall():
                console.print("  " + "  ".join(str(cell) for cell in row), markup=False)
    _print_verdict(base)
    console.print("[bold]bulletins[/bold]")
    for folder in sorted(p for p in (base / "bulletins").glob("[!.]*") if p.is_dir()):
        console.print(f"  {folder / 'bulletin.html'}", markup=False)
    console.print(f"[bold]warehouse[/bold]\n  {path} ({path.stat().st_size / 1e6:.0f} MB)")


def _print_alerts(home: Path) -> None:
    from dagster_project.alerts.tell import describe

    console.print("[bold]alerts[/bold]")
    for line in describe(home):
        console.print(f"  {line}", markup=False)


def _print_verdict(home: Path) -> None:
    from dagster_project.gate.verdict import newest_page

    if page := newest_page(home):
        console.print(f"[bold]verdict of the last run[/bold]\n  {page}", soft_wrap=True)
