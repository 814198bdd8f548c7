"""The command `tongbao scaffold`: drafts a mapping from one unknown export.

It prints the draft or writes it to a file. `ingest/drafting` does the work.
"""

import re
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.terminal.console import console


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Key of the source, e.g. hall; default: from OUTPUT or FILE.")
@click.option("--dataset", help="What the file holds, when it can't be told from the headers: cases, evaluations …")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here; default: print.")
def scaffold(file: Path, name: str | None, dataset: str | None, output: Path | None) -> None:
    """Draft a mapping from an unknown export FILE, for a person to finish.

    Headers are matched by the contracts and by the mappings of this installation. What can't be known is left as a
    TODO. Values that may belong to persons are never printed.
    """
    from ingest.drafting.draft_source import draft_mapping
    from ingest.mapping.load import load_contracts, load_finished_mappings
    from ingest.masks import mask_path

    if dataset and dataset not in load_contracts():
        raise click.BadParameter(f"{dataset} has no contract; there are {', '.join(load_contracts())}")
    if output and output.exists():
        raise click.ClickException(f"{output} is there already; nothing written")
    stem = re.sub("[^a-z0-9]+", "_", (output or file).name.split(".")[0].lower()).strip("_0123456789")
    exports = (settings.home() / "exports").resolve()
    inside = file.resolve().relative_to(exports).as_posix() if file.resolve().is_relative_to(exports) else None
    known = load_finished_mappings(settings.PROJECT / "jurisdictions")
    # a file may be called after a person
    key = name or (stem if stem and mask_path(stem) == stem else "source")
    text = draft_mapping(file, key, known, dataset, inside)
    if output:
        output.write_text(text, encoding="utf-8")
        console.print(f"{output}: {text.count('TODO')} places to go through; then: tongbao check", markup=False)
    else:
        click.echo(text, nl=False)
