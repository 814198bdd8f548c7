"""The command `tongbao release`: freezes the draft of a period as the next version, which is never changed again.

It writes `releases/<period>/v<n>/` and the index, and exits with 1 if `verify` finds a difference in the draft.
`reports/proof/verify.py` compares, and `reports/release/freeze.py` freezes.
"""

import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import duckdb

from dagster_project import settings
from dagster_project.cli.bulletin.verify import figures_agree, folder_agrees, period_of
from dagster_project.terminal.console import console, errors, print_typed
from dagster_project.terminal.home import enter_home
from dagster_project.terminal.period import complete_period, period_given
from dagster_project.warehouse.damage import read_published
from reports.words.locale import words


@click.command()
@click.argument("period", callback=period_given, shell_complete=complete_period)
@click.option("--why", default="", help="Why figures differ from the last version's; needed where any does.")
def release(period: str, why: str) -> None:
    """Freeze the draft in bulletins/PERIOD as releases/PERIOD/v1 (v2 …), after `verify` has passed on it.

    A version is read-only and has its SHA256SUMS; if TONGBAO_SIGNING_KEY names a private SSH key, they are signed. From
    v2 on the bulletin itself shows what it revises of the last version and why, and revisions.csv names each figure. A
    draft that says the same as the last version is refused, and one with a section that is still to be written.
    """
    from dagster_project.warehouse.publication import hold_home
    from reports.document.bulletin import read_settings
    from reports.formats.html import index
    from reports.release.evidence import keep_evidence
    from reports.release.freeze import check_versions, find_last_version, freeze_draft
    from reports.text.narrative import list_cited, list_unwritten

    base, jurisdiction = enter_home()
    key = settings.signing_key()
    draft, warehouse = base / "bulletins" / period, base / "warehouse.duckdb"
    if not draft.is_dir() or not warehouse.exists():
        raise click.ClickException(words("release.no_draft", draft=draft, period=period))
    if period_of(draft) != period:
        raise click.ClickException(words("release.other_period", draft=draft, found=period_of(draft), period=period))
    unwritten = list_unwritten(jurisdiction / "bulletin", period, read_settings(jurisdiction).words)
    if unwritten:
        names = ", ".join(f"'## {key}'" for key in unwritten)
        path = jurisdiction / "bulletin" / f"{period}.md"
        raise click.ClickException(words("release.unwritten", path=path, names=names))
    with hold_home(base, f"release of {period}"):
        check_versions(base / "releases" / period)
        with read_published(warehouse) as connection:
            periods = [period, *list_cited(jurisdiction / "bulletin", period)]
            agrees = all([figures_agree(connection, each) for each in periods])
            agrees = folder_agrees(connection, draft, base, jurisdiction) and agrees
            if not agrees:
                errors.print(words("release.refused", period=period), markup=False)
                raise SystemExit(1)
            before = find_last_version(base / "releases" / period)
            evidence = partial(keep_evidence, connection, jurisdiction, period)
            if before:
                made = _next(connection, draft, before, why, jurisdiction, evidence, key)
            else:
                made = freeze_draft(draft, base / "releases" / period, why, evidence, key)
        index.write(base / "bulletins")
    console.print(words("release.released", folder=made), markup=False)
    print_typed(jurisdiction / "bulletin", period)
    about = json.loads((made / "release.json").read_text("utf-8"))
    if about["revises"]:
        parts = {"n": about["revised_figures"], "before": about["revises"], "path": made / "revisions.csv"}
        console.print(words("release.revised", **parts), markup=False)


def _next(
    connection: duckdb.DuckDBPyConnection,
    draft: Path,
    before: Path,
    why: str,
    jurisdiction: Path,
    evidence: Callable[[Path], None],
    key: Path | None,
) -> Path:
    """The version after `before`: the draft, rendered again with what it revises and why; raises ReleaseError."""
    from reports.release.folder import read_fonts, read_identity
    from reports.release.freeze import ReleaseError, freeze_draft, is_same_bulletin
    from reports.release.revised import read_revised, read_revised_by
    from reports.render import render

    period, code = read_identity(draft)
    with tempfile.TemporaryDirectory(prefix="tongbao-release-") as aside:
        folders = {
            "as before": (read_revised_by(before, before.parent), read_fonts(before)),
            "next": (read_revised(before, why), read_fonts(draft)),
        }
        for name, (revised, fonts) in folders.items():
            render(connection, period, jurisdiction, Path(aside) / name, code, revised, fonts)
        if is_same_bulletin(before, Path(aside) / "as before"):
            raise ReleaseError(words("release.same", before=before.name))
        return freeze_draft(Path(aside) / "next", before.parent, why, evidence, key)
