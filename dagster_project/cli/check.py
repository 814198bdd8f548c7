"""The command `tongbao check`: tries a jurisdiction's folder on the exports before a run needs it.

It prints what each mapping makes of the files in exports/ and exits with 1 where a run would stop. `ingest/drafting`
does the work; this module only asks for it and prints the result.
"""

import click
from rich.markup import escape

from dagster_project import settings
from dagster_project.cli.terminal import console


@click.command()
@click.option("--every", is_flag=True, help="Try every file, not only the newest of each export.")
def check(every: bool) -> None:
    """Say what each mapping makes of the files in exports/; nothing is loaded.

    Exit code 1 when a mapping can't be used, a file is claimed by no source or by two, or a file would be refused.
    """
    from dagster_project.owner import find_jurisdiction
    from ingest.drafting.rehearse import Rehearsal, rehearse_mappings
    from ingest.errors import MappingError
    from ingest.mapping.load import load_sources

    home = settings.home()
    try:
        found = load_sources(find_jurisdiction(home))
    except MappingError as error:
        raise click.ClickException(str(error)) from None
    wrong, last = 0, None
    for outcome in rehearse_mappings(found, home / "exports", every=every):
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
