"""The two consoles on which all commands print.

`console` is standard output, for what was asked; `errors` is standard error, for what went wrong. Neither breaks lines,
so that paths can be copied.
"""

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)
