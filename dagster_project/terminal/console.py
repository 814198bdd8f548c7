"""The two consoles on which all commands print, and how a warning looks.

`console` is standard output, for what was asked; `errors` is standard error, for what went wrong. Neither breaks lines,
so that paths can be copied.
"""

from rich.console import Console

from reports.words.locale import words

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def print_warning(warning: str) -> None:
    """A warning on standard error."""
    errors.print(f"[yellow]{words('run.warning')}[/yellow]", end=" ")
    errors.print(warning, markup=False)
