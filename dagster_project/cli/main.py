"""The command `tongbao`: what it can do, and its exit codes (0 done, 1 a check or a step stopped it, 2 wrong use).

Each command has a file of its own beside this one. No step is done here that the Dagster jobs would not do.
"""

import click

from dagster_project import settings
from dagster_project.cli.accept import accept
from dagster_project.cli.check import check
from dagster_project.cli.discard import discard
from dagster_project.cli.init import init
from dagster_project.cli.preview import preview
from dagster_project.cli.quarantine import quarantine, replay
from dagster_project.cli.rebuild import rebuild
from dagster_project.cli.release import release
from dagster_project.cli.run import bulletin, run
from dagster_project.cli.sample import sample
from dagster_project.cli.scaffold import scaffold
from dagster_project.cli.sql import inspect, sql
from dagster_project.cli.status import status
from dagster_project.cli.ui import ui
from dagster_project.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tongbao")
def main() -> None:
    """Tongbao (通报): from a bureau's raw exports to a warehouse and a bulletin.

    \b
    A first look:   tongbao sample && tongbao run
    Everyday use:   put exports into data/exports/, then tongbao run
    Questions:      tongbao sql "select * from marts.figures where period = '2022H1'"

    TONGBAO_HOME says where everything is kept (default: data/). In a new home TONGBAO_JURISDICTION says
    whose exports they are; after its first run the home knows it.
    Exit codes: 0 done, 1 a check or a step stopped the run, 2 wrong use.
    """


for command in (
    sample,
    run,
    bulletin,
    preview,
    verify,
    release,
    init,
    scaffold,
    check,
    quarantine,
    replay,
    sql,
    inspect,
    accept,
    discard,
    rebuild,
    status,
    ui,
):
    main.add_command(command)


def start() -> None:
    """The console script."""
    try:
        main()
    except settings.Unusable as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(error.exit_code) from None


if __name__ == "__main__":
    start()
