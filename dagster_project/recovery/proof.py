"""Proves a home file by file: that each opens, is whole, and agrees with the others. It changes nothing.

`prove_home` takes a home and its jurisdiction's folder, and yields one `Proof` a thing that was proven, or that was
found damaged, with what to do. Damage of one file doesn't keep the others from being looked at. `tongbao check --deep`
prints them; `anew.py` mends what a rebuild can mend.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from dagster_project.history import find_damaged
from dagster_project.warehouse.backup import FILES, check_key, find_altered
from dagster_project.warehouse.damage import DISCARD, REBUILD, Damaged, read_all, read_published, told_as_damage
from ingest.errors import MappingError, Refused
from ingest.landing.claim import claim_files
from ingest.landing.find import hash_file
from ingest.mapping.load import load_sources
from reports.proof.verify import verify_folder
from reports.proof.verify_figures import count_rows, find_differences, list_periods
from reports.release.folder import list_alterations
from reports.release.freeze import list_versions
from reports.render import MISTAKES
from reports.words.locale import words

_SHOWN = 5
_UNCONSERVED = """
    with counted as ({counts})
    select path || ' (' || dataset || '): read ' || rows_read || ', loaded ' || rows_loaded || ', superseded '
        || rows_superseded || ', duplicate ' || rows_duplicate || ', quarantined ' || rows_quarantined
        || '; raw.' || dataset || ' holds ' || coalesce(counted.rows, 0)
    from quality.files left join counted using (file_id)
    where verdict = 'loaded' and (
        rows_read <> rows_loaded + rows_superseded + rows_duplicate + rows_quarantined
        or coalesce(counted.rows, 0) <> rows_loaded + rows_superseded + rows_duplicate
        or coalesce(counted.loaded, 0) <> rows_loaded)
    order by all
"""


class Proof(NamedTuple):
    """What was looked at and found, in a sentence; `is_fine`: nothing has to be done."""

    is_fine: bool
    said: str


def prove_home(home: Path, jurisdiction: Path) -> Iterator[Proof]:
    """Every proof of the home, the warehouse first."""
    warehouse, candidate = home / "warehouse.duckdb", home / "build" / "candidate.duckdb"
    yield from _prove_publication(home)
    is_whole = False
    for path, remedy in ((warehouse, REBUILD), (candidate, DISCARD)):
        if path.exists():
            proof = _prove_file(path, remedy)
            is_whole = is_whole or (path == warehouse and proof.is_fine)
            yield proof
    yield from _prove_backup(home)
    yield _prove_key(home)
    if is_whole:
        with read_published(warehouse) as connection:
            yield from _prove_ledger(connection, home / "exports", jurisdiction)
            yield _prove_rows(connection)
            yield from (_prove_figures(connection, period) for period in list_periods(connection))
            for draft in sorted(path for path in (home / "bulletins").glob("[!.]*") if path.is_dir()):
                yield _prove_draft(connection, draft, home, jurisdiction)
    for version in [v for period in sorted((home / "releases").glob("*")) for v in list_versions(period)]:
        yield _prove_release(version)
    yield from _prove_history(home)


def _prove_publication(home: Path) -> Iterator[Proof]:
    journal = home / "build" / "publication.json"
    if journal.exists():
        yield Proof(False, words("proof.cut_short", path=journal))
    if not (home / "warehouse.duckdb").exists():
        yield Proof(False, words("proof.missing", path=home / "warehouse.duckdb"))


def _prove_file(path: Path, remedy: str) -> Proof:
    try:
        with told_as_damage(path, remedy), duckdb.connect(str(path), read_only=True) as connection:
            return Proof(True, words("proof.blocks", path=path, n=read_all(connection)))
    except Damaged as error:
        return Proof(False, str(error))
    except duckdb.IOException as error:  # a run writes into it
        return Proof(False, words("proof.unopened", path=path, reason=str(error).splitlines()[0]))


def _prove_backup(home: Path) -> Iterator[Proof]:
    folder = home / "backup"
    remedy = words("proof.written_again")
    try:
        altered = find_altered(folder)
    except ValueError as error:
        yield Proof(False, f"{error}; {remedy}")
        return
    for name in altered:
        path = (folder / name).resolve()
        if path != (home / "warehouse.duckdb").resolve():
            yield Proof(False, words("proof.altered", path=path, remedy=remedy))
        elif path.is_file():
            yield Proof(False, words("proof.written_into", path=path, remedy=REBUILD))
    if not altered and (folder / FILES[-1]).exists():
        yield Proof(True, words("proof.kept", path=folder))


def _prove_key(home: Path) -> Proof:
    try:
        check_key(home)
    except Damaged as error:
        return Proof(False, str(error))
    return Proof(True, words("proof.key"))


def _prove_ledger(connection: duckdb.DuckDBPyConnection, exports: Path, jurisdiction: Path) -> Iterator[Proof]:
    ledger = connection.execute(
        "select path, any_value(sha256), sum(rows_loaded) from quality.files where verdict = 'loaded' "
        "group by path order by path"
    ).fetchall()
    try:
        # a claim has the name that the ledger holds: masked where a part of it may name a person
        there = {claim.name: claim.file for claim in claim_files(exports, load_sources(jurisdiction))}
    except MappingError as error:
        yield Proof(False, words("proof.no_ledger", path=exports, reason=error))
        return
    agreeing = 0
    for name, sha256, rows in ledger:
        if name not in there:
            yield Proof(
                False,
                words("proof.gone", path=exports / name, n=rows),
            )
            continue
        try:
            if hash_file(there[name].path, there[name].member) == sha256:
                agreeing += 1
                continue
            key, reason = "changed", ""
        except (Refused, OSError) as error:
            key, reason = "unreadable", str(error)
        yield Proof(False, words(f"proof.{key}", path=exports / name, reason=reason))
    waiting = len(there.keys() - {name for name, _, _ in ledger})
    rest = words("proof.waiting", n=waiting) if waiting else ""
    yield Proof(True, words("proof.ledger", path=exports, n=agreeing, total=len(ledger)) + rest)


def _prove_rows(connection: duckdb.DuckDBPyConnection) -> Proof:
    datasets = [
        name
        for (name,) in connection.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
    ]
    counts = " union all ".join(
        "select _file_id as file_id, count(*) as rows, count(*) filter (_state = 'loaded') as loaded "
        f"from raw.{name} group by all"
        for name in datasets
    )
    wrong = [said for (said,) in connection.execute(_UNCONSERVED.format(counts=counts)).fetchall()]
    if wrong:
        return Proof(False, words("proof.rows_lost", rows=_list(wrong), remedy=REBUILD))
    return Proof(True, words("proof.rows"))


def _prove_figures(connection: duckdb.DuckDBPyConnection, period: str) -> Proof:
    rows = count_rows(connection, period)
    differences = [str(difference).splitlines()[0] for difference in find_differences(connection, period)]
    if differences:
        return Proof(
            False,
            words(
                "proof.figures_differ",
                period=period,
                n=len(differences),
                total=rows,
                figures=_list(differences),
                remedy=REBUILD,
            ),
        )
    return Proof(True, words("proof.figures", period=period, n=rows))


def _prove_draft(connection: duckdb.DuckDBPyConnection, draft: Path, home: Path, jurisdiction: Path) -> Proof:
    remedy = words("proof.rendered_again", period=draft.name)
    with tempfile.TemporaryDirectory(prefix="tongbao-check-") as fresh:
        try:
            findings = verify_folder(connection, draft, jurisdiction, Path(fresh), home / "releases" / draft.name)
        except (*MISTAKES, ValueError, OSError) as error:
            return Proof(False, words("proof.draft_unread", path=draft, reason=error, remedy=remedy))
    # the first finding of each file
    faults = {finding.file: str(finding) for finding in reversed(findings)}
    if faults:
        return Proof(
            False, words("proof.draft_differs", path=draft, faults=_list([*reversed(faults.values())]), remedy=remedy)
        )
    return Proof(True, words("proof.draft", path=draft))


def _prove_release(version: Path) -> Proof:
    if altered := list_alterations(version):
        return Proof(False, words("proof.release_altered", path=version, files=_list(altered)))
    return Proof(True, words("proof.release", path=version))


def _prove_history(home: Path) -> Iterator[Proof]:
    damaged = [*find_damaged(home, every=True)]
    for path, reason in damaged:
        yield Proof(False, words("proof.history_damaged", path=path, reason=reason))
    if not damaged:
        yield Proof(True, words("proof.history", path=home / "dagster", version=sqlite3.sqlite_version))


def _list(parts: list[str]) -> str:
    rest = words("proof.more", n=len(parts) - _SHOWN) if len(parts) > _SHOWN else ""
    return words("proof.comma").join(parts[:_SHOWN]) + rest
