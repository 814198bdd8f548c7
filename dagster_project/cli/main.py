"""The command `tongbao`: what it can do, and its exit codes.

0: done. 1: a check, a step or the disk stopped it. 2: wrong use. 130 and 143: Ctrl-C and SIGTERM. Each command has a
file of its own beside this one. No step is done here that the Dagster jobs would not do.
"""

import logging
from importlib import import_module

import click

from dagster_project import settings
from dagster_project.cli.stopping import Stopped, heed_signals
from dagster_project.warehouse.disk import describe_fault
from dagster_project.warehouse.file_modes import closed_to_others

# Command -> module beside this one. A module is loaded when its command is called, so that signals are caught early and
# `--help` is quick.
_COMMANDS = {
    "sample": "sample",
    "run": "run",
    "bulletin": "run",
    "preview": "preview",
    "verify": "verify",
    "adopt": "adopt",
    "release": "release",
    "init": "init",
    "scaffold": "scaffold",
    "check": "check",
    "quarantine": "quarantine",
    "replay": "quarantine",
    "sql": "sql",
    "shell": "shell",
    "export": "export",
    "inspect": "sql",
    "accept": "accept",
    "discard": "discard",
    "rebuild": "rebuild",
    "status": "status",
    "ui": "ui",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        return getattr(import_module(f"dagster_project.cli.{module}"), cmd_name) if module else None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tongbao")
def main() -> None:
    """Tongbao (通报): from a bureau's raw exports to a warehouse and a bulletin.

    \b
    A first look:   tongbao sample && tongbao run
    Everyday use:   put exports into data/exports/, then tongbao run
    Questions:      tongbao sql "select * from marts.figures where period = '2022H1'"

    TONGBAO_HOME says where everything is kept (default: data/). In a new home TONGBAO_JURISDICTION says
    whose exports they are; after its first run the home knows it.
    Exit codes: 0 done, 1 a check, a step or the disk stopped it, 2 wrong use, 130 Ctrl-C, 143 SIGTERM.
    """


def start() -> None:
    """The console script. Bad settings, signals and faults of the disk end in one sentence.

    Every file that a command makes is closed to everybody but owner and group.
    """
    logging.raiseExceptions = False  # a log that can't be written must not print a traceback for each of its lines
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL + 1)  # nor a connection that a signal cuts
    with heed_signals(), closed_to_others():
        try:
            main()
        except settings.Unusable as error:
            click.echo(f"Error: {error}", err=True)
            raise SystemExit(error.exit_code) from None
        except Stopped as stopped:
            click.echo(stopped.sentence, err=True)
            raise
        except Exception as error:
            why = describe_fault(_text_of(error), settings.home())
            if why is None:
                raise
            click.echo(f"Error: {why}", err=True)
            raise SystemExit(1) from None


def _text_of(error: BaseException | None) -> str:
    """The messages of an error and of those that led to it, the first cause first."""
    return f"{_text_of(error.__cause__ or error.__context__)}\n{error}" if error else ""


if __name__ == "__main__":
    start()
