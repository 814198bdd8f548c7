"""Records which columns the loaded files of each source supply, and for which days: `quality.supplied`.

It reads the ledger and the mappings, never a row: a column is supplied where a file's header, a constant or a
derivation gives it. It also writes the first day that each file covers into `quality.files`. Both are written anew in
every run. The models print no figure of days for which nothing supplies what the figure needs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from duckdb import DuckDBPyConnection

from ingest.landing.pick import MappingHashes
from ingest.mapping.contract import Contract, Derivation, Export
from ingest.mapping.load import load_contracts
from ingest.mapping.vocabulary import FROM_FILE
from ingest.reading.compare import list_spellings

Span = tuple[date | None, date | None]
"""First and last day, None where there is no bound."""

_MOST_DAYS_BETWEEN = 27  # weekends and holidays without a file don't interrupt a run of days, a whole month does
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def record_supply(connection: DuckDBPyConnection, mapping_hashes: MappingHashes) -> None:
    """Write `quality.supplied`, and `covers_from` of the loaded files in `quality.files`, anew."""
    by_hash = {text: export for (_, export), text in mapping_hashes.items()}
    by_source = {(source, export.dataset): export for source, export in mapping_hashes}
    spans: dict[tuple, list[Span]] = defaultdict(list)
    firsts: list[tuple[int, date | None]] = []
    for file_id, path, source, dataset, until, header, text in connection.execute(
        "select file_id, path, source, dataset, covers_until, header, mapping_hash from quality.files "
        "where verdict = 'loaded' order by file_id"
    ).fetchall():
        # a file that is gone can't be read again when its mapping changes: the present mapping describes it best
        export = by_hash.get(text) or by_source.get((source, dataset)) or Export(dataset=dataset, files=["*"])
        first = find_first_day(path, until, export)
        firsts.append((file_id, first))
        is_timeless = load_contracts()[dataset].is_timeless
        spans[source, export, header].append((None, None) if is_timeless else (first, until))
    connection.execute(
        "update quality.files set covers_from = found.first_on "
        "from (select unnest($1::integer[]) as file_id, unnest($2::date[]) as first_on) as found "
        "where files.file_id = found.file_id",
        [[file_id for file_id, _ in firsts], [first for _, first in firsts]],
    )
    supplied: dict[tuple, list[Span]] = defaultdict(list)
    for (source, export, header), days in spans.items():
        columns = list_supplied(load_contracts()[export.dataset], export, header.split("|"))
        for column, constant in columns.items():
            supplied[source, export.dataset, column, constant] += merge_spans(days)
    rows = [(*key, *span) for key, days in supplied.items() for span in merge_spans(days)]
    connection.execute("delete from quality.supplied")
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.execute(
            "insert into quality.supplied select unnest($1::varchar[]), unnest($2::varchar[]), unnest($3::varchar[]), "
            "unnest($4::varchar[]), unnest($5::date[]), unnest($6::date[]) order by all",
            columns,
        )


def find_first_day(path: str, until: date | None, export: Export) -> date | None:
    """The first day that a file's rows cover; None if they cover all days before, or if the file has no date."""
    if until is None or export.covers == "all":
        return None
    found = re.search(export.date_in_path, path) if export.date_in_path else None
    has_month_only = bool(found) and (*found.groups(), None)[2] is None
    unit = export.covers if export.covers not in (None, "day") else "month" if has_month_only else "day"
    if unit == "day":
        return until
    return date(until.year, until.month - (until.month - 1) % _MONTHS[unit], 1)


def list_supplied(contract: Contract, export: Export, header: Iterable[str]) -> dict[str, str | None]:
    """Stored column that a file with `header` supplies -> the one value that all its rows have, None if they differ."""
    spellings = list_spellings(contract, export)
    given = {spellings[cell] for cell in header if cell in spellings} | {"source_system"}
    given |= {name for name, column in contract.columns.items() if column.default is not None}
    # where only lookups give a column, its values are those of the lookups: 税务 → 县税务局 → hall
    values = {name: {value} for name, value in export.constants.items()}
    for name, derivation in export.derived.items():
        if not {*derivation.parts} <= given | values.keys() | {*FROM_FILE}:
            continue
        found = _look_up(derivation, values.get(derivation.parts[0]))
        if name in given or found is None:
            given.add(name)
        else:
            values[name] = found
    one = {name: next(iter(found)) for name, found in values.items() if len(found) == 1}
    return {name: one.get(name) for name in contract.stored if name in given or name in values}


def _look_up(derivation: Derivation, values: set[str] | None) -> set[str] | None:
    """What a derivation can give, from `values` or from any value; None if it has no lookup."""
    if not isinstance(derivation.lookup, dict):
        return None
    keys = derivation.lookup.keys() if values is None or derivation.pattern else values
    return {derivation.lookup[key] for key in keys if key in derivation.lookup}


def merge_spans(spans: list[Span]) -> list[Span]:
    """The spans in order, those that overlap or lie close together made one."""
    merged: list[Span] = []
    for first, last in sorted(spans, key=lambda span: (span[0] or date.min, span[1] or date.max)):
        if merged and _reaches(merged[-1][1], first):
            before = merged[-1]
            last = None if last is None or before[1] is None else max(last, before[1])
            merged[-1] = (before[0], last)
        else:
            merged.append((first, last))
    return merged


def _reaches(last: date | None, first: date | None) -> bool:
    return last is None or first is None or first - last <= timedelta(days=_MOST_DAYS_BETWEEN + 1)
