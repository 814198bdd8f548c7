"""Reads where a bulletin's figures come from: input files, what became of their rows, sizes of the facts, checks.

It takes a connection and the first day of the period and returns `Provenance`; the same warehouse and period give the
same value. load.py reads the figures; reports/document decides how a document shows them.
"""

from dataclasses import dataclass
from datetime import date

import duckdb

_CHECK_COLUMNS = "asset, check_name, is_passed, severity"
_SUMS = "sum(rows_read), sum(rows_loaded), sum(rows_superseded), sum(rows_duplicate), sum(rows_quarantined)"


@dataclass(frozen=True, slots=True)
class InputFile:
    path: str
    sha256: str
    source: str
    dataset: str
    covers_until: date | None
    rows_read: int
    rows_loaded: int


@dataclass(frozen=True, slots=True)
class Intake:
    """What one source delivered of one dataset: files, and its rows by what became of them."""

    source_name: str
    dataset: str
    file_count: int
    rows_read: int
    rows_loaded: int
    rows_superseded: int
    rows_duplicate: int
    rows_quarantined: int


@dataclass(frozen=True, slots=True)
class Check:
    check_name: str
    asset: str
    passed: bool
    severity: str


@dataclass(frozen=True)
class Provenance:
    """All loaded files; intake of those that cover a day of the period or later; rows of the fact tables; checks.

    `accepted`: (check, finding, reason, who) of each finding that a person accepted; `tuned`: (check, change, reason)
    of each check that the jurisdiction changes.
    """

    files: tuple[InputFile, ...]
    intakes: tuple[Intake, ...]
    refused: tuple[tuple[str, str], ...]  # path and reason
    fact_rows: dict[str, int]
    checks: tuple[Check, ...]
    accepted: tuple[tuple[str, str, str, str], ...] = ()
    tuned: tuple[tuple[str, str, str], ...] = ()


def load(connection: duckdb.DuckDBPyConnection, starts_on: date) -> Provenance:
    """Reads quality.files, quality.checks where it exists, and the sizes of marts.fct_*."""
    files = connection.execute(
        "select path, sha256, source, dataset, covers_until, rows_read, rows_loaded"
        " from quality.files where verdict = 'loaded' order by path, dataset"
    ).fetchall()
    intakes = connection.execute(
        f"select coalesce(any_value(s.name), f.source), f.dataset, count(*), {_SUMS}"
        " from quality.files f left join reference.sources s on s.source = f.source"
        " where f.verdict = 'loaded' and (f.covers_until is null or f.covers_until >= ?)"
        " group by f.source, f.dataset order by min(s.precedence) nulls last, f.source, f.dataset",
        [starts_on],
    ).fetchall()
    refused = connection.execute(
        "select path, coalesce(reason, '') from quality.files where verdict in ('refused', 'unclaimed') order by path"
    ).fetchall()
    facts = connection.execute(
        "select table_name from information_schema.tables"
        " where table_schema = 'marts' and table_name like 'fct\\_%' escape '\\' order by table_name"
    ).fetchall()
    sizes = {name: connection.execute(f'select count(*) from marts."{name}"').fetchone()[0] for (name,) in facts}
    return Provenance(
        files=tuple(InputFile(*row) for row in files),
        intakes=tuple(Intake(*row[:3], *(int(n or 0) for n in row[3:])) for row in intakes),
        refused=tuple(refused),
        fact_rows=sizes,
        checks=tuple(
            Check(name, asset, passed, severity)
            for asset, name, passed, severity in _rows(connection, "quality.checks", _CHECK_COLUMNS)
        ),
        accepted=_rows(connection, "quality.accepted", "check_name, finding, reason, accepted_by"),
        tuned=_rows(connection, "reference.check_tunings", "check_name, change, reason"),
    )


def _rows(connection: duckdb.DuckDBPyConnection, table: str, columns: str) -> tuple[tuple, ...]:
    """The rows of `table` in order; none where an older release's warehouse has no such table."""
    tables = "select 1 from duckdb_tables() where schema_name || '.' || table_name = $1"
    if not connection.execute(tables, [table]).fetchall():
        return ()
    return tuple(connection.execute(f"select {columns} from {table} order by all").fetchall())
