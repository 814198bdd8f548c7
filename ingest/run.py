"""The order of the verbs: claim, pick, decode, compare, conform, load, quarantine, settle, ledger, drift.

How each verb works stands in its own module; the order, the batches and what is skipped stand here. It hands on
a `Report` of what the run found.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest import drift, ledger, privacy, quarantine
from ingest import load as loading
from ingest.aside import set_aside
from ingest.claim import SYNTHETIC_MARKER, Claim, claim
from ingest.compare import Layout, compare, shown_header
from ingest.conform import Batch, define_macros
from ingest.contract import Contract, load_contracts, load_sources
from ingest.decode import Decoded, Refused, decode
from ingest.jurisdiction import load_reference
from ingest.pick import Again, Picked, pick
from ingest.settle import settle
from ingest.unpack import Waiting

_BATCH_BYTES = 96 << 20
_AHEAD = 8
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
) -> Report:
    """Bring every new or changed export under `exports` into the warehouse of `connection`; raises MappingError.

    `progress` is called with (bytes done, bytes in all, file name). A file that can't be taken is entered as refused.
    Read again are files whose contract, mapping or pseudonym key changed; with `again` also those with quarantined
    records, or all.
    """
    ledger.create(connection)
    loading.create(connection)
    load_reference(connection, jurisdiction)
    define_macros(connection)
    privacy.define_macros(connection)
    key = privacy.pseudonym_key(home)
    privacy.bind_key(connection, key)
    connection.execute("create or replace temp table touched (dataset varchar, key_hash uinteger, file_id integer)")
    ledger.forget_unloaded(connection)

    sources = load_sources(jurisdiction)
    claims = claim(exports, sources)
    mappings = {id(e): ledger.mapping_hash(s.source, e, privacy.key_mark(key)) for s in sources for e in s.exports}
    picked = pick(claims, ledger.known(connection), mappings, again)
    loading.remove(connection, picked.leaving)
    ledger.note_stale(connection, picked.stale)
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
        for batch in run.batches(new, Path(scratch)):
            run.take(batch)
            done += sum(f.claim.found.size for f in batch.files)
            for file in batch.files:
                file.path.unlink()
            progress(done, total, batch.files[-1].claim.name)
    for dataset, contract in load_contracts().items():
        if dataset in run.report.rows_read or run.is_touched(dataset):
            settle(connection, contract, first_new)
    ledger.forget_read_again(connection)
    ledger.count(connection)
    drift.find(connection, {mappings[id(e)]: e for s in sources for e in s.exports})
    return run.report


def _ahead(claims: list[Claim], scratch: Path) -> Iterator[tuple[Claim, Decoded | None, Layout | Refused]]:
    """Each claim decoded and compared in a second thread, a few files ahead of those that DuckDB conforms."""

    def outcome(place: int) -> tuple[Decoded | None, Layout | Refused]:
        found, decoded, target = claims[place], None, scratch / f"{place}.csv"
        try:
            decoded = decode(found, target)
            return decoded, compare(decoded.header, load_contracts()[found.export.dataset], found.export)
        except Refused as problem:
            target.unlink(missing_ok=True)
            return decoded, problem

    with ThreadPoolExecutor(max_workers=1) as decoder:
        waiting = deque(decoder.submit(outcome, place) for place in range(min(_AHEAD, len(claims))))
        for place, found in enumerate(claims):
            if place + _AHEAD < len(claims):
                waiting.append(decoder.submit(outcome, place + _AHEAD))
            yield found, *waiting.popleft().result()


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

    def batches(self, claims: list[Claim], scratch: Path) -> Iterator[Batch]:
        """Decoded files of one export with one header, by at most `_BATCH_BYTES`; files that fail are refused."""
        waiting: list[Decoded] = []
        size, kind, layout = 0, None, None
        for found, decoded, its_layout in _ahead(claims, scratch):
            # a file whose old rows have gone already can't wait: without it nothing may be published
            if isinstance(its_layout, Waiting) and found.name not in self.leaving:
                self.leave(replace(found, problem=str(its_layout), verdict="waiting"))
                continue
            if isinstance(its_layout, Refused):
                self.refuse(found, str(its_layout), decoded)
                continue
            its_kind = (id(found.export), its_layout.header)
            its_size = decoded.path.stat().st_size
            if waiting and (its_kind != kind or size + its_size > _BATCH_BYTES):
                yield self.batch(waiting, layout)
                waiting, size = [], 0
            waiting.append(decoded)
            kind, layout, size = its_kind, its_layout, size + its_size
        if waiting:
            yield self.batch(waiting, layout)

    def batch(self, files: list[Decoded], layout: Layout) -> Batch:
        first_id, first = self.file_id, files[0].claim
        self.file_id += len(files)
        contract: Contract = load_contracts()[first.export.dataset]
        return Batch(contract, first.export, first.source.source, layout, tuple(files), first_id)

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
        quarantine.keep(self.connection, batch, self.run_id)
        loading.take_back(self.connection, batch, refused)
        read = self.report.rows_read
        read[batch.contract.dataset] = read.get(batch.contract.dataset, 0) + sum(f.records for f in batch.files)

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
