"""What a mapping makes of the exports that lie there, tried on a warehouse in memory that nobody sees.

Nothing is written, and no mapping is judged but by its files. It hands on one `Rehearsal` an export of a source.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from ingest import privacy
from ingest.landing.claim import Claim, claim
from ingest.ledger import files as ledger
from ingest.mapping.contract import Contract, Export, Source, load_contracts
from ingest.reading.compare import compare
from ingest.reading.decode import Refused, decode
from ingest.rows import load
from ingest.rows.conform import Batch, define_macros
from ingest.rows.quarantine import judge
from ingest.rows.set_aside import set_aside

_SHOWN = 8


@dataclass(frozen=True)
class Rehearsal:
    """One export, and the file of it that was tried.

    `found` and `missing`: canonical columns (personal ones are not missed); `unknown`: headers; `derived`: column ->
    rows whose value was derived; `set_aside`: (header, rule, value, rows) of the commonest rows that don't conform;
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


def rehearse(sources: list[Source], exports: Path, *, every: bool = False) -> Iterator[Rehearsal | Claim]:
    """A rehearsal of each export on its newest file (`every`: on each of its files), then the files nobody claims."""
    claims = claim(exports, sources)
    for source in sources:
        for export in source.exports:
            ours = [c for c in claims if c.export is export and not c.problem]
            ours.sort(key=lambda c: (str(c.covers_until or ""), c.name), reverse=True)
            if not ours:
                yield Rehearsal(source, export)
            for found in ours if every else ours[:1]:
                yield replace(_try(found), files=len(ours))
    yield from (c for c in claims if c.problem)


def _try(found: Claim) -> Rehearsal:
    contract = load_contracts()[found.export.dataset]
    rehearsal = Rehearsal(found.source, found.export, tried=found.name)
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        ledger.create(connection)
        load.create(connection)
        define_macros(connection)
        privacy.define_macros(connection)
        privacy.bind_key(connection, b"a rehearsal keeps nothing")
        try:
            decoded = decode(found, Path(scratch) / "decoded.csv")
            layout = compare(decoded.header, contract, found.export)
            batch = Batch(contract, found.export, found.source.source, layout, (decoded,), 1)
            load.append(connection, batch)
        except Refused as refused:
            return replace(rehearsal, refusal=str(refused))
        set_aside(connection, batch)
        given = {
            "source_system",
            *layout.positions,
            *found.export.constants,
            *found.export.derived,
            *found.export.absent,
        }
        return replace(
            rehearsal,
            rows=decoded.records,
            found=tuple(layout.positions),
            missing=tuple(n for n, c in contract.stored.items() if n not in given and not c.personal),
            unknown=layout.unknown,
            derived=_derived(connection, found.export),
            set_aside=tuple(_set_aside(connection, contract)),
            refusal=judge(connection, batch)[0].refusal,
        )


def _derived(connection: duckdb.DuckDBPyConnection, export: Export) -> dict[str, int]:
    counted = {}
    for name in export.derived:
        query = f"select count(*) from raw.{export.dataset} where list_contains(string_split(_derived, ','), $1)"
        counted[name] = connection.execute(query, [name]).fetchone()[0]
    return counted


def _set_aside(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[tuple[str, str, str | None, int]]:
    """The commonest rules broken, with the offending cell as quarantine would keep it: of codes only, others vary."""
    codes = [name for name, column in contract.stored.items() if column.type in ("code", "boolean")]
    headers = {name: column.header for name, column in contract.columns.items()}
    found = connection.execute(
        f"""
        select column_name, rule, count(*),
            case when list_contains($codes, column_name) or rule = 'not_derived' then shown(cell) end as said
        from (
            select split_part(broken, ':', 1) as column_name, split_part(broken, ':', 2) as rule,
                _source_row[list_position($stored, split_part(broken, ':', 1))] as cell
            from (select _source_row, unnest(_broken) as broken from aside)
            union all
            select '', lower(replace(error_type, ' ', '_')), null from malformed
        )
        group by all order by 3 desc, 1, 2, 4 limit {_SHOWN}
        """,
        {"codes": codes, "stored": [*contract.stored]},
    ).fetchall()
    return [(headers.get(name, name), rule, cell, count) for name, rule, count, cell in found]
