"""What the expressions of one text share: the period's figures, the marks of printed numbers, the names that exist.

`Filling` collects a `Mark` for each number that is printed. A name that doesn't exist raises a `Mistake`, which gives
the closest names. Which number an expression prints is decided in expressions.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reports.figures.model import Figure, Figures
from reports.words.locale import suggest_names, words

# Private-use characters: template.py refuses an office's text that holds them, and Markdown passes them on unchanged.
MARK_OPEN, MARK_TEXT, MARK_CLOSE = "\ue000", "\ue001", "\ue002"
# It is printed in place of a number that the period doesn't have; document/omissions.py leaves out its sentence.
ABSENT = "\ue005"
# They enclose a number that a person typed; typed.py finds it.
TYPED_OPEN, TYPED_CLOSE = "\ue008", "\ue009"


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


class NoValue:
    """The value of a figure that has none in the period: equal to, above and below no number.

    A condition on it alone raises a Mistake, because 'not measured' would pass for 0 there. `figure` describes the
    figure, and `asked` is how a template asks for it.
    """

    def __init__(self, figure: str, asked: str):
        self._figure, self._asked = figure, asked

    def __str__(self) -> str:
        return ABSENT

    def __bool__(self) -> bool:
        zero, exists = f"{{% if {self._asked}.value == 0 %}}", f"{{% if {self._asked}.exists %}}"
        raise Mistake(words("mistake.no_value", figure=self._figure, zero=zero, exists=exists))

    def _is_never(self, other: object) -> bool:
        return False

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = _is_never
    __hash__ = object.__hash__


def require_name(name: str, names: Iterable[str], kind: str, **parts: str) -> str:
    """Returns `name` if it is one of `names`. Otherwise raises a Mistake that gives the closest ones.

    `kind` is a key of `mistake.what`, whose sentence says with `parts` what has these names.
    """
    names = list(names)
    if name in names:
        return name
    what = words(f"mistake.what.{kind}", **parts)
    raise Mistake(words("mistake.unknown", what=what, name=name, near=suggest_names(name, names)))


def require_dimension(figures: Figures, name: str, dimension: str) -> None:
    """Raises a Mistake that gives the dimensions which the figure is counted by, where this isn't one of them."""
    counted = figures.counted_by(name)
    if dimension not in counted:
        near, known = suggest_names(dimension, counted), words("mistake.comma").join(counted)
        raise Mistake(words("mistake.dimension", figure=name, name=dimension, known=known, near=near))
