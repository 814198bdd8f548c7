"""The command `tongbao sample`: writes synthetic exports for a first look.

It writes into an empty `exports/` only. `ingest/sample` generates the files.
"""

import click

from dagster_project import settings
from dagster_project.cli.terminal import console, enter_home


@click.command()
@click.option("--scale", default=1.0, show_default=True, help="Share of the full 1.2 million cases.")
def sample(scale: float) -> None:
    """Generate synthetic exports to try things out.

    They are calibrated to Lingwu's published first half of 2022, say everywhere that they are synthetic, and
    are only written into an empty exports folder.
    """
    from ingest.sample.generate import generate

    exports = enter_home() / "exports"
    if any(exports.iterdir()):
        console.print(f"{exports} already holds files: nothing generated, nothing changed")
        return
    console.print("[bold]generating synthetic exports · 生成样例（合成数据）[/bold]")
    counts = generate(settings.jurisdiction(), exports, scale=scale)
    for name, rows in counts.items():
        console.print(f"  {name}: {rows} rows")
