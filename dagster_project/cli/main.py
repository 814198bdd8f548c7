"""The command `tongbao`: its groups of commands, and how faults become one sentence and an exit code.

`commands.py` lists the commands and the exit codes. Each command has a file of its own, in the folder of its group. No
step is done here that the Dagster jobs would not do.
"""

import logging
from importlib import import_module
from typing import IO, Any

import click
from click.shell_completion import CompletionItem

from dagster_project import settings
from dagster_project.cli.commands import COMMANDS, EXIT_CODES, GROUPS, STOPPED
from dagster_project.disk import describe_fault
from dagster_project.terminal.signals import Stopped, heed_signals
from dagster_project.warehouse.file_modes import closed_to_others
from reports.words.locale import say, speaks_chinese

_CHINESE = """\
  通报：从各系统的导出文件，到可信的数据仓库和可发布的通报。

  初次试用：  tongbao sample && tongbao run
  日常使用：  把导出文件放进 data/exports/，再运行 tongbao run
  查询：      tongbao sql "select * from marts.figures where period = '2022H1'"

  TONGBAO_HOME 指定数据目录（默认 data/）；新目录由 TONGBAO_JURISDICTION 指明辖区，首次运行后记在目录中。
"""


class _Told(click.ClickException):
    """A fault, told in the language of the locale."""

    def __init__(self, message: str, exit_code: int = STOPPED) -> None:
        from reports.words.messages import tell

        super().__init__(tell(message))
        self.exit_code = exit_code

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(say(f"Error: {self.message}", f"错误：{self.message}"), err=True, file=file)


def _in_language(error: click.UsageError) -> click.UsageError:
    if not speaks_chinese():
        return error
    from dagster_project.cli.chinese import Misuse

    return Misuse(error)


class _Commands(click.Group):
    """Loads a command's module when it is called, so that signals are caught early and `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = COMMANDS.get(cmd_name)
        return getattr(import_module(f"dagster_project.cli.{command.module}"), cmd_name) if command else None

    def make_context(self, *names: Any, **settings: Any) -> click.Context:
        if speaks_chinese():
            from dagster_project.cli.chinese import Context as context_class
        else:
            from click import Context as context_class
        self.context_class = context_class
        try:
            return super().make_context(*names, **settings)
        except click.UsageError as error:
            raise _in_language(error) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if name and command and speaks_chinese() and not {*ctx.help_option_names}.isdisjoint(rest):
            from dagster_project.cli.chinese import describe

            command = describe(name, command)
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a fault whose message is for the person becomes that message and exit code 1."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _in_language(error) from None
        except click.ClickException as error:
            raise _Told(error.message, error.exit_code) from None
        except Exception as error:
            from dagster_project.recovery.archive import NotPacked
            from dagster_project.warehouse.lock import RunInProgress
            from dagster_project.warehouse.moves import CutShort
            from ingest.errors import MappingError, Refused
            from reports.release.freeze import ReleaseError
            from reports.release.signature import SignatureError

            if isinstance(
                error, (CutShort, MappingError, NotPacked, Refused, ReleaseError, RunInProgress, SignatureError)
            ):
                raise _Told(str(error)) from None
            raise

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if not speaks_chinese():
            super().format_help_text(ctx, formatter)
            return
        formatter.write(f"\n{_CHINESE}")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for titles, commands in GROUPS.items():
            with formatter.section(say(*titles)):
                formatter.write_dl([(name, say(about.english, about.chinese)) for name, about in commands.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(say("Exit codes", "退出码")):
            formatter.write_dl([(str(code), say(*words)) for code, words in EXIT_CODES.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        names = [name for name in COMMANDS if name.startswith(incomplete)]
        items = [CompletionItem(name, help=say(COMMANDS[name].english, COMMANDS[name].chinese)) for name in names]
        return items or super().shell_complete(ctx, incomplete)  # options


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
            _Told(str(error)).show()
            raise SystemExit(error.exit_code) from None
        except Stopped as stopped:
            click.echo(stopped.sentence, err=True)
            raise
        except Exception as error:
            why = describe_fault(_text_of(error), settings.home())
            if why is None:
                raise
            _Told(why).show()
            raise SystemExit(STOPPED) from None


def _text_of(error: BaseException | None) -> str:
    """The messages of an error and of those that led to it, the first cause first."""
    return f"{_text_of(error.__cause__ or error.__context__)}\n{error}" if error else ""


if __name__ == "__main__":
    start()
