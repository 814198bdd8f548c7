"""The command `tongbao check`: tries a jurisdiction's folder on its exports before a run needs it.

It reads every file of the folder, says what each mapping makes of the newest file of each export, and rehearses a whole
run in memory. It exits with 1 where a run would stop. `ingest/drafting` and `reports` do the work; this module only
asks for it and prints the result.
"""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.cells import cell_len
from rich.markup import escape

from dagster_project import settings
from dagster_project.terminal.console import console
from reports.words.locale import words
from reports.words.messages import tell

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
        from dagster_project.cli.county.check_deep import check_home

        if every or exports:
            raise click.UsageError(words("check.only_deep"))
        raise SystemExit(1 if check_home(as_json) else 0)
    from dagster_project.owner import find_jurisdiction
    from ingest.errors import MappingError

    home = settings.home()
    folder, exports = find_jurisdiction(home), exports or home / "exports"
    if as_json:
        from dagster_project.cli.county.check_json import write_findings

        written, errors = write_findings(folder, exports, [*list_file_faults(folder)], every=every)
        click.echo(written)
        raise SystemExit(1 if errors else 0)
    console.print(words("check.subject", folder=folder, exports=exports), markup=False)
    faults = [*list_file_faults(folder)]
    for fault in faults:
        _print_labelled("red", "error", fault)
    if any("template.md" not in fault for fault in faults):
        console.print(words("check.faults", n=len(faults)))
        raise SystemExit(1)
    _print_mappings(folder, exports, every)
    try:
        errors = len(faults) + _print_rehearsal(folder, exports)
    except MappingError as error:  # files of the folder that don't fit together
        _print_labelled("red", "error", str(error))
        errors = len(faults) + 1
    _print_questions(folder)
    console.print(words("check.stops", n=errors) if errors else words("check.passes"))
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
    console.print(words("check.rehearsal", files=outcome.files, rows=outcome.rows))
    for path, reason in outcome.stopped:
        _print_labelled("red", "error", f"{path}: {reason}", 2)
    for path, reason in outcome.spared:
        _print_labelled("yellow", "unread", f"{path}: {reason}", 2)
    for path, is_year in outcome.undated[:_SHOWN]:
        why = words("check.year_only") if is_year else words("check.no_date")
        _print_labelled("yellow", "undated", f"{path}: {why}", 2)
    _print_rest(len(outcome.undated))
    for join in outcome.joins:
        colour = "green" if join.found == join.total else "yellow"
        said = words(f"check.join.{join.target}", found=join.found, total=join.total)
        blank = words("check.blank", n=join.blank) if join.blank else ""
        console.print(f"  [{colour}]{join.dataset}[/{colour}] {said}{blank}")
        for name, rows in join.missing[:_SHOWN]:
            console.print(f"    {words('check.not_found', name=name, n=rows)}", markup=False)
        _print_rest(len(join.missing))
    for source, dataset, header, value, rows in outcome.codes[:_SHOWN]:
        _print_labelled("yellow", "code", f"{source} {dataset}: {header} “{value or ''}” × {rows}", 2)
    _print_rest(len(outcome.codes))
    for name, lines in outcome.lines.items():
        console.print(f"  {words('check.to_add', name=name)}", markup=False)
        for line in lines:
            console.print(f"    {line}", markup=False)
    return len(outcome.stopped)


def _print_labelled(colour: str, label: str, said: str, indent: int = 0) -> None:
    """A line that begins with a label in colour, one of the sentences below `check`."""
    console.print(f"{' ' * indent}[{colour}]{words(f'check.{label}')}[/{colour}] {escape(tell(said))}")


def _print_rest(count: int) -> None:
    if count > _SHOWN:
        console.print(f"    {words('check.more', n=count - _SHOWN)}")


def _print_questions(folder: Path) -> None:
    from ingest.drafting.check_folder import count_open_questions

    if questions := count_open_questions(folder):
        listed = ", ".join(f"{name} {count}" for name, count in questions.items())
        console.print(f"[yellow]TODO[/yellow] {words('check.open')}: {escape(listed)}")


def _describe_rehearsal(outcome) -> list[str]:
    """One rehearsal in a few lines of rich markup."""
    from ingest.rows.quarantine import REMEDIES

    export = outcome.export
    globs = "、".join(export.files)
    if outcome.tried is None:
        return [f"  {export.dataset}  [yellow]{escape(words('check.no_file', globs=globs))}[/yellow]"]
    tried = words("check.tried", n=outcome.files, globs=globs, tried=outcome.tried)
    lines = [f"  {export.dataset}  {escape(tried)}"]
    refused = [_label("refused", words("check.refusal", reason=outcome.refusal), "red")] if outcome.refusal else []
    if refused and not outcome.found:
        return [*lines, *refused]
    missing = words("check.missing", names=", ".join(outcome.missing)) if outcome.missing else ""
    lines.append(_label("rows", str(outcome.rows)))
    lines.append(_label("columns", words("check.found", n=len(outcome.found)) + missing))
    if outcome.unknown:
        lines.append(_label("unknown", words("check.unknown_columns", names="、".join(outcome.unknown)), "yellow"))
    if export.codes:
        lines.append(_label("codes", ", ".join(f"{name} {len(codes)}" for name, codes in export.codes.items())))
    if export.constants:
        lines.append(_label("constants", ", ".join(f"{n} = {v}" for n, v in export.constants.items())))
    for name, derivation in export.derived.items():
        key = "check.derivation_by_lookup" if derivation.lookup else "check.derivation"
        parts = " + ".join(derivation.parts)
        lines.append(_label("derived", words(key, name=name, parts=parts, n=outcome.derived[name])))
    for header, rule, value, rows in outcome.set_aside:
        shown = f" “{value}”" if value is not None else ""
        remedy = f": {REMEDIES[rule]}" if rule in REMEDIES else ""
        lines.append(_label("set_aside", f"{header} {rule}{shown} × {rows}{remedy}".strip(), "yellow"))
    return [*lines, *refused]


def _label(label: str, said: str, colour: str = "") -> str:
    """A line of markup: the label, widened to ten columns, of which a Chinese letter takes two, then what is said."""
    named = words(f"check.{label}")
    padding = " " * max(10 - cell_len(named), 1)
    return f"    {f'[{colour}]{named}[/{colour}]' if colour else named}{padding}{escape(said)}"
