"""The commands `tongbao sources scaffold` and `check`: draft a mapping, and try all mappings before a run needs them.

`scaffold` prints or writes a draft, and `check` prints what each mapping makes of the files in exports/.
`ingest/drafting` does the work; this module only asks for it and prints the result. `cli/main.py` attaches the group
`sources`.
"""

import re
from pathlib import Path

import click
from rich.markup import escape

from dagster_project import settings
from dagster_project.cli.terminal import console


@click.group()
def sources() -> None:
    """Mappings of exporting systems: draft one, check them all."""


@sources.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Key of the source, e.g. hall; default: from OUTPUT or FILE.")
@click.option("--dataset", help="What the file holds, when it can't be told from the headers: cases, evaluations …")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here; default: print.")
def scaffold(file: Path, name: str | None, dataset: str | None, output: Path | None) -> None:
    """Draft a mapping from an unknown export FILE, for a person to finish.

    Headers are matched by the contracts and by the mappings of this installation. What can't be known is left as a
    TODO. Values that may belong to persons are never printed.
    """
    from ingest.drafting.scaffold import draft_mapping
    from ingest.errors import Refused
    from ingest.mapping.load import load_contracts, load_mapping

    if dataset and dataset not in load_contracts():
        raise click.BadParameter(f"{dataset} has no contract; there are {', '.join(load_contracts())}")
    if output and output.exists():
        raise click.ClickException(f"{output} is there already; nothing written")
    stem = re.sub("[^a-z0-9]+", "_", (output or file).name.split(".")[0].lower()).strip("_0123456789")
    exports = (settings.home() / "exports").resolve()
    inside = file.resolve().relative_to(exports).as_posix() if file.resolve().is_relative_to(exports) else None
    folder = settings.PROJECT / "jurisdictions"
    known = [
        load_mapping(path) for path in sorted([*folder.glob("*/sources/*.yaml"), *folder.glob("_dialects/*.yaml")])
    ]
    try:
        text = draft_mapping(file, name or stem or "source", known, dataset, inside)
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    if output:
        output.write_text(text, encoding="utf-8")
        console.print(f"{output}: {text.count('TODO')} places to go through; then: tongbao sources check", markup=False)
    else:
        click.echo(text, nl=False)


@sources.command()
@click.option("--every", is_flag=True, help="Try every file, not only the newest of each export.")
def check(every: bool) -> None:
    """Say what each mapping makes of the files in exports/; nothing is loaded.

    Exit code 1 when a mapping can't be used, a file is claimed by no source or by two, or a file would be refused.
    """
    from ingest.drafting.rehearse import Rehearsal, rehearse_mappings
    from ingest.errors import MappingError
    from ingest.mapping.load import load_sources

    try:
        found = load_sources(settings.jurisdiction())
    except MappingError as error:
        raise click.ClickException(str(error)) from None
    wrong, last = 0, None
    for outcome in rehearse_mappings(found, settings.home() / "exports", every=every):
        if not isinstance(outcome, Rehearsal):
            wrong += 1
            console.print(f"[red]error[/red] {escape(outcome.name)}: {escape(outcome.problem)}")
            continue
        if outcome.source is not last:
            console.print(f"[bold]{outcome.source.source}[/bold] {escape(outcome.source.name)}")
            last = outcome.source
        for line in _describe_rehearsal(outcome):
            console.print(line)
        wrong += outcome.refusal is not None
    console.print(f"{wrong} errors" if wrong else "no errors")
    raise SystemExit(1 if wrong else 0)


def _describe_rehearsal(outcome) -> list[str]:
    """One rehearsal in a few lines of rich markup."""
    export = outcome.export
    globs = escape("、".join(export.files))
    if outcome.tried is None:
        return [f"  {export.dataset}  [yellow]no file matches {globs}[/yellow]"]
    lines = [f"  {export.dataset}  files: {outcome.files} match {globs}; tried {escape(outcome.tried)}"]
    if outcome.refusal and not outcome.found:
        return [*lines, f"    [red]error[/red]     would be refused: it {escape(outcome.refusal)}"]
    lines.append(f"    rows      {outcome.rows}")
    lines.append(f"    columns   {len(outcome.found)} found" + _listed("; missing", outcome.missing))
    if outcome.unknown:
        lines.append(f"    [yellow]unknown[/yellow]   {escape('、'.join(outcome.unknown))}: under columns or ignored")
    if export.codes:
        lines.append("    codes     " + ", ".join(f"{name} {len(codes)}" for name, codes in export.codes.items()))
    if export.constants:
        lines.append("    constants " + escape(", ".join(f"{n} = {v}" for n, v in export.constants.items())))
    for name, derivation in export.derived.items():
        by = ", ".join(["from " + " + ".join(derivation.parts), *(["by lookup"] if derivation.lookup else [])])
        lines.append(f"    derived   {name} {by}: {outcome.derived[name]} rows")
    for header, rule, value, rows in outcome.set_aside:
        said = f" “{value}”" if value is not None else ""
        lines.append(f"    [yellow]set aside[/yellow] {escape(f'{header} {rule}{said} × {rows}'.strip())}")
    if outcome.refusal:
        lines.append(f"    [red]error[/red]     would be refused: it {escape(outcome.refusal)}")
    return lines


def _listed(word: str, names: tuple[str, ...]) -> str:
    return f"{word} {', '.join(names)}" if names else ""
