"""The command `tongbao verify`: counts published figures again from the facts, and reads printed numbers back.

It prints each difference and exits with 0 if all numbers agree, else with 1. `reports/proof/verify_figures.py` counts,
and `reports/proof/verify.py` compares files.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
import duckdb

from dagster_project.terminal.console import console, errors
from dagster_project.terminal.home import find_home, published_warehouse
from dagster_project.terminal.language import words
from dagster_project.warehouse.damage import read_published
from reports.release.folder import EVIDENCE

if TYPE_CHECKING:  # the first loads what reads PDF
    from reports.proof.verify import Finding
    from reports.proof.verify_figures import Difference

_SHOWN = 20


@dataclass(frozen=True)
class Counted:
    """How many figures of a period were counted again, and which differ."""

    period: str
    figures: int
    differences: list[Difference]


@dataclass(frozen=True)
class Compared:
    """How many files of a folder were compared with a fresh rendering, and where they differ."""

    path: str
    files: int
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
    """
    folder = Path(what) if what and (Path(what).is_dir() or "/" in what) else None
    home = find_home()
    with _open_proof(home, what, folder) as (connection, jurisdiction, periods):
        if as_json:
            counted = [count_again(connection, period) for period in periods]
            compared = compare_folder(connection, folder, home, jurisdiction) if folder else None
            agrees = not (compared and compared.faults) and not any(each.differences for each in counted)
            found = {"agrees": agrees, "periods": [asdict(each) for each in counted]}
            found["folder"] = asdict(compared) if compared else None
            click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            agrees = all([figures_agree(connection, period) for period in periods])
            if folder:
                agrees = folder_agrees(connection, folder, home, jurisdiction) and agrees
    if not agrees:
        raise SystemExit(1)


@contextmanager
def _open_proof(
    home: Path, what: str | None, folder: Path | None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path | None, list[str]]]:
    """What a proof reads: the warehouse, the jurisdiction (needed for a folder only) and the periods to count again.

    A released version that keeps its evidence is rendered from that, whatever is published now, and nothing is counted.
    """
    from dagster_project.owner import find_jurisdiction
    from reports.proof import verify_figures
    from reports.release.evidence import open_evidence

    if folder and (folder / EVIDENCE).is_dir():
        try:
            with open_evidence(folder) as (connection, jurisdiction):
                yield connection, jurisdiction, []
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise click.ClickException(words("verify.no_evidence", path=folder / EVIDENCE, reason=reason)) from None
        return
    with read_published(published_warehouse(home)) as connection:
        known = verify_figures.list_periods(connection)
        period = period_of(folder) if folder else what
        if period and period not in known:
            raise click.ClickException(words("verify.no_figures", period=period, known=", ".join(sorted(known))))
        chosen = [period] if period else [each for each in known if (home / "bulletins" / each).is_dir()]
        yield connection, find_jurisdiction(home) if folder else None, chosen


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

    differences = verify_figures.find_differences(connection, period)
    return Counted(period, verify_figures.count_rows(connection, period), differences)


def compare_folder(connection: duckdb.DuckDBPyConnection, folder: Path, home: Path, jurisdiction: Path) -> Compared:
    """Compare the folder with a fresh rendering; ClickException where the jurisdiction's text can't be rendered."""
    from reports.proof.verify import verify_folder
    from reports.release.folder import list_files, read_identity
    from reports.render import MISTAKES

    with tempfile.TemporaryDirectory(prefix="tongbao-verify-") as fresh:
        try:
            releases = home / "releases" / read_identity(folder)[0]
            faults = verify_folder(connection, folder, jurisdiction, Path(fresh), releases)
        except (*MISTAKES, ValueError) as error:
            raise click.ClickException(str(error)) from None
        return Compared(str(folder), len(list_files(Path(fresh))), faults)


def figures_agree(connection: duckdb.DuckDBPyConnection, period: str) -> bool:
    """Whether the facts yield every figure of the period; prints each difference."""
    counted = count_again(connection, period)
    for difference in counted.differences:
        errors.print(str(difference), markup=False)
    console.print(words("verify.counted", period=period, figures=counted.figures, differ=len(counted.differences)))
    return not counted.differences


def folder_agrees(connection: duckdb.DuckDBPyConnection, folder: Path, home: Path, jurisdiction: Path) -> bool:
    """Whether the folder prints what a fresh rendering does; prints each fault."""
    compared = compare_folder(connection, folder, home, jurisdiction)
    faults = compared.faults
    for file, group in groupby(faults, key=lambda fault: fault.file):
        several = list(group)
        for fault in several[:_SHOWN]:
            errors.print(str(fault), markup=False, soft_wrap=True)
        if (rest := len(several) - _SHOWN) > 0:
            errors.print(words("verify.more", file=file, n=rest), markup=False)
    spoilt = {fault.file for fault in faults}
    _print("verify.compared", folder=folder, files=compared.files, faults=len(faults), spoilt=len(spoilt))
    if "bulletin.docx" in spoilt:
        _print("verify.adopt", path=folder / "bulletin.docx")
    if faults:
        _say_what_moved(folder)
    return not faults


def _say_what_moved(folder: Path) -> None:
    from dagster_project.code_version import code_version
    from reports.release.folder import SUMS, find_altered_files, read_identity

    rendered_by = read_identity(folder)[1]
    if rendered_by != code_version():
        _print("verify.rendered_by", before=rendered_by, now=code_version())
    if (folder / SUMS).is_file() and not find_altered_files(folder):
        _print("verify.sums_hold")


def _print(key: str, **parts: object) -> None:
    console.print(words(key, **parts), markup=False, soft_wrap=True)
