"""A batch: the decoded files that one SQL statement reads, with their contract, mapping and ledger ids.

`run.py` makes batches from groups of files. The modules that read and judge rows take a batch; it holds no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from ingest.mapping.contract import Contract, Export
from ingest.reading.compare import Layout
from ingest.reading.decode import Decoded


@dataclass(frozen=True)
class Batch:
    """Files of one export with one layout; their file ids are `first_id` and those after it, in order."""

    contract: Contract
    export: Export
    source: str
    layout: Layout
    files: tuple[Decoded, ...]
    first_id: int

    @property
    def ids(self) -> range:
        return range(self.first_id, self.first_id + len(self.files))

    @property
    def starts(self) -> list[int]:
        """For each file, how many records of the batch come before its first."""
        return list(accumulate((file.records for file in self.files[:-1]), initial=0))
