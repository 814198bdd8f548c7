"""Tries each mapping on the exports that are there, in a warehouse in memory.

It takes the sources and the landing folder and yields one `Rehearsal` an export: the columns found and missing, the
rows that would be quarantined, and why the file would be refused. The real warehouse isn't opened and nothing is
written. `tongbao check` prints the result.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from ingest import privacy
from ingest.errors import Refused
from ingest.landing.claim import Claim, claim_files
from ingest.mapping.contract import SOURCE_COLUMN, Contract, Export, Source
from ingest.mapping.load import load_contracts
from ingest.masks import kind_of
from ingest.reading.compare import compare_header
from ingest.reading.decode import decode_file
from ingest.rows.batch import Batch
from ingest.rows.conform import define_conform_macros
from ingest.rows.load import load_rows
from ingest.rows.quarantine import judge_files
from ingest.rows.raw_tables import create_raw_tables
from ingest.rows.set_aside import SetAside, set_aside_rows
from ingest.sql import map_values

_SHOWN = 8


@dataclass(frozen=True)
class Rehearsal:
    """One export, and the file of it that was tried.

    `found` and `missing`: canonical columns (a personal column is never missing); `unknown`: headers; `derived`: column
    -> rows whose value was derived; `set_aside`: (header, rule, value, rows) of the commonest rows that don't conform;
    `refusal`: why the file would be refused whole.
    """

    source: Source
    export: Export
    files: int = 0
    tried: str | None = None
    rows: int = 0
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    derived: dict[str, int] = field(default_factory=dict)
    set_aside: tuple[tuple[str, str, str | None, int], ...] = ()
    refusal: str | None = None


def rehearse_mappings(
    sources: list[Source], exports: Path, *, every: bool = False, timezone: str = "Asia/Shanghai"
) -> Iterator[Rehearsal]:
    """Rehearse each export on its newest file (`every`: on each of its files)."""
    claims = claim_files(exports, sources)
    for source in sources:
        for export in source.exports:
            ours = [c for c in claims if c.export is export and not c.problem]
            ours.sort(key=lambda c: (str(c.covers_until or ""), c.name), reverse=True)
            if not ours:
                yield Rehearsal(source, export)
            for claim in ours if every else ours[:1]:
                yield replace(_try_file(claim, timezone), files=len(ours))


def _try_file(claim: Claim, timezone: str) -> Rehearsal:
    contract, export = load_contracts()[claim.export.dataset], claim.export
    rehearsal = Rehearsal(claim.source, export, tried=claim.name)
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        create_raw_tables(connection)
        define_conform_macros(connection, timezone)
        privacy.define_privacy_macros(connection)
        privacy.bind_key(connection, b"a rehearsal keeps nothing")
        try:
            decoded = decode_file(claim, Path(scratch) / "decoded.csv")
            layout = compare_header(decoded.header, contract, export)
            batch = Batch(contract, export, claim.source.source, layout, (decoded,), 1)
            malformed = load_rows(connection, batch)
        except Refused as refused:
            return replace(rehearsal, refusal=str(refused))
        set_aside = set_aside_rows(connection, batch, malformed)
        given = {SOURCE_COLUMN, *layout.positions, *export.constants, *export.derived, *export.absent}
        return replace(
            rehearsal,
            rows=decoded.records,
            found=tuple(layout.positions),
            missing=tuple(n for n, c in contract.stored.items() if n not in given and not c.personal),
            unknown=layout.unknown,
            derived=_count_derived(connection, export),
            set_aside=tuple(_list_commonest(connection, contract, set_aside)),
            refusal=judge_files(connection, batch, set_aside)[0].refusal,
        )


def _count_derived(connection: duckdb.DuckDBPyConnection, export: Export) -> dict[str, int]:
    counted = {}
    for name in export.derived:
        query = f"select count(*) from raw.{export.dataset} where list_contains(string_split(_derived, ','), $1)"
        counted[name] = connection.execute(query, [name]).fetchone()[0]
    return counted


def _list_commonest(
    connection: duckdb.DuckDBPyConnection, contract: Contract, set_aside: SetAside
) -> list[tuple[str, str, str | None, int]]:
    """The commonest breaches as (header, rule, cells, rows): each code by itself, of other columns three values.

    Cells are masked. Of text columns none is shown.
    """
    codes = [name for name, column in contract.stored.items() if column.type in ("code", "boolean")]
    headers = {name: column.header for name, column in contract.columns.items()}
    kinds = map_values("column_name", {name: kind_of(column.type) for name, column in contract.stored.items()})
    seen = f"shown(cell, {kinds}, 1)"  # each by itself: a sample is too small for codes to be common
    breaches = connection.execute(
        f"""
        select column_name, rule, count(*), case when starts_with(rule, 'not_a_') or label is not null
            then array_to_string(list_slice(list_sort(list(distinct coalesce(label, {seen}))), 1, 3), '、') end as cells
        from (
            select *,
                case when list_contains($codes, column_name) or rule = 'not_derived' then shown_word(cell) end as label
            from (
            select split_part(breach, ':', 1) as column_name, split_part(breach, ':', 2) as rule,
                _source_row[list_position($stored, split_part(breach, ':', 1))] as cell
            from (select _source_row, unnest(_broken) as breach from {set_aside.broken})
            union all
            select '', lower(replace(error_type, ' ', '_')), null from {set_aside.malformed}
            )
        )
        group by column_name, rule, label order by 3 desc, 1, 2, 4 limit {_SHOWN}
        """,
        {"codes": codes, "stored": [*contract.stored]},
    ).fetchall()
    return [(headers.get(name, name), rule, cell, count) for name, rule, count, cell in breaches]
