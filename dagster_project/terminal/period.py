"""The argument PERIOD of commands: refuses what is no period, and completes published ones by Tab.

Both functions are callbacks of click. How a period is written is said in `settings.is_period`; that it is published,
each command checks itself.
"""

import click
from click.shell_completion import CompletionItem

from dagster_project import settings
from reports.words.locale import words


def period_given(context: click.Context, parameter: click.Parameter, period: str | None) -> str | None:
    """A period as it was typed; a misspelt one is refused here and not minutes later, at the last step."""
    if period is not None and not settings.is_period(period):
        raise click.BadParameter(words("home.no_period", period=repr(period)))
    return period


def complete_period(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """The periods of the published warehouse that begin with what was typed; none if it can't be read."""
    import duckdb

    try:
        with duckdb.connect(str(settings.home() / "warehouse.duckdb"), read_only=True) as connection:
            found = connection.execute(
                "select period, name from marts.dim_periods where starts_with(period, $1) order by ends_on desc, 1",
                [typed],
            ).fetchall()
    except duckdb.Error:
        return []
    return [CompletionItem(period, help=name) for period, name in found]
