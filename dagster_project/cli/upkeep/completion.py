"""`tongbao completion`: the lines that make a shell complete commands, options and periods by Tab.

click writes them; each Tab then calls `tongbao`, which answers from the table of commands and, by
`terminal/period.py`, the published periods.
"""

import click
from click.shell_completion import get_completion_class

VARIABLE = "_TONGBAO_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what SHELL needs to complete commands, options and periods.

    \b
    bash:  tongbao completion bash > ~/.local/share/bash-completion/completions/tongbao
    zsh:   tongbao completion zsh > "${fpath[1]}/_tongbao"
    fish:  tongbao completion fish > ~/.config/fish/completions/tongbao.fish
    """
    root = click.get_current_context().find_root().command
    click.echo(get_completion_class(shell)(root, {}, "tongbao", VARIABLE).source())
