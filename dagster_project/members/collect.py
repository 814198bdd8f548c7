"""Takes the published figures of a province's member counties, as exports of the province.

`collect` takes the folder of the province and its landing folder. It reads each member's published warehouse and writes
`members/<code>_figures.csv` for each and `members/members.csv`, which says how each member stands; with a key also
`members/member_cases.csv`, the cases that several members report. A file whose content would be the same is left alone.
Figures that the member's own facts don't confirm are not taken. Ingest reads the files as it reads any other export.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb

from dagster_project.disk import replace_file
from dagster_project.gate.verdict import read_verdicts
from dagster_project.members.shared_cases import list_shared_cases, write_marks
from dagster_project.warehouse.damage import Damaged, read_published
from dagster_project.warehouse.release import read_release
from ingest.errors import MappingError
from ingest.jurisdiction.settings import load_jurisdiction
from ingest.mapping.load import load_contracts
from ingest.reading.compare import SYNTHETIC_HEADER
from reports.figures.load import is_synthetic
from reports.figures.registry import load as load_registry
from reports.proof.verify_figures import find_differences

FOLDER, SHARED = "members", "member_cases.csv"
_STATES = {code: label for label, code in load_contracts()["members"].columns["state"].codes.items()}
_FIGURES = """
    select figures.period, figure, dimension, member, coalesce(data_from_on, starts_on), figures.as_of_on,
        if(figures.is_complete, '是', '否'), numerator, denominator, value, previous_value, year_ago_value,
        {definition}
    from marts.figures as figures inner join marts.dim_periods using (period)
        inner join marts.figure_definitions using (figure)
    where list_contains($1, dimension) order by all
"""
_HAS_DEFINITION = """
    select 1 from duckdb_columns() where table_name = 'figure_definitions' and column_name = 'definition'
"""
_NEWEST = """
    select period from marts.dim_periods where is_complete and period in (select period from marts.figures)
    qualify row_number() over (partition by kind order by starts_on desc) = 1 order by period
"""


class Member(NamedTuple):
    """A county of the province: its region code, its name, its home and the folder of its configuration."""

    code: str
    name: str
    home: Path
    folder: Path


class State(NamedTuple):
    """How a member stood when it was read; the fields are those of the contract `members`."""

    county_code: str
    county_name: str
    list_order: int
    state: str
    covered_until: str | None
    release: str | None


def list_members(province: Path) -> list[Member]:
    """The members that jurisdiction.yaml lists, in its order; raises MappingError, also where two share a code."""
    members: list[Member] = []
    for place, entry in enumerate(load_jurisdiction(province).members):
        folder = (province / entry.jurisdiction).resolve()
        about = load_jurisdiction(folder)
        if about.code in (taken := {member.code: member.name for member in members}):
            raise MappingError(
                f"{province / 'jurisdiction.yaml'}: members.{place}: {about.name} has the code {about.code}, which is "
                f"that of {taken[about.code]} too; list each county once"
            )
        members.append(Member(about.code, about.name, (province / entry.home).resolve(), folder))
    return members


def collect(province: Path, exports: Path, key: bytes | None = None) -> list[State]:
    """Write the members' figures and their states into `exports`; returns the states. Raises MappingError.

    `key`: the province's, where its members share cases that it counts once.
    """
    members, target = list_members(province), exports / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    states, is_made_up = [], False
    with tempfile.TemporaryDirectory(prefix="tongbao-marks-") as folder:
        paths = [target / f"{member.code}_figures.csv" for member in members]
        # as many at once as build at once: counting figures again is many small questions, which keep one core busy
        with ThreadPoolExecutor(load_jurisdiction(province).members_at_once or 1) as pool:
            read = pool.map(partial(_read_member, key=key, marks=Path(folder)), members, paths)
            found = [*zip(members, paths, read, strict=True)]
        for place, (member, path, (state, covered_until, release, text)) in enumerate(found, start=1):
            if text is None:
                path.unlink(missing_ok=True)
            else:
                _write(path, text)
                is_made_up = is_made_up or SYNTHETIC_HEADER in text.partition("\n")[0]
            states.append(State(member.code, member.name, place, state, covered_until, release))
        shared_cases = list_shared_cases(Path(folder))
    if key or (target / SHARED).exists():  # rows of a file that is gone would stay, those of an empty one don't
        columns = tuple(load_contracts()["member_cases"].columns)
        _write(target / SHARED, _to_csv("member_cases", columns, shared_cases, is_made_up=is_made_up))
    wanted = {f"{member.code}_figures.csv" for member in members} | {"members.csv", SHARED}
    for stray in target.iterdir():
        if stray.name not in wanted:  # of a county that is no longer a member
            stray.unlink()
    rows = [[*state[:3], _STATES[state.state], *state[4:]] for state in states]
    _write(target / "members.csv", _to_csv("members", State._fields, rows, is_made_up=is_made_up))
    return states


def _read_member(
    member: Member, path: Path, *, key: bytes | None, marks: Path
) -> tuple[str, str | None, str | None, str | None]:
    """State, last day covered, release, and the text of its file; None where nothing can be taken."""
    published = member.home / "warehouse.duckdb"
    if not published.exists():
        return "unpublished", None, None, None
    try:
        with read_published(published) as connection:
            text = _export_figures(connection, member)
            covered = connection.execute("select cast(max(as_of_on) as varchar) from marts.figures").fetchone()[0]
            is_known = path.exists() and path.read_text(encoding="utf-8") == text
            if not is_known and any(_list_differences(connection)):
                return "unverified", covered, read_release(member.home), None
            if key:
                write_marks(connection, member.code, key, marks)
        last = next(reversed(read_verdicts(member.home)), None)
        is_blocked = last is not None and last.state in ("blocked", "failed")
        return "blocked" if is_blocked else "published", covered, read_release(member.home), text
    except (duckdb.Error, Damaged, OSError):
        return "unreadable", None, None, None


def _list_differences(connection: duckdb.DuckDBPyConnection) -> Iterator[object]:
    """Where the figures of the newest complete periods are not what the facts yield."""
    for (period,) in connection.execute(_NEWEST).fetchall():
        yield from find_differences(connection, period)


def _export_figures(connection: duckdb.DuckDBPyConnection, member: Member) -> str:
    """The figures of the whole county, and of dimensions whose members are the same in every county."""
    # as dbt/macros/registry.sql has it in dimensions_alike
    alike = [key for key, entry in load_registry().dimensions.items() if entry.members and key != "indicator"]
    # a release before this one did not say what it counts, so nothing of it can be added up
    definition = "definition" if connection.execute(_HAS_DEFINITION).fetchall() else "'earlier'"
    rows = connection.execute(_FIGURES.format(definition=definition), [alike]).fetchall()
    columns = load_contracts()["member_figures"].columns
    named = [(member.code, member.name, *row) for row in rows]
    return _to_csv("member_figures", tuple(columns), named, is_made_up=is_synthetic(connection))


def _to_csv(dataset: str, columns: tuple[str, ...], rows: list, *, is_made_up: bool) -> str:
    """The rows under the contract's own headers; made-up ones with the empty column that marks them."""
    contract, text = load_contracts()[dataset], io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    mark = [SYNTHETIC_HEADER] if is_made_up else []
    writer.writerow([*(contract.columns[name].header for name in columns), *mark])
    writer.writerows([*row, *([""] if mark else [])] for row in rows)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    with suppress(FileNotFoundError):
        if path.read_text(encoding="utf-8") == text:
            return
    replace_file(path, text)
