"""The command `tongbao init`: drafts the folder of a new county from its exports.

It writes `jurisdictions/COUNTY`, or the path given, and says what it drafted, what it could not know, and the next
command. `ingest/drafting` does the work.
"""

import os
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.terminal.console import console

# Lingwu's text names no county, so every draft begins with the same one.
_TEMPLATE = settings.PROJECT / "jurisdictions" / "lingwu" / "bulletin" / "template.md"


@click.command()
@click.argument("county")
@click.option(
    "--from",
    "exports",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with exports of the county's systems, of any names and depth; default: exports/ in the home.",
)
def init(county: str, exports: Path | None) -> None:
    """Draft the folder of COUNTY (a name under jurisdictions/, or a path) from a folder of exports.

    One mapping a system, regions.csv and organisations.csv from the values found, and TODO where a person must decide.
    An existing folder is left as it is. Exit code 1 when none of the files can be understood.
    """
    from ingest.drafting.draft_county import draft_county, write_folder
    from ingest.mapping.load import load_finished_mappings

    exports = exports or settings.home() / "exports"
    if not exports.is_dir():
        raise click.ClickException(f"{exports} is not there; put exports into it, or name another folder by --from")
    folder = settings.PROJECT / "jurisdictions" / county if Path(county).name == county else Path(county).resolve()
    if folder.exists():
        raise click.ClickException(f"{folder} is there already; nothing written. Delete it or choose another name")
    known = load_finished_mappings(settings.PROJECT / "jurisdictions")
    draft = draft_county(exports, known, _TEMPLATE.read_text("utf-8"), os.path.relpath(settings.PROJECT, folder))
    write_folder(folder, draft)
    console.print(f"drafted {folder}:", markup=False)
    for name, text in draft.files.items():
        held = [
            f"{d} from {files} files, {rows} rows" for s, d, files, rows in draft.kinds if name == f"sources/{s}.yaml"
        ]
        held += [f"{text.count(chr(10)) - 1} rows"] if name.endswith(".csv") else []
        held += [f"{text.count('TODO')} TODO"] if "TODO" in text else []
        console.print(f"  {name}: {', '.join(held) or 'nothing to decide'}", markup=False)
    for name, reason in draft.unread:
        console.print(f"  not understood: {name}: {reason}", markup=False)
    console.print("what the exports could not tell:")
    for sentence in draft.unknown:
        console.print(f"  - {sentence}", markup=False)
    todo = sum(text.count("TODO") for name, text in draft.files.items() if name != "bulletin/template.md")
    console.print(f"next: go through {todo} TODO (grep -rn TODO {folder}), then:", markup=False)
    console.print(f"  TONGBAO_JURISDICTION={county} tongbao check --from {exports}", markup=False)
