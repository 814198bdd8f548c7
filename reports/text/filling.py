"""What the expressions of one text share: the period's figures, the marks of printed numbers, the names that exist.

`Filling` collects a `Mark` for each number that is printed. A name that doesn't exist raises a `Mistake`, which gives
the closest names. Which number an expression prints is decided in expressions.py.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from reports.figures.model import Figure, Figures

# Private-use characters: template.py refuses an office's text that holds them, and Markdown passes them on unchanged.
MARK_OPEN, MARK_TEXT, MARK_CLOSE = "\ue000", "\ue001", "\ue002"
# It is printed in place of a number that the period doesn't have; document/omissions.py leaves out its sentence.
ABSENT = "\ue005"


class Mistake(Exception):
    """A template names something that doesn't exist, or a figure without a value; template.py adds file and line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed number: the id of its row in marts.figures, which part (value, yoy, mom, …), the unrounded amount."""

    figure_id: str
    part: str
    value: float


@dataclass
class Filling:
    """What the objects of one text share: the period's figures, and the marks made so far."""

    figures: Figures
    marks: list[Mark] = field(default_factory=list)

    def mark(self, text: str, row: Figure, value: float, part: str = "value") -> str:
        """Adds a mark, and returns the text between mark characters that hold its index in `marks`."""
        self.marks.append(Mark(row.id, part, value))
        return f"{MARK_OPEN}{len(self.marks) - 1}{MARK_TEXT}{text}{MARK_CLOSE}"


def require_name(name: str, names: Iterable[str], what: str) -> str:
    """Returns `name` if it is one of `names`. Otherwise raises a Mistake that gives the closest ones."""
    names = list(names)
    if name in names:
        return name
    raise Mistake(f"no {what} named '{name}'{suggest_names(name, names)}")


def suggest_names(name: str, names: Iterable[str]) -> str:
    """'; did you mean …?' with up to three names that are spelt alike, or '' if none is."""
    close = difflib.get_close_matches(str(name), list(names), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def require_dimension(figures: Figures, name: str, dimension: str) -> None:
    """Raises a Mistake that gives the dimensions which the figure is counted by, where this isn't one of them."""
    counted = figures.counted_by(name)
    if dimension not in counted:
        suggestion = suggest_names(dimension, counted)
        raise Mistake(f"{name} has no dimension '{dimension}'; it is counted by {', '.join(counted)}{suggestion}")
