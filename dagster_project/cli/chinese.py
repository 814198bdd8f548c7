"""click's own words in Chinese: headings and texts of `--help`, and what it says of wrong use.

`describe` makes a command with the Chinese texts of help.zh.yaml; `Formatter` writes the headings; `Misuse` is a usage
error told in Chinese by reports/words/messages/zh.yaml. main.py asks for them only where the locale is Chinese.
"""

from collections.abc import Iterable
from copy import copy
from pathlib import Path
from typing import IO, Any

import click
import yaml

from reports.words.messages import tell

_HELP = Path(__file__).with_name("help.zh.yaml")
_OWN = {"Options": "选项", "Show this message and exit.": "显示本说明", "Show the version and exit.": "显示版本"}


class Formatter(click.HelpFormatter):
    """Writes help under Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_OWN.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], *widths: int) -> None:
        super().write_dl([(name, _OWN.get(text, text)) for name, text in rows], *widths)


class Context(click.Context):
    """A context whose help is written by `Formatter`."""

    formatter_class = Formatter


class Misuse(click.UsageError):
    """Wrong use of a command, told in Chinese."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(tell(error.format_message(), "zh"), error.ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        if self.ctx:
            command, pieces = self.ctx.command_path, self.ctx.command.collect_usage_pieces(self.ctx)
            click.echo(f"用法：{command} {' '.join(pieces)}\n详见 {command} --help\n", err=True, file=file)
        click.echo(f"错误：{self.message}", err=True, file=file)


def describe(name: str, command: click.Command) -> click.Command:
    """The command with Chinese texts for itself and its options."""
    texts, told = read_help()[name], copy(command)
    # click would break lines between words, and Chinese has none
    told.help = "\n\n".join(f"\b\n{part}" for part in texts["help"].strip().split("\n\n"))
    told.context_class = Context
    told.params = [copy(parameter) for parameter in command.params]
    for option in told.params:
        if isinstance(option, click.Option) and option.help:
            option.help = texts[option.opts[-1]]
    return told


def read_help() -> dict[str, dict[str, str]]:
    """Name of a command -> `help` and its options' names -> text."""
    return yaml.load(_HELP.read_text(encoding="utf-8"), yaml.CSafeLoader)
