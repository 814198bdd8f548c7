"""The command `tongbao check`: tries a jurisdiction's folder on its exports before a run needs it.

It reads every file of the folder, says what each mapping makes of the newest file of each export, and rehearses a whole
run in memory. It exits with 1 where a run would stop. `ingest/drafting` and `reports` do the work; this module only
asks for it and prints the result.
"""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.markup import escape

from dagster_project import settings
from dagster_project.terminal.console import console

_SHOWN = 12


@click.command()
@click.option("--every", is_flag=True, help="Say what each mapping makes of every file, not only of the newest.")
@click.option(
    "--from",
    "exports",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the exports; default: exports/ in the home.",
)
@click.option("--deep", is_flag=True, help="Prove every file of the home instead: nothing damaged, all figures right.")
@click.option("--json", "as_json", is_flag=True, help="For scripts: the same findings, as docs/commands.md describes.")
def check(every: bool, exports: Path | None, deep: bool, as_json: bool) -> None:
    """Try the jurisdiction's folder on its exports; nothing is loaded, and no home is made.

    \b
    Reads jurisdiction.yaml, the CSV files, all mappings and the template, then rehearses a run in memory:
    dates of files, pauses, results and evaluations that find a case, cases that find an item, an
    organisation and a town, and codes that no mapping knows.
    Exit codes: 0 a run would go through, 1 something would stop it (an "error" line), 2 wrong use.

    
    With --deep it proves the home: warehouse and candidate are read block by block, exports are compared
    with the ledger, rows and figures are counted again, drafts are compared with a fresh rendering,
    releases with their SHA256SUMS, the pseudonym key with its mark, and Dagster's files are opened.
    Exit codes: 0 all is whole, 1 something is damaged (a "damaged" line says what to do), 2 wrong use.
    """
    if deep:
        from dagster_project.cli.check_deep import check_home

        if every or exports:
            raise click.UsageError("--deep looks at the whole home; leave out --every and --from")
        raise SystemExit(1 if check_home(as_json) else 0)
    from dagster_project.owner import find_jurisdiction
    from ingest.errors import MappingError

    home = settings.home()
    folder, exports = find_jurisdiction(home), exports or home / "exports"
    if as_json:
        from dagster_project.cli.check_json import write_findings

        written, errors = write_findings(folder, exports, [*list_file_faults(folder)], every=every)
        click.echo(written)
        raise SystemExit(1 if errors else 0)
    console.print(f"{folder} on {exports}", markup=False)
    faults = [*list_file_faults(folder)]
    for fault in faults:
        console.print(f"[red]error[/red] {escape(fault)}")
    if any("template.md" not in fault for fault in faults):
        console.print(f"{len(faults)} errors; once they are mended, check rehearses the exports")
        raise SystemExit(1)
    _print_mappings(folder, exports, every)
    try:
        errors = len(faults) + _print_rehearsal(folder, exports)
    except MappingError as error:  # files of the folder that don't fit together
        console.print(f"[red]error[/red] {escape(str(error))}")
        errors = len(faults) + 1
    _print_questions(folder)
    console.print(f"{errors} errors: a run would stop" if errors else "no errors: tongbao run")
    raise SystemExit(1 if errors else 0)


def list_file_faults(folder: Path) -> Iterator[str]:
    """Every fault of the folder's own files, each with its place."""
    from dagster_project.own_figures.load import load_own_figures
    from ingest.drafting.check_folder import list_faults
    from ingest.errors import MappingError
    from reports.charts.all_charts import KEYS
    from reports.document import tables
    from reports.document.bulletin import read_settings
    from reports.figures import registry
    from reports.text.check_template import list_template_faults
    from reports.text.narrative import TemplateError
    from reports.text.template import BLOCK_KEYS

    faults = list_faults(folder)
    yield from faults
    if not any("jurisdiction.yaml" in fault for fault in faults):
        try:
            read_settings(folder)
        except TemplateError as error:
            yield str(error)
    figures = {*registry.load().figures}
    if not faults:
        try:
            figures |= {*load_own_figures(folder).get("own_figures", {}).get("figures", {})}
        except MappingError as error:
            yield from str(error).splitlines()
    names = {"fig": figures, "kpi": figures, "chart": KEYS, "see": KEYS, "table": tables.OPTIONAL, "block": BLOCK_KEYS}
    yield from list_template_faults(folder / "bulletin" / "template.md", names)


def _print_mappings(folder: Path, exports: Path, every: bool) -> None:
    from ingest.drafting.rehearse import rehearse_mappings
    from ingest.jurisdiction.settings import load_jurisdiction
    from ingest.mapping.load import load_sources

    last, timezone = None, load_jurisdiction(folder).timezone
    for outcome in rehearse_mappings(load_sources(folder), exports, every=every, timezone=timezone):
        if outcome.source is not last:
            console.print(f"[bold]{outcome.source.source}[/bold] {escape(outcome.source.name)}")
            last = outcome.source
        for line in _describe_rehearsal(outcome):
            console.print(line)


def _print_rehearsal(folder: Path, exports: Path) -> int:
    """What a whole run in memory found; returns how many files would stop a run."""
    from ingest.drafting.rehearse_run import rehearse_run

    outcome = rehearse_run(folder, exports)
    console.print(f"[bold]rehearsal[/bold] of a run: {outcome.files} files, {outcome.rows} rows")
    for path, reason in outcome.stopped:
        console.print(f"  [red]error[/red] {escape(path)}: {escape(reason)}")
    for path, reason in outcome.spared:
        console.print(f"  [yellow]unread[/yellow] {escape(path)}: {escape(reason)}")
    for path, is_year in outcome.undated[:_SHOWN]:
        what = "its name gives a year only" if is_year else "no date in its name"
        console.print(
            f"  [yellow]undated[/yellow] {escape(path)}: {what}; nobody can tell until which day its rows reach. "
            "Rename it, mend date_in_path, or put a control file with exported_on beside it"
        )
    _print_rest(len(outcome.undated))
    for join in outcome.joins:
        colour = "green" if join.found == join.total else "yellow"
        blank = f"; {join.blank} rows name none" if join.blank else ""
        console.print(
            f"  [{colour}]{join.dataset}[/{colour}] {join.found} of {join.total} find their {join.target}{blank}"
        )
        for name, rows in join.missing[:_SHOWN]:
            console.print(f"    not found: {name}: {rows} rows", markup=False)
        _print_rest(len(join.missing))
    for source, dataset, header, value, rows in outcome.codes[:_SHOWN]:
        console.print(f"  [yellow]code[/yellow] {source} {dataset}: {escape(header)} “{escape(value or '')}” × {rows}")
    _print_rest(len(outcome.codes))
    for name, lines in outcome.lines.items():
        console.print(f"  to add to {name}, once it is right:")
        for line in lines:
            console.print(f"    {line}", markup=False)
    return len(outcome.stopped)


def _print_rest(count: int) -> None:
    if count > _SHOWN:
        console.print(f"    and {count - _SHOWN} more")


def _print_questions(folder: Path) -> None:
    from ingest.drafting.check_folder import count_open_questions

    if questions := count_open_questions(folder):
        listed = ", ".join(f"{name} {count}" for name, count in questions.items())
        console.print(f"[yellow]TODO[/yellow] still open: {escape(listed)}")


def _describe_rehearsal(outcome) -> list[str]:
    """One rehearsal in a few lines of rich markup."""
    from ingest.rows.quarantine import REMEDIES

    export = outcome.export
    globs = escape("、".join(export.files))
    if outcome.tried is None:
        return [f"  {export.dataset}  [yellow]no file matches {globs}[/yellow]"]
    lines = [f"  {export.dataset}  files: {outcome.files} match {globs}; tried {escape(outcome.tried)}"]
    if outcome.refusal and not outcome.found:
        return [*lines, f"    [red]refused[/red]   would be refused: it {escape(outcome.refusal)}"]
    lines.append(f"    rows      {outcome.rows}")
    lines.append(f"    columns   {len(outcome.found)} found" + _list_names("; missing", outcome.missing))
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
        shown = f" “{value}”" if value is not None else ""
        remedy = f": {REMEDIES[rule]}" if rule in REMEDIES else ""
        lines.append(f"    [yellow]set aside[/yellow] {escape(f'{header} {rule}{shown} × {rows}{remedy}'.strip())}")
    if outcome.refusal:
        lines.append(f"    [red]refused[/red]   would be refused: it {escape(outcome.refusal)}")
    return lines


def _list_names(word: str, names: tuple[str, ...]) -> str:
    return f"{word} {', '.join(names)}" if names else ""
