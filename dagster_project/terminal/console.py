"""The two consoles on which all commands print, and how a warning looks.

`console` is standard output, for what was asked; `errors` is standard error, for what went wrong. Neither breaks lines,
so that paths can be copied.
"""

from pathlib import Path

from rich.console import Console

from reports.words.locale import words

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def print_warning(warning: str) -> None:
    """A warning on standard error."""
    errors.print(f"[yellow]{words('run.warning')}[/yellow]", end=" ")
    errors.print(warning, markup=False)


def print_typed(folder: Path, period: str) -> list[str]:
    """Print and return a line on each number that was typed into the text of a period in `folder`."""
    from reports.text.typed import list_typed

    lines = [words("typed.number", **typed._asdict()) for typed in list_typed(folder, period)]
    for line in lines:
        errors.print(line, markup=False)
    if lines:
        print_warning(words("typed.count", n=len(lines)))
    return lines
