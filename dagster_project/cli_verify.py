"""The command `tongbao verify`: what is published, counted again from the facts.

How it is counted stands in `reports/verify_figures.py`. It hands on sentences and an exit code: 0 all agree, 1 some
number does not.
"""

import click

from dagster_project import settings
from dagster_project.speech import console, errors


@click.command()
@click.argument("period", required=False)
def verify(period: str | None) -> None:
    """Count every figure of PERIOD again, straight from the fact tables, and report each difference.

    Without PERIOD: of every period that has a bulletin. A figure is counted by the SQL of marts.figure_proofs, which
    is not the SQL of the models, so an error in the one shows as a difference from the other.
    """
    import duckdb

    from reports import verify_figures

    base = settings.home()
    path = base / "warehouse.duckdb"
    if not path.exists():
        raise click.ClickException(f"{path} is not there yet; run `tongbao run` first")
    is_wrong = False
    with duckdb.connect(str(path), read_only=True) as connection:
        known = verify_figures.periods(connection)
        if period and period not in known:
            raise click.ClickException(f"no figures for {period!r}; periods with figures: {', '.join(known)}")
        for one in [period] if period else [p for p in known if (base / "bulletins" / p).is_dir()]:
            found = verify_figures.differences(connection, one)
            for difference in found:
                errors.print(str(difference), markup=False)
            is_wrong = is_wrong or bool(found)
            console.print(f"{one}: {verify_figures.count(connection, one)} figures counted again, {len(found)} differ")
    if is_wrong:
        raise SystemExit(1)
