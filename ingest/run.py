"""The order of the verbs: claim, pick, decode, compare, conform, load, quarantine, settle, ledger, drift.

How each verb works stands in its own module; the order, the batches and what is skipped stand here. It hands on
a `Report` of what the run found.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest import privacy
from ingest.jurisdiction import load_reference
from ingest.landing.claim import SYNTHETIC_MARKER, Claim, claim
from ingest.landing.pick import Again, Picked, pick
from ingest.landing.unpack import Waiting
from ingest.ledger import drift
from ingest.ledger import files as ledger
from ingest.mapping.contract import load_contracts, load_sources
from ingest.reading.batches import Alike, Failed, in_batches
from ingest.reading.compare import shown_header
from ingest.reading.decode import Decoded, Refused
from ingest.rows import load as loading
from ingest.rows import quarantine
from ingest.rows.conform import Batch, define_macros
from ingest.rows.set_aside import set_aside
from ingest.rows.settle import settle

Progress = Callable[[int, int, str], None]


@dataclass
class Report:
    """What a run found: counts of files, and per dataset of rows; the lists name file and reason.

    `new_files` were read, of which `read_again` had been read before with the same bytes. `waiting` are still being
    written and no error: the next run takes them.
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
    """Bring every new or changed export under `exports` into the warehouse of `connection`; raises MappingError.

    `progress` is called with (bytes done, bytes in all, file name). A file that can't be taken is entered as refused.
    Read again are files whose contract, mapping or pseudonym key changed; with `again` also those with quarantined
    records, or all. With `datasets`, files of other datasets are left as they are. `unpublished`: paths of loaded
    files whose rows no reader has seen; if such a file no longer lies in `exports`, its rows are removed.
    """
    ledger.create(connection)
    loading.create(connection)
    load_reference(connection, jurisdiction)
    define_macros(connection)
    privacy.define_macros(connection)
    key = privacy.pseudonym_key(home)
    privacy.bind_key(connection, key)
    connection.execute("create or replace temp table touched (dataset varchar, key_hash uinteger, file_id integer)")
    datasets = frozenset(load_contracts()) if datasets is None else datasets
    ledger.forget_unloaded(connection, datasets)

    sources = load_sources(jurisdiction)
    claims = [c for c in claim(exports, sources) if c.export is None or c.export.dataset in datasets]
    mappings = {id(e): ledger.mapping_hash(s.source, e, privacy.key_mark(key)) for s in sources for e in s.exports}
    picked = pick(claims, ledger.known(connection, datasets), mappings, again, unpublished)
    loading.remove(connection, [*picked.leaving, *picked.gone])
    ledger.note_stale(connection, picked.stale, datasets)
    is_synthetic = (exports / SYNTHETIC_MARKER).exists()
    run = _Run(connection, run_id, is_synthetic, ledger.next_file_id(connection), picked, mappings)
    run.report = Report(len(claims), len(picked.new), picked.read_again)
    for found in picked.unread:
        run.leave(found)
    # a batch holds files of one export
    new = sorted(picked.new, key=lambda c: (c.export.dataset, c.source.source, mappings[id(c.export)], c.name))
    total, done = sum(c.found.size for c in new), 0
    first_new = run.file_id
    with tempfile.TemporaryDirectory(dir=home / "build", prefix="decoded-") as scratch:
        for found in in_batches(new, Path(scratch)):
            if isinstance(found, Failed):
                run.fail(found)
                continue
            run.take(run.batch(found))
            done += sum(f.claim.found.size for f in found.files)
            for file in found.files:
                file.path.unlink()
            progress(done, total, found.files[-1].claim.name)
    for dataset, contract in load_contracts().items():
        if dataset in run.report.rows_read or run.is_touched(dataset):
            settle(connection, contract, first_new)
    ledger.forget_read_again(connection)
    ledger.forget_gone(connection, picked.gone)
    ledger.count(connection)
    drift.find(connection, {mappings[id(e)]: e for s in sources for e in s.exports})
    return run.report


class _Run:
    """One run's ledger entries and report, while its files are taken."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        run_id: str,
        is_synthetic: bool,
        file_id: int,
        picked: Picked,
        mappings: dict[int, str],
    ) -> None:
        self.connection, self.run_id, self.is_synthetic, self.file_id = connection, run_id, is_synthetic, file_id
        self.hashes, self.leaving, self.mappings = picked.hashes, picked.leaving, mappings
        self.report = Report()

    def batch(self, alike: Alike) -> Batch:
        """The files with ids of the ledger."""
        first_id, first = self.file_id, alike.files[0].claim
        self.file_id += len(alike.files)
        contract = load_contracts()[first.export.dataset]
        return Batch(contract, first.export, first.source.source, alike.layout, tuple(alike.files), first_id)

    def take(self, batch: Batch) -> None:
        """Load what conforms of one batch, and judge the rest; by halves where DuckDB can't read it."""
        try:
            loading.append(self.connection, batch)
        except Refused as refused:
            if len(batch.files) == 1:
                self.refuse(batch.files[0].claim, str(refused), batch.files[0])
            else:
                middle = len(batch.files) // 2
                self.take(replace(batch, files=batch.files[:middle]))
                self.take(replace(batch, files=batch.files[middle:], first_id=batch.first_id + middle))
            return
        set_aside(self.connection, batch)
        refused = []
        self.connection.begin()  # all entries in one commit: each takes milliseconds
        for file, file_id, judgement in zip(
            batch.files, batch.ids, quarantine.judge(self.connection, batch), strict=True
        ):
            if judgement.refusal:
                refused.append(file_id)
                self.refuse(file.claim, judgement.refusal, file, file_id)
                continue
            self.enter(
                ledger.Entry(
                    file.claim, self.hashes[file.claim.name], "loaded", None, file.encoding, batch.layout.header,
                    batch.layout.unknown, file.records, judgement.quarantined, self.mappings[id(batch.export)],
                ),
                file_id,
            )  # fmt: skip
        self.connection.commit()
        quarantine.keep(self.connection, batch, self.run_id)
        loading.take_back(self.connection, batch, refused)
        read = self.report.rows_read
        read[batch.contract.dataset] = read.get(batch.contract.dataset, 0) + sum(f.records for f in batch.files)

    def fail(self, failed: Failed) -> None:
        # a file whose old rows have gone already can't wait: without it nothing may be published
        if isinstance(failed.problem, Waiting) and failed.claim.name not in self.leaving:
            self.leave(replace(failed.claim, problem=str(failed.problem), verdict="waiting"))
        else:
            self.refuse(failed.claim, str(failed.problem), failed.decoded)

    def leave(self, found: Claim) -> None:
        """Enter a file that isn't read, under the verdict of its claim."""
        getattr(self.report, found.verdict).append((found.name, found.problem))
        self.enter(ledger.Entry(found, self.hashes[found.name], found.verdict, found.problem))

    def refuse(self, found: Claim, reason: str, file: Decoded | None = None, file_id: int | None = None) -> None:
        rows = file.records if file else 0
        self.report.refused.append((found.name, reason))
        entry = ledger.Entry(
            found, self.hashes[found.name], "refused", reason, file.encoding if file else None,
            shown_header(file.header, load_contracts()[found.export.dataset], found.export) if file else (), (),
            rows, rows, self.mappings[id(found.export)],
        )  # fmt: skip
        self.enter(entry, file_id)

    def enter(self, entry: ledger.Entry, file_id: int | None = None) -> None:
        if file_id is None:
            file_id, self.file_id = self.file_id, self.file_id + 1
        ledger.record(self.connection, file_id, entry, run_id=self.run_id, is_synthetic=self.is_synthetic)

    def is_touched(self, dataset: str) -> bool:
        return bool(self.connection.execute("select 1 from touched where dataset = $1 limit 1", [dataset]).fetchone())
