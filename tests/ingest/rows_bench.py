"""A warehouse in memory into which a test loads files of its own, without landing folder, ledger or jurisdiction.

`Bench.load` takes cells and returns the judgements on the files. The expectations are in the tests.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from ingest import privacy
from ingest.landing.claim import Claim
from ingest.landing.find import LandedFile
from ingest.ledger.files import LedgerEntry, create_quality_tables, record_file
from ingest.mapping.contract import Export, Source
from ingest.mapping.load import load_contracts
from ingest.reading.compare import compare_header
from ingest.reading.decode import Decoded
from ingest.rows.batch import Batch
from ingest.rows.changes import create_changes
from ingest.rows.conform import define_conform_macros
from ingest.rows.load import load_rows
from ingest.rows.quarantine import Judgement, judge_files, quarantine_records
from ingest.rows.raw_tables import create_raw_tables
from ingest.rows.set_aside import set_aside_rows
from ingest.rows.settle import settle_versions

Rows = list[list[str]]


@cache
def create_warehouse() -> duckdb.DuckDBPyConnection:
    """One for all tests: to create its tables takes longer than most tests."""
    connection = duckdb.connect()
    create_quality_tables(connection)
    create_raw_tables(connection)
    create_changes(connection)
    define_conform_macros(connection)
    privacy.define_privacy_macros(connection)
    privacy.bind_key(connection, b"a key of this test")
    return connection


@dataclass
class Bench:
    folder: Path
    connection: duckdb.DuckDBPyConnection = field(default_factory=create_warehouse)
    next_id: int = 1

    def __post_init__(self) -> None:
        self.connection.execute("drop table if exists quality.built")
        for schema, table in self.ask("select schema_name, table_name from duckdb_tables() where estimated_size > 0"):
            self.connection.execute(f"delete from {schema}.{table}")

    def load(
        self,
        dataset: str,
        header: list[str],
        *files: Rows,
        day: date | None = date(2022, 3, 31),
        edge: bool = False,
        wide: bool = False,
        end: str = "\n",
        **mapping: object,
    ) -> list[Judgement]:
        """Load `files`, one list of rows each, as one batch; `mapping`: fields of the export."""
        export = Export(dataset=dataset, files=["*"], **mapping)
        source = Source(source="desk", name="柜台", exports=[export])
        decoded = []
        for number, rows in enumerate(files, self.next_id):
            path = self.folder / f"{number}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *rows])
            if not end:
                path.write_bytes(path.read_bytes().rstrip(b"\n"))
            claim = Claim(LandedFile(path, f"desk/{number}.csv"), source, export, day)
            records = sum(bool(row) for row in rows)
            decoded.append(Decoded(claim, path, "utf-8", header, records, bool(end), edge, wide))
        contract = load_contracts()[dataset]
        layout = compare_header(header, contract, export)
        batch = Batch(contract, export, "desk", layout, tuple(decoded), self.next_id)
        self.next_id += len(files)
        set_aside = set_aside_rows(self.connection, batch, load_rows(self.connection, batch))
        judgements = judge_files(self.connection, batch, set_aside)
        quarantine_records(self.connection, batch, set_aside, "run")
        for file, file_id in zip(batch.files, batch.ids, strict=True):
            entry = LedgerEntry(file.claim, "", "loaded", rows_read=file.records)
            record_file(self.connection, file_id, entry, run_id="run", is_synthetic=False)
        return judgements

    def settle(self, dataset: str, new_from: int) -> list[int]:
        return sorted(settle_versions(self.connection, load_contracts()[dataset], new_from))

    def ask(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    def breaches(self) -> list[tuple]:
        """(file, record, column, rule) of everything in quarantine."""
        return self.ask("select file_id, record, column_name, rule from quality.quarantine order by all")
