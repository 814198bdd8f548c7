"""The command `tongbao verify`: counts published figures again from the facts, and reads printed numbers back.

It prints each difference and exits with 0 if all numbers agree, else with 1. `reports/proof/verify_figures.py` counts,
and `reports/proof/verify.py` compares files.
"""

import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
import duckdb

from dagster_project.terminal.console import console, errors
from dagster_project.terminal.home import find_home, published_warehouse
from dagster_project.warehouse.damage import read_published
from reports.release.folder import EVIDENCE

if TYPE_CHECKING:
    from reports.proof.verify import Finding

_SHOWN = 20


@click.command()
@click.argument("what", metavar="[PERIOD|FOLDER]", required=False)
def verify(what: str | None) -> None:
    """Count every figure of PERIOD again, straight from the fact tables, and report each difference.

    Without PERIOD: of every period that has a bulletin. A figure is counted by the SQL of marts.figure_proofs, which
    is not the SQL of the models, so an error in the one shows as a difference from the other.

    Of a FOLDER, e.g. data/bulletins/2022H1 or data/releases/2022H1/v1, every number printed in its files is also
    compared with a fresh rendering from the published warehouse, and every file byte by byte. A DOCX that an official
    edited differs, too: `tongbao adopt FILE` takes its words into the text from which all formats are made. A released
    version is rendered from the evidence that it keeps, so that it proves itself whatever is published later.

    Without PERIOD, the newest worklists and the index of bulletins are compared with fresh ones, too; of a FOLDER of
    worklists, e.g. data/worklists/2022-07-15, that folder alone. Worklists of an earlier day are compared with their
    SHA256SUMS.
    """
    from dagster_project.owner import find_jurisdiction
    from reports.proof import verify_figures

    base = find_home()
    path = published_warehouse(base)
    folder = Path(what) if what and (Path(what).is_dir() or "/" in what) else None
    if folder and is_proven_by_itself(folder):
        if not all([release_agrees(folder, base), signature_agrees(folder, find_jurisdiction(base))]):
            raise SystemExit(1)
        return
    with read_published(path) as connection:
        if folder and folder.resolve().parent.name == "worklists":
            if not worklists_agree(connection, folder):
                raise SystemExit(1)
            return
        known = verify_figures.list_periods(connection)
        period = period_of(folder) if folder else what
        if period and period not in known:
            raise click.ClickException(f"no figures for {period!r}; periods with figures: {', '.join(sorted(known))}")
        chosen = [period] if period else [p for p in known if (base / "bulletins" / p).is_dir()]
        agrees = all([figures_agree(connection, one) for one in chosen])
        if folder:
            agrees = folder_agrees(connection, folder, base, find_jurisdiction(base)) and agrees
        elif not period:
            agrees = all([*_lists_agree(connection, base), agrees])
    if not agrees:
        raise SystemExit(1)


def period_of(folder: Path) -> str:
    """The period of a bulletin's folder; ClickException where it is none."""
    from reports.release.folder import read_identity

    try:
        return read_identity(folder)[0]
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def is_proven_by_itself(folder: Path) -> bool:
    """Whether the folder is a released version that keeps what it was rendered from."""
    return (folder / EVIDENCE).is_dir()


def release_agrees(version: Path, home: Path) -> bool:
    """Whether a released version is what its own evidence renders, whatever is published now; prints each fault."""
    from reports.release.evidence import open_evidence

    try:
        with open_evidence(version) as (connection, jurisdiction):
            return folder_agrees(connection, version, home, jurisdiction)
    except duckdb.Error as error:
        raise click.ClickException(f"{version / EVIDENCE} can't be read: {str(error).splitlines()[0]}") from None


def signature_agrees(version: Path, jurisdiction: Path) -> bool:
    """Whether nothing is wrong with the version's signature; prints whose it is, or the fault."""
    from reports.release.folder import SIGNATURE
    from reports.release.signature import check_signature

    signers = jurisdiction / "signers"
    who, fault = check_signature(version, signers)
    if fault:
        errors.print(f"{SIGNATURE}, whole file: {fault}", markup=False, soft_wrap=True)
    elif who:
        trust = "" if signers.is_file() else f"; {signers} doesn't exist, so nothing tells whose key that is"
        console.print(f"{version}: signed by {who}{trust}", markup=False, soft_wrap=True)
    else:
        console.print(f"{version}: not signed", markup=False, soft_wrap=True)
    return not fault


def figures_agree(connection: duckdb.DuckDBPyConnection, period: str) -> bool:
    """Whether the facts yield every figure of the period; prints each difference."""
    from reports.proof import verify_figures

    found = verify_figures.find_differences(connection, period)
    for difference in found:
        errors.print(str(difference), markup=False)
    console.print(
        f"{period}: {verify_figures.count_rows(connection, period)} figures counted again, {len(found)} differ"
    )
    return not found


def folder_agrees(connection: duckdb.DuckDBPyConnection, folder: Path, home: Path, jurisdiction: Path) -> bool:
    """Whether the folder prints what a fresh rendering does; prints each fault."""
    from reports.proof.verify import verify_folder
    from reports.release.folder import list_files, read_identity
    from reports.render import MISTAKES

    with tempfile.TemporaryDirectory(prefix="tongbao-verify-") as fresh:
        try:
            releases = home / "releases" / read_identity(folder)[0]
            found = verify_folder(connection, folder, jurisdiction, Path(fresh), releases)
        except (*MISTAKES, ValueError) as error:
            raise click.ClickException(str(error)) from None
        count = len(list_files(Path(fresh)))
    spoilt = _print_findings(found, f"{folder}: {count} files compared with a fresh rendering")
    if "bulletin.docx" in spoilt:
        adopt = f"tongbao adopt {folder / 'bulletin.docx'}"
        console.print(f"if an official edited the DOCX, `{adopt}` takes its words over", markup=False, soft_wrap=True)
    if found:
        _say_what_moved(folder)
    return not found


def worklists_agree(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Whether the worklists in `folder` are those of the warehouse, or as they were written; prints each fault."""
    from reports.proof.verify_lists import can_be_written_again, verify_worklists
    from reports.release.folder import list_files

    with tempfile.TemporaryDirectory(prefix="tongbao-verify-") as fresh:
        found = verify_worklists(connection, folder, Path(fresh))
    measure = "fresh worklists" if can_be_written_again(connection, folder) else "their SHA256SUMS"
    _print_findings(found, f"{folder}: {len(list_files(folder))} files compared with {measure}")
    return not found


def _lists_agree(connection: duckdb.DuckDBPyConnection, home: Path) -> Iterator[bool]:
    """Whether the newest worklists and the index of bulletins are what the home makes of them; prints each fault."""
    from reports.proof.verify_lists import verify_index

    if days := sorted(path for path in (home / "worklists").glob("*") if path.is_dir()):
        yield worklists_agree(connection, days[-1])
    if (home / "bulletins").is_dir():
        found = verify_index(home / "bulletins")
        _print_findings(found, f"{home / 'bulletins' / 'index.html'}: compared with drafts and releases")
        yield not found


def _print_findings(found: "list[Finding]", compared: str) -> set[str]:
    """Print each fault, at most _SHOWN a file, and a line that sums them up; returns the files that have any."""
    for file, group in groupby(found, key=lambda finding: finding.file):
        several = list(group)
        for finding in several[:_SHOWN]:
            errors.print(str(finding), markup=False, soft_wrap=True)
        if len(several) > _SHOWN:
            errors.print(f"{file}: and {len(several) - _SHOWN} more", markup=False)
    spoilt = {finding.file for finding in found}
    console.print(f"{compared}, {len(found)} faults in {len(spoilt)} of them", markup=False, soft_wrap=True)
    return spoilt


def _say_what_moved(folder: Path) -> None:
    from dagster_project.code_version import code_version
    from reports.release.folder import SUMS, find_altered_files, read_identity

    rendered_by = read_identity(folder)[1]
    if rendered_by != code_version():
        console.print(f"it was rendered by {rendered_by}, compared by {code_version()}", markup=False, soft_wrap=True)
    if (folder / SUMS).is_file() and not find_altered_files(folder):
        console.print("its SHA256SUMS hold: not altered since its release; warehouse, text or code are newer than it")
