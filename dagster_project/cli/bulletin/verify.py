"""The command `tongbao verify`: counts published figures again from the facts, and reads printed numbers back.

It prints each difference and exits with 1 if there is any. A period that a text cites is counted, too.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
import duckdb

from dagster_project.terminal.console import console, errors
from dagster_project.terminal.home import find_home, published_warehouse
from dagster_project.warehouse.damage import read_published
from reports.release.folder import EVIDENCE
from reports.words.locale import words

if TYPE_CHECKING:  # the first loads what reads PDF
    from reports.proof.verify import Finding
    from reports.proof.verify_figures import Difference

_SHOWN = 20


@dataclass(frozen=True)
class Counted:
    """How many figures of a period were counted again, and which differ."""

    period: str
    figures: int
    faults: list[Difference]


@dataclass(frozen=True)
class Compared:
    """How many files were compared, and where they differ; `measure`: rendering, worklists, sums, explorer or index."""

    path: str
    measure: str
    files: int
    faults: list[Finding]


@dataclass(frozen=True)
class Signed:
    """Who signed a released version, if anybody, and whether a list of signers tells whose key that is."""

    path: str
    signed_by: str | None
    is_known: bool
    faults: list[Finding]


@click.command()
@click.argument("what", metavar="[PERIOD|FOLDER]", required=False)
@click.option("--json", "as_json", is_flag=True, help="For scripts: the same findings, as docs/commands.md describes.")
def verify(what: str | None, as_json: bool) -> None:
    """Count every figure of PERIOD again, straight from the fact tables, and report each difference.

    Without PERIOD: of every period that has a bulletin. A figure is counted by the SQL of marts.figure_proofs, which
    is not the SQL of the models, so an error in the one shows as a difference from the other.

    Of a FOLDER, e.g. data/bulletins/2022H1 or data/releases/2022H1/v1, every number printed in its files is also
    compared with a fresh rendering from the published warehouse, and every file byte by byte. A DOCX that an official
    edited differs, too: `tongbao adopt FILE` takes its words into the text from which all formats are made. A released
    version is rendered from the evidence that it keeps, so that it proves itself whatever is published later.

    Without PERIOD, the newest worklists, the explorer and the index of bulletins are compared with fresh ones, too; of
    a FOLDER of worklists, e.g. data/worklists/2022-07-15, that folder alone. Worklists of an earlier day are compared
    with their SHA256SUMS.
    """
    folder = Path(what) if what and (Path(what).is_dir() or "/" in what) else None
    found: dict[str, list] = {"periods": [], "compared": [], "signatures": []}
    for result in _prove(find_home(), what, folder):
        found[_KINDS[type(result)]].append(asdict(result))
        if not as_json:
            _print(result)
    agrees = not any(result["faults"] for results in found.values() for result in results)
    if as_json:
        click.echo(json.dumps({"agrees": agrees, **found}, ensure_ascii=False, indent=1))
    if not agrees:
        raise SystemExit(1)


_KINDS = {Counted: "periods", Compared: "compared", Signed: "signatures"}


def _prove(home: Path, what: str | None, folder: Path | None) -> Iterator[Counted | Compared | Signed]:
    from dagster_project.owner import find_jurisdiction
    from reports.proof import verify_figures
    from reports.text.narrative import list_cited

    if folder and (folder / EVIDENCE).is_dir():
        yield _compare_release(folder, home)
        yield _check_signature(folder, find_jurisdiction(home))
        return
    with read_published(published_warehouse(home)) as connection:
        if folder and folder.resolve().parent.name == "worklists":
            yield _compare_worklists(connection, folder)
            return
        known = verify_figures.list_periods(connection)
        period = period_of(folder) if folder else what
        if period and period not in known:
            raise click.ClickException(words("home.no_figures", period=period, known=", ".join(sorted(known))))
        chosen = [period] if period else [each for each in known if (home / "bulletins" / each).is_dir()]
        jurisdiction = find_jurisdiction(home)
        cited = {other for each in chosen for other in list_cited(jurisdiction / "bulletin", each)}
        for each in sorted({*chosen, *cited} & {*known}, key=known.index):
            yield count_again(connection, each)
        if folder:
            yield _compare_folder(connection, folder, home, jurisdiction)
        elif not period:
            yield from _compare_lists(connection, home, jurisdiction)


def period_of(folder: Path) -> str:
    """The period of a bulletin's folder; ClickException where it is none."""
    from reports.release.folder import read_identity

    try:
        return read_identity(folder)[0]
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def count_again(connection: duckdb.DuckDBPyConnection, period: str) -> Counted:
    """Count every figure of the period from the facts."""
    from reports.proof import verify_figures

    faults = verify_figures.find_differences(connection, period)
    return Counted(period, verify_figures.count_rows(connection, period), faults)


def figures_agree(connection: duckdb.DuckDBPyConnection, period: str) -> bool:
    """Whether the facts yield every figure of the period; prints each difference."""
    counted = count_again(connection, period)
    _print(counted)
    return not counted.faults


def folder_agrees(connection: duckdb.DuckDBPyConnection, folder: Path, home: Path, jurisdiction: Path) -> bool:
    """Whether the folder prints what a fresh rendering does; prints each fault."""
    _print(compared := _compare_folder(connection, folder, home, jurisdiction))
    return not compared.faults


def _compare_folder(connection: duckdb.DuckDBPyConnection, folder: Path, home: Path, jurisdiction: Path) -> Compared:
    from reports.proof.verify import verify_folder
    from reports.release.folder import list_files, read_identity
    from reports.render import MISTAKES

    with tempfile.TemporaryDirectory(prefix="tongbao-verify-") as fresh:
        try:
            releases = home / "releases" / read_identity(folder)[0]
            faults = verify_folder(connection, folder, jurisdiction, Path(fresh), releases)
        except (*MISTAKES, ValueError) as error:
            raise click.ClickException(str(error)) from None
        return Compared(str(folder), "rendering", len(list_files(Path(fresh))), faults)


def _compare_release(version: Path, home: Path) -> Compared:
    """A released version beside what its own evidence renders, whatever is published now."""
    from reports.release.evidence import open_evidence

    try:
        with open_evidence(version) as (connection, jurisdiction):
            return _compare_folder(connection, version, home, jurisdiction)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise click.ClickException(words("verify.no_evidence", path=version / EVIDENCE, reason=reason)) from None


def _check_signature(version: Path, jurisdiction: Path) -> Signed:
    from reports.proof.verify import Finding
    from reports.release.folder import SIGNATURE
    from reports.release.signature import check_signature

    signers = jurisdiction / "signers"
    who, fault = check_signature(version, signers)
    return Signed(str(version), who, signers.is_file(), [Finding(SIGNATURE, "whole file", fault, "")] if fault else [])


def _compare_worklists(connection: duckdb.DuckDBPyConnection, folder: Path) -> Compared:
    """Worklists beside those of the warehouse, or of an earlier day beside their sums."""
    from reports.proof.verify_lists import can_be_written_again, verify_worklists
    from reports.release.folder import list_files

    with tempfile.TemporaryDirectory(prefix="tongbao-verify-") as fresh:
        faults = verify_worklists(connection, folder, Path(fresh))
    measure = "worklists" if can_be_written_again(connection, folder) else "sums"
    return Compared(str(folder), measure, len(list_files(folder)), faults)


def _compare_lists(connection: duckdb.DuckDBPyConnection, home: Path, jurisdiction: Path) -> Iterator[Compared]:
    """The newest worklists, the explorer and the index of bulletins beside what the home makes of them."""
    from reports.proof.verify_lists import verify_explorer, verify_index

    if days := sorted(path for path in (home / "worklists").glob("*") if path.is_dir()):
        yield _compare_worklists(connection, days[-1])
    if (bulletins := home / "bulletins").is_dir():
        faults = verify_explorer(connection, jurisdiction, bulletins)
        yield Compared(str(bulletins / "explore.html"), "explorer", 1, faults)
        yield Compared(str(bulletins / "index.html"), "index", 1, verify_index(bulletins))


def _print(result: Counted | Compared | Signed) -> None:
    for fault in result.faults if not isinstance(result, Compared) else ():
        errors.print(str(fault), markup=False)
    if isinstance(result, Signed):
        if not result.faults:
            key = ("signed" if result.is_known else "signed_by_anybody") if result.signed_by else "unsigned"
            _say(f"verify.{key}", path=result.path, who=result.signed_by)
        return
    if isinstance(result, Counted):
        _say("verify.counted", period=result.period, figures=result.figures, n=len(result.faults))
        return
    for file, group in groupby(result.faults, key=lambda fault: fault.file):
        several = list(group)
        for fault in several[:_SHOWN]:
            errors.print(str(fault), markup=False, soft_wrap=True)
        if (rest := len(several) - _SHOWN) > 0:
            errors.print(words("verify.more", file=file, n=rest), markup=False)
    spoilt = {fault.file for fault in result.faults}
    compared = words(f"verify.{result.measure}", path=result.path, files=result.files)
    _say("verify.compared", compared=compared, n=len(result.faults), spoilt=len(spoilt))
    if "bulletin.docx" in spoilt:
        _say("verify.adopt", path=Path(result.path) / "bulletin.docx")
    if spoilt and result.measure == "rendering":
        _say_what_moved(Path(result.path))


def _say_what_moved(folder: Path) -> None:
    from dagster_project.code_version import code_version
    from reports.release.folder import SUMS, find_altered_files, read_identity

    if (rendered_by := read_identity(folder)[1]) != code_version():
        _say("verify.rendered_by", before=rendered_by, now=code_version())
    if (folder / SUMS).is_file() and not find_altered_files(folder):
        _say("verify.sums_hold")


def _say(key: str, **parts: object) -> None:
    console.print(words(key, **parts), markup=False, soft_wrap=True)
