"""The command `tongbao sample`: writes synthetic exports for a first look.

It writes into an empty `exports/` only. `ingest/sample` generates the files.
"""

import shutil

import click

from dagster_project import settings
from dagster_project.terminal.console import console


@click.command()
@click.option(
    "--scale",
    type=click.FloatRange(0.01, 1),
    default=1.0,
    show_default=True,
    help="Share of the full 1.2 million cases.",
)
def sample(scale: float) -> None:
    """Generate synthetic exports to try things out.

    They are calibrated to Lingwu's published first half of 2022, say everywhere that they are synthetic, and
    are only written into an empty exports folder. A new home then belongs to Lingwu, or to the jurisdiction that
    TONGBAO_JURISDICTION names, if it has a sample.yaml, or a folder `exports` that is copied.
    """
    from dagster_project.owner import find_jurisdiction, record_owner
    from ingest.sample.generate import generate

    home = settings.home()
    exports = home / "exports"
    if exports.exists() and any(exports.iterdir()):
        console.print(f"{exports} already holds files: nothing generated, nothing changed")
        return
    jurisdiction = find_jurisdiction(home, default="lingwu")
    own = jurisdiction / "exports"
    if not own.is_dir() and not (jurisdiction / "sample.yaml").exists():
        raise click.ClickException(
            f"{jurisdiction} has no sample.yaml to make exports by, and no folder exports; put yours into {exports}"
        )
    record_owner(settings.prepare(home), jurisdiction)
    if own.is_dir():
        shutil.copytree(own, exports, dirs_exist_ok=True)
        console.print(f"copied the synthetic exports of {own}", markup=False)
        return
    console.print("[bold]generating synthetic exports · 生成样例（合成数据）[/bold]")
    counts = generate(jurisdiction, exports, scale=scale)
    for name, rows in counts.items():
        console.print(f"  {name}: {rows} rows")
