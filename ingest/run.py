"""The ingest stage: the order in which files are claimed, picked, decoded, loaded, judged and settled.

`ingest` takes a connection, a jurisdiction and a landing folder. It fills `raw`, `changes`, `quality` and `reference`
and returns a `Report`. How each step works is in its own module; this one holds the order and what becomes of a file
that a step refuses.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest import privacy
from ingest.errors import Refused, Waiting
from ingest.jurisdiction.reference import load_reference
from ingest.landing.claim import Claim, claim_files
from ingest.landing.find import SYNTHETIC_MARKER
from ingest.landing.pick import Again, MappingHashes, Selection, select_files
from ingest.ledger import files as ledger
from ingest.ledger.drift import find_drift
from ingest.ledger.supply import record_supply
from ingest.mapping.load import load_contracts, load_sources
from ingest.reading.batches import FileGroup, Unreadable, group_files
from ingest.reading.compare import mask_header_cells
from ingest.reading.decode import Decoded
from ingest.rows.batch import Batch
from ingest.rows.changes import create_changes
from ingest.rows.conform import define_conform_macros
from ingest.rows.load import delete_refused, load_rows, remove_files
from ingest.rows.quarantine import judge_files, quarantine_records
from ingest.rows.raw_tables import create_raw_tables
from ingest.rows.set_aside import set_aside_rows
from ingest.rows.settle import settle_versions

Progress = Callable[[int, int, str], None]


@dataclass
class Report:
    """What a run did: counts of files, rows read a dataset, and (file, reason) of each file that was not loaded.

    `new_files` were read; `read_again` of them had been loaded before with the same bytes. `waiting` files are still
    being written, which is no error: the next run reads them.
    """

    files: int = 0
    new_files: int = 0
    read_again: int = 0
    rows_read: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    unclaimed: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)


def ingest(
    connection: DuckDBPyConnection,
    jurisdiction: Path,
    exports: Path,
    home: Path,
    run_id: str,
    progress: Progress = lambda done, total, name: None,
    again: Again = "changed",
    datasets: frozenset[str] | None = None,
    unpublished: frozenset[str] = frozenset(),
) -> Report:
    """Load every new or changed export under `exports` into the warehouse of `connection`; raises MappingError.

    `progress` is called with (bytes done, bytes in all, file name). A file that can't be loaded is entered as refused.
    Files whose contract, mapping or pseudonym key changed are read again; `again` = "quarantined" adds those with
    quarantined records, "all" every file. With `datasets`, files of other datasets stay as they are. `unpublished`:
    paths of loaded files that no reader has seen; if such a file has left `exports`, its rows are removed.
    """
    _prepare_warehouse(connection, jurisdiction)
    key = privacy.read_key(home)
    privacy.bind_key(connection, key)
    datasets = frozenset(load_contracts()) if datasets is None else datasets
    ledger.delete_unloaded_entries(connection, datasets)

    sources = load_sources(jurisdiction)
    mapping_hashes: MappingHashes = {
        (source.source, export): ledger.hash_mapping(source.source, export, privacy.mark_key(key))
        for source in sources
        for export in source.exports
    }
    claims = [c for c in claim_files(exports, sources) if c.export is None or c.export.dataset in datasets]
    loaded = ledger.list_loaded_files(connection, datasets)
    selection = select_files(claims, loaded, mapping_hashes, again, unpublished)
    to_settle = remove_files(connection, [*selection.leaving, *selection.gone])
    ledger.mark_stale(connection, selection.stale, datasets)

    is_synthetic = (exports / SYNTHETIC_MARKER).exists()
    run = _Run(connection, run_id, is_synthetic, ledger.find_next_id(connection), selection, mapping_hashes)
    run.report = Report(len({c.name for c in claims}), len({c.name for c in selection.new}), selection.read_again)
    first_new_id = run.next_id
    for claim in selection.unread:
        run.enter_unread(claim)
    _load_files(run, selection.new, home / "build", progress)
    for dataset, contract in load_contracts().items():
        if dataset in to_settle or dataset in run.report.rows_read:
            file_ids = settle_versions(connection, contract, first_new_id)
            ledger.count_rows(connection, dataset, file_ids)
    ledger.delete_reread_entries(connection)
    ledger.delete_gone_entries(connection, selection.gone)
    find_drift(connection, {text: export for (_, export), text in mapping_hashes.items()})
    record_supply(connection, mapping_hashes)
    return run.report


def _prepare_warehouse(connection: DuckDBPyConnection, jurisdiction: Path) -> None:
    ledger.create_quality_tables(connection)
    create_raw_tables(connection)
    create_changes(connection)
    define_conform_macros(connection, load_reference(connection, jurisdiction).timezone)
    privacy.define_privacy_macros(connection)


def _load_files(run: _Run, new: list[Claim], build: Path, progress: Progress) -> None:
    """Decode and load `new`, in an order that puts the files of one export together."""
    new = sorted(new, key=lambda c: (c.export.dataset, c.source.source, run.hash_mapping(c), c.name))
    total, done = sum(claim.file.size for claim in new), 0
    if new:
        progress(0, total, new[0].name)
    with tempfile.TemporaryDirectory(dir=build, prefix="decoded-") as scratch:
        for group in group_files(new, Path(scratch)):
            if isinstance(group, Unreadable):
                run.enter_unreadable(group)
                continue
            run.load_batch(run.make_batch(group))
            done += sum(file.claim.file.size for file in group.files)
            for file in group.files:
                file.path.unlink()
            progress(done, total, group.files[-1].claim.name)


class _Run:
    """The ledger entries and the report of one run."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        run_id: str,
        is_synthetic: bool,
        next_id: int,
        selection: Selection,
        mapping_hashes: MappingHashes,
    ) -> None:
        self.connection, self.run_id, self.is_synthetic, self.next_id = connection, run_id, is_synthetic, next_id
        self.selection, self.mapping_hashes = selection, mapping_hashes
        self.report = Report()

    def make_batch(self, group: FileGroup) -> Batch:
        """The group's files with the next file ids."""
        first_id, first = self.next_id, group.files[0].claim
        self.next_id += len(group.files)
        contract = load_contracts()[first.export.dataset]
        return Batch(contract, first.export, first.source.source, group.layout, tuple(group.files), first_id)

    def load_batch(self, batch: Batch) -> None:
        """Load and judge the files of a batch; if DuckDB can't read one, halve the batch until that file is alone."""
        try:
            malformed = load_rows(self.connection, batch)
        except Refused as refused:
            if len(batch.files) == 1:
                self.enter_refused(batch.files[0].claim, str(refused), batch.files[0])
            else:
                middle = len(batch.files) // 2
                self.load_batch(replace(batch, files=batch.files[:middle]))
                self.load_batch(replace(batch, files=batch.files[middle:], first_id=batch.first_id + middle))
            return
        set_aside = set_aside_rows(self.connection, batch, malformed)
        judgements = judge_files(self.connection, batch, set_aside)
        refused_ids = []
        self.connection.begin()  # A commit takes milliseconds, so all entries share one.
        for file, file_id, judgement in zip(batch.files, batch.ids, judgements, strict=True):
            if judgement.refusal:
                refused_ids.append(file_id)
                self.enter_refused(file.claim, judgement.refusal, file, file_id)
            else:
                self.enter_loaded(batch, file, file_id, judgement.quarantined)
        self.connection.commit()
        quarantine_records(self.connection, batch, set_aside, self.run_id)
        delete_refused(self.connection, batch, refused_ids)
        rows_read = self.report.rows_read
        dataset = batch.contract.dataset
        rows_read[dataset] = rows_read.get(dataset, 0) + sum(file.records for file in batch.files)

    def enter_loaded(self, batch: Batch, file: Decoded, file_id: int, quarantined: int) -> None:
        entry = ledger.LedgerEntry(
            file.claim,
            self.selection.hashes[file.claim.name],
            "loaded",
            encoding=file.encoding,
            header=batch.layout.header,
            unknown=batch.layout.unknown,
            rows_read=file.records,
            rows_quarantined=quarantined,
            mapping_hash=self.hash_mapping(file.claim),
        )
        self.enter_file(entry, file_id, batch.layout.is_synthetic)

    def enter_unread(self, claim: Claim) -> None:
        """Enter a file that isn't read, under the verdict of its claim: unclaimed, waiting or refused."""
        getattr(self.report, claim.verdict).append((claim.name, claim.problem))
        self.enter_file(ledger.LedgerEntry(claim, self.selection.hashes[claim.name], claim.verdict, claim.problem))

    def enter_unreadable(self, file: Unreadable) -> None:
        # If the file's earlier rows are removed already, it can't wait: figures without them must not be published.
        if isinstance(file.problem, Waiting) and file.claim.key not in self.selection.leaving:
            self.enter_unread(replace(file.claim, problem=str(file.problem), verdict="waiting"))
        else:
            self.enter_refused(file.claim, str(file.problem), file.decoded)

    def enter_refused(self, claim: Claim, reason: str, file: Decoded | None = None, file_id: int | None = None) -> None:
        self.report.refused.append((claim.name, reason))
        contract = load_contracts()[claim.export.dataset]
        entry = ledger.LedgerEntry(
            claim,
            self.selection.hashes[claim.name],
            "refused",
            reason,
            encoding=file.encoding if file else None,
            header=mask_header_cells(file.header, contract, claim.export) if file else (),
            rows_read=file.records if file else 0,
            rows_quarantined=file.records if file else 0,
            mapping_hash=self.hash_mapping(claim),
        )
        self.enter_file(entry, file_id)

    def enter_file(self, entry: ledger.LedgerEntry, file_id: int | None = None, is_marked: bool = False) -> None:
        """Write the entry under `file_id`, or under the next free one; `is_marked`: the file says it is synthetic."""
        if file_id is None:
            file_id, self.next_id = self.next_id, self.next_id + 1
        is_synthetic = self.is_synthetic or is_marked
        ledger.record_file(self.connection, file_id, entry, run_id=self.run_id, is_synthetic=is_synthetic)

    def hash_mapping(self, claim: Claim) -> str:
        return self.mapping_hashes[claim.source.source, claim.export]
