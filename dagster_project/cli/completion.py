"""`tongbao completion`: the lines that make a shell complete commands, options and periods by Tab.

click writes them; each Tab then calls `tongbao`, which answers from the table of commands and the published periods.
"""

import click
from click.shell_completion import CompletionItem, get_completion_class

from dagster_project import settings

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
