"""The exceptions that several rooms of `ingest` raise and catch.

`Refused` and `Waiting` are about one export file: the run records them and goes on. `MappingError` is about the
configuration: it ends the run. Each text tells the fault and what a person must do; the command prints it without a
traceback.
"""

from __future__ import annotations

from collections.abc import Iterable

Place = tuple[str | int, ...]
"""The way to a value in a YAML file: keys and, for items of a list, their index from 0."""


class Refused(Exception):
    """An export file that can't be loaded. The text continues a sentence that begins with the file's name."""


class Waiting(Refused):
    """An export file that is still being written: the next run reads it. The text says how that was noticed."""


class MappingError(ValueError):
    """A contract, mapping or jurisdiction file that can't be used: one line a fault, `path:line:column: …`."""


class Faults(ValueError):
    """What a model's validator found wrong: pairs of the place below that model, and the text for the person."""

    def __init__(self, faults: Iterable[tuple[Place, str]]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(text for _, text in self.faults))
