"""What a new bulletin knows of the released version that it replaces.

detail.py compares the values with the present figures. Reading them belongs to reports/release/revised.py, the table
that prints the changes to reports/document.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Revised:
    """A released version: its name (v1), its values by (figure, dimension, member), and why they are revised."""

    version: str
    values: dict[tuple[str, str, str], float | None]
    why: str = ""
