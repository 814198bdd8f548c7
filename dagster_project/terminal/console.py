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


def print_typed(folder: Path, period: str) -> None:
    """The numbers that were typed into the text of a period, as warnings; `folder` is the jurisdiction's bulletin/."""
    from reports.text.typed import list_typed

    typed = list(list_typed(folder, period))
    for number in typed:
        errors.print(words("typed.number", **number._asdict()), markup=False)
    if typed:
        print_warning(words("typed.count", n=len(typed)))
