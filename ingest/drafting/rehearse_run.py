"""Loads all exports as a run would, into a warehouse in memory, and counts what finds what it refers to.

It takes the folder of a jurisdiction and the landing folder and returns a `Rehearsed`: refused files, files without a
date, joins, and codes that no mapping knows. No home is opened or made. Names that may be a person's are masked.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.drafting.draft_lists import draft_organisation, draft_region
from ingest.mapping.load import load_sources
from ingest.masks import COMMON
from ingest.run import Report, ingest

_YEAR = re.compile(r"(?<!\d)(19|20)\d{2}(?!\d)")
_CASE_KEY = "case when sources.case_no_scope = 'own' then sources.source || ':' || case_no else case_no end"
_CASES = f"""
    select distinct {_CASE_KEY} as case_key
    from raw.cases inner join reference.sources on source_system = sources.source where _state = 'loaded'
"""
# dataset -> the source whose cases its rows are about
_ABOUT_CASES = {"case_results": "source_system", "case_pauses": "source_system", "evaluations": "case_source"}
_LOADED_CASES = "from raw.cases where _state = 'loaded'"
# what a case refers to -> the name it gives, and the names that there are
_REFERENCES = {
    "item": ("item_code", "select item_code from raw.items where _state = 'loaded'", "item_code is not null"),
    "organisation": (
        "org_name",
        "select unnest([org_name, printed_name]) from reference.organisations",
        "org_name is not null",
    ),
    "town": (
        "coalesce(town_name, region_code)",
        "select unnest([region_code, region_name, printed_name]) from reference.regions "
        "where region_code not in (select code from reference.jurisdiction)",
        "venue = 'township' and coalesce(town_name, region_code) is not null",
    ),
}


@dataclass(frozen=True)
class Join:
    """`found` of `total` rows of `dataset` find their `target`; `missing`: (name or file, rows) of those that don't.

    `blank`: cases that name no target at all.
    """

    dataset: str
    target: str
    found: int
    total: int
    missing: tuple[tuple[str, int], ...]
    blank: int = 0


@dataclass(frozen=True)
class Rehearsed:
    """`files` and `rows` were read; `stopped`: (file, reason) that would stop a run, `spared`: the same of files that
    would not, because their source is optional or they are still being written.

    `undated`: (file, whether its name gives a year only); `joins` in order of dataset;

    `codes`: (source, dataset, header, value, rows) that no mapping knows; `lines`: file of the folder -> lines to add.
    """

    files: int
    rows: int
    stopped: list[tuple[str, str]]
    spared: list[tuple[str, str]]
    undated: list[tuple[str, bool]]
    joins: list[Join]
    codes: list[tuple[str, str, str, str | None, int]]
    lines: dict[str, list[str]]


def rehearse_run(folder: Path, exports: Path) -> Rehearsed:
    """Load the exports into memory and count; raises MappingError."""
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        (Path(scratch) / "build").mkdir()
        report = ingest(connection, folder, exports, Path(scratch), "rehearsal")
        joins = [
            *(_join_cases(connection, dataset, source) for dataset, source in _ABOUT_CASES.items()),
            *(_join_names(connection, target, *asked) for target, asked in _REFERENCES.items()),
        ]
        return Rehearsed(
            report.new_files,
            sum(report.rows_read.values()),
            *_sort_unread(report, connection, {s.source for s in load_sources(folder) if s.is_optional}),
            _list_undated(connection),
            [join for join in joins if join.total],
            connection.execute("""
                select files.source, files.dataset, bad.header, bad.value, count(*) from quality.quarantine as bad
                inner join quality.files as files on bad.file_id = files.file_id
                where bad.rule = 'unknown_code' group by all order by all
            """).fetchall(),
            _draft_lines(connection, joins),
        )


def _sort_unread(
    report: Report, connection: duckdb.DuckDBPyConnection, optional: set[str]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    sources = dict(connection.execute("select path, source from quality.files").fetchall())
    refused = [(path, f"would be refused: it {reason}") for path, reason in report.refused]
    stopped = [(path, reason) for path, reason in refused if sources[path] not in optional]
    return [*report.unclaimed, *stopped], [*report.waiting, *(one for one in refused if one not in stopped)]


def _list_undated(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, bool]]:
    query = "select path from quality.files where covers_until is null and source is not null order by path"
    return [(path, bool(_YEAR.search(path))) for (path,) in connection.execute(query).fetchall()]


def _join_cases(connection: duckdb.DuckDBPyConnection, dataset: str, source: str) -> Join:
    """Rows of a dataset about cases, by the case's key as the models make it; those that find none by file."""
    rows = f"""
        select path, case_key, case_key in (select case_key from ({_CASES})) as is_found from (
            select path, {_CASE_KEY} as case_key from raw.{dataset}
            inner join reference.sources on {source} = sources.source
            inner join quality.files on _file_id = file_id where _state = 'loaded'
        )
    """
    found, total = connection.execute(f"select count(*) filter (where is_found), count(*) from ({rows})").fetchone()
    missing = connection.execute(
        f"select path, count(*) from ({rows}) where not is_found group by 1 order by 2 desc, 1"
    ).fetchall()
    return Join(dataset, "case", found, total, tuple(missing))


def _join_names(connection: duckdb.DuckDBPyConnection, target: str, name: str, there: str, asked: str) -> Join:
    # A village's code begins with its town's nine digits, as in the models.
    by_code = f" or substr(region_code, 1, 9) in ({there})" if target == "town" else ""
    matches = f"coalesce({name} in ({there}){by_code}, false)"
    total, found, blank = connection.execute(f"""
        select count(*) filter (where {asked}), count(*) filter (where {asked} and ({matches})),
            count(*) filter (where {name} is null) {_LOADED_CASES}
    """).fetchone()
    missing = connection.execute(f"""
        select case when count(*) < {COMMON} and regexp_matches({name}, '[A-Za-z]{{3}}') then shape({name})
            else shown_word({name}) end, count(*) {_LOADED_CASES} and {asked} and not ({matches})
        group by {name} order by 2 desc, 1
    """).fetchall()
    if target == "item" and not connection.execute("select count(*) from raw.items").fetchone()[0]:
        return Join("cases", target, 0, 0, ())  # no catalogue was exported, so nothing is missing in it
    return Join("cases", target, found, total, tuple(missing), blank if target != "town" else 0)


def _draft_lines(connection: duckdb.DuckDBPyConnection, joins: list[Join]) -> dict[str, list[str]]:
    """Lines for organisations.csv and regions.csv, for each name that is missing there and surely no person's."""
    code = connection.execute("select code from reference.jurisdiction").fetchone()[0]
    towns = [row[0] for row in connection.execute("select printed_name from reference.regions").fetchall()]
    order = connection.execute("select coalesce(max(list_order), 0) from reference.regions").fetchone()[0]
    missing = {join.target: [name for name, _ in join.missing] for join in joins if join.dataset == "cases"}
    regions = [draft_region(name, code, order + place) for place, name in enumerate(missing["town"], 1)]
    organisations = [draft_organisation(name, [*towns, *missing["town"]]) for name in missing["organisation"]]
    drafted = {"regions.csv": regions, "organisations.csv": organisations}
    return {name: [line for line in lines if line] for name, lines in drafted.items() if any(lines)}
