"""Finds how exports depart from what their source usually sends: columns, new values, unusual volumes.

It compares all files of the ledger with each other and writes `quality.drift` anew in every run, so the order of
arrival can't matter. The contract says which kind of departure is accepted, reported or refused. Single records are
judged in `rows`, not here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from duckdb import DuckDBPyConnection

from ingest.mapping.contract import SOURCE_COLUMN, Column, Contract, Export
from ingest.mapping.load import load_contracts
from ingest.masks import create_listed_names
from ingest.reading.compare import list_ignored, list_spellings

_RECENT_DAYS = 7  # a value is new while no file older than this many days before its source's newest file holds it
_HISTORY_DAYS = 30  # new values are reported only for sources with files over more days than this
_FEW = 100  # a column with more distinct values than this in a source is free text: new values are normal
_BAND = (0.3, 3)  # rows of a daily file as multiples of the median of earlier days of the same kind
_LIKE_DAYS, _LEAST_DAYS, _LEAST_ROWS, _WATCHED_DAYS = 20, 10, 20, 90

_FIRST = "min_by(path, (covers_until, path)), count(*)"


def find_drift(connection: DuckDBPyConnection, exports: dict[str, Export]) -> None:
    """Write `quality.drift` anew, a row a departure; needs `reference.calendar`. `exports`: mapping hash -> export."""
    connection.execute("delete from quality.drift")
    departures = [*_compare_columns(connection, exports), *_compare_types(connection)]
    contracts = load_contracts()
    create_listed_names(connection)
    watched = [contracts[dataset] for dataset in _list_with_history(connection)]
    departures += _find_new_values(connection, [c for c in watched if c.drift.new_value != "accept"])
    departures += _compare_volumes(connection, exports)
    rows = []
    for source, dataset, kind, column, what, path, files in sorted(departures, key=repr):
        verdict = getattr(contracts[dataset].drift, kind)
        if kind == "missing" and (contracts[dataset].columns[column].required or column in contracts[dataset].key):
            verdict = "refuse"
        rows.append((source, dataset, kind, column, what, path, files, verdict))
    if rows:
        connection.executemany("insert into quality.drift values (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _compare_columns(connection: DuckDBPyConnection, exports: dict[str, Export]) -> Iterator[tuple]:
    """Compare headers with the one that most loaded files of the same export have."""
    variants = defaultdict(list)
    for mapping, *variant in connection.execute(f"""
        select mapping_hash, header, count(*) filter (verdict = 'loaded'), source, dataset, {_FIRST}
        from quality.files where verdict in ('loaded', 'refused') and header <> '' and mapping_hash is not null
        group by mapping_hash, header, source, dataset order by mapping_hash, header
    """).fetchall():
        variants[mapping].append(variant)
    for mapping, headers in variants.items():
        if mapping not in exports:
            continue
        ignored = list_ignored(exports[mapping])
        columns = list_spellings(load_contracts()[exports[mapping].dataset], exports[mapping])
        usual = {columns[c]: c for c in max(headers, key=lambda variant: variant[1])[0].split("|") if c in columns}
        for header, _, source, dataset, path, files in headers:
            cells = [cell for cell in header.split("|") if cell]
            here = {columns[cell]: cell for cell in cells if cell in columns}
            departures = [
                *(("added", "", cell) for cell in cells if cell not in columns and cell not in ignored),
                *(("missing", name, cell) for name, cell in usual.items() if name not in here),
                *(("renamed", name, cell) for name, cell in here.items() if usual.get(name, cell) != cell),
            ]
            order, usual_order = [n for n in here if n in usual], [n for n in usual if n in here]
            moved = [name for name, before in zip(order, usual_order, strict=True) if name != before]
            if moved:
                departures.append(("reordered", moved[0], here[moved[0]]))
            yield from ((source, dataset, *departure, path, files) for departure in departures)


def _compare_types(connection: DuckDBPyConnection) -> list[tuple]:
    """Columns in which more than half of a file's records don't have the contract's type."""
    return connection.execute(f"""
        select source, dataset, 'retyped', column_name, rule, {_FIRST}
        from (
            select files.source, files.dataset, column_name, rule, files.path, files.covers_until
            from quality.quarantine as broken inner join quality.files as files using (file_id)
            where rule = 'unknown_code' or rule like 'not_a_%'
            group by files.source, files.dataset, column_name, rule, files.path, files.covers_until, files.rows_read
            having count(*) * 2 > files.rows_read
        )
        group by all
    """).fetchall()


def _list_with_history(connection: DuckDBPyConnection) -> list[str]:
    """Datasets that some source has sent for long enough that a new value is worth reporting."""
    datasets = connection.execute(f"""
        select distinct dataset from quality.files where verdict = 'loaded' group by dataset, source
        having max(covers_until) > min(covers_until) + {_HISTORY_DAYS} order by dataset
    """)
    return [row[0] for row in datasets.fetchall()]


def _find_new_values(connection: DuckDBPyConnection, contracts: list[Contract]) -> list[tuple]:
    """Values of codes, and of names with few values, that only the newest files of a source hold."""
    # all in one query, because planning the macro below takes longer than reading all rows of a small county
    seen = [
        f"""select _file_id, '{contract.dataset}' as dataset, '{name}' as name, {column.type == "code"} as is_code,
            cast({name} as varchar) as value, count(*) as rows
        from raw.{contract.dataset} where {name} is not null group by all"""
        for contract in contracts
        for name, column in contract.stored.items()
        if _has_few_values(name, column, contract)
    ]
    if not seen:
        return []
    return connection.execute(f"""
        with seen as ({" union all ".join(seen)}),
        spans as (
            select source, dataset, min(covers_until) as since, max(covers_until) as until
            from quality.files where verdict = 'loaded' group by source, dataset
        ),
        known as (
            select files.source, seen.dataset, seen.name, seen.is_code, seen.value,
                min(files.covers_until) as first_on, min_by(files.path, (files.covers_until, files.path)) as path,
                count(*) as files, sum(seen.rows) as rows
            from seen inner join quality.files as files on seen._file_id = files.file_id
            group by files.source, seen.dataset, seen.name, seen.is_code, seen.value
        ),
        counted as (select *, count(*) over (partition by source, dataset, name) as found from known)
        select source, dataset, 'new_value', name, case when is_code then value else shown_member(value, rows) end,
            path, files
        from counted inner join spans using (source, dataset)
        where found <= {_FEW} and first_on > until - {_RECENT_DAYS} and first_on > since + {_HISTORY_DAYS}
    """).fetchall()


def _has_few_values(name: str, column: Column, contract: Contract) -> bool:
    is_name = column.type == "text" and name.endswith(("_name", "_code")) and name not in contract.key
    # A row's source needs no watch: the folder declares all of them.
    return (column.type == "code" and name != SOURCE_COLUMN) or (is_name and not column.personal)


def _compare_volumes(connection: DuckDBPyConnection, exports: dict[str, Export]) -> list[tuple]:
    """Daily files with far fewer or more records than earlier days of the same kind (working days, other days)."""
    loaded = connection.execute("select file_id, path, mapping_hash from quality.files where verdict = 'loaded'")
    daily = [file_id for file_id, path, mapping in loaded.fetchall() if _is_daily(path, exports.get(mapping))]
    return connection.execute(
        f"""
        select source, dataset, 'volume', '',
            rows_read || ' 行，同类日期通常 ' || cast(usual as integer) || ' 行', path, 1
        from (
            select files.*, median(rows_read) over same_kind as usual, count(*) over same_kind as days,
                max(covers_until) over (partition by source, dataset) as last_on
            from quality.files as files inner join reference.calendar on covers_until = date_on
            where file_id in (select unnest($1))
            window same_kind as (
                partition by source, dataset, is_working_day
                order by covers_until, path rows between {_LIKE_DAYS} preceding and 1 preceding
            )
        )
        where days >= {_LEAST_DAYS} and usual >= {_LEAST_ROWS} and covers_until > last_on - {_WATCHED_DAYS}
            and rows_read / usual not between {_BAND[0]} and {_BAND[1]}
        """,
        [daily],
    ).fetchall()


def _is_daily(path: str, export: Export | None) -> bool:
    """Whether the file's path names a day, not only a month."""
    found = re.search(export.date_in_path, path) if export and export.date_in_path else None
    return bool(found and found.re.groups >= 3 and found[3])
