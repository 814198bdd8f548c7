"""Here text and its numbers become HTML: each number a button that opens its note and knows its figures row.
The blocks around the text stay out, and so do the notes themselves.
It hands blocks the mark-up of runs, of single numbers, and of attributes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from reports.document.model import Run, Runs
from reports.text.expressions import Mark

# what a table's row says for all its numbers
Row = tuple[tuple[str, str], ...]

# a button may be parted from what follows it at a line's end, even from a full stop: these stay together
_LEADING = re.compile(r"[（“《]+$")
_PLAIN = re.compile(r"[^\s\"'=<>`&]+")
_TRAILING = re.compile(r"^(?:[件个次项类位天]|个?工作日)?[，。；：、）”》]*")


@dataclass(frozen=True)
class Names:
    """The page's period, and the popover of each figure and dimension."""

    period: str
    popovers: Mapping[str, str]


def text(runs: Runs, names: Names, row: Row = ()) -> str:
    """The runs in order; a number, its unit and the marks beside it keep to one line."""
    made: list[str] = []
    texts = [run.text for run in runs]
    for place, run in enumerate(runs):
        if run.figure_id is None:
            made.append(_words(texts[place], run))
            continue
        before = after = ""
        if made and runs[place - 1].figure_id is None:
            before = _LEADING.search(texts[place - 1])
            before = before[0] if before else ""
            if before:
                made[-1] = _words(texts[place - 1].removesuffix(before), runs[place - 1])
        if place + 1 < len(runs) and runs[place + 1].figure_id is None:
            after = _TRAILING.match(texts[place + 1])[0]
            texts[place + 1] = texts[place + 1].removeprefix(after)
        whole = before + number(run.text, Mark(run.figure_id, run.part, run.value), names, row) + after
        if before or after:
            whole = f'<span class="whole">{whole}</span>'
        made.append(f"<strong>{whole}</strong>" if run.strong else whole)
    return "".join(made)


def _words(text: str, run: Run) -> str:
    text = escape(text, quote=False)
    return f"<strong>{text}</strong>" if run.strong and text else text


def number(text: str, mark: Mark, names: Names, row: Row = ()) -> str:
    """A number as the button that opens its note.

    The id of its figures row is data-period / the popover's data-figure / data-member, each from the button or from
    what holds it, the member 'total' where none does. `value` is the amount where the text isn't it to the last digit
    (of a fraction, six).
    """
    period, figure, dimension, member = mark.figure_id.split("/", 3)
    exact = f"{mark.value:.12g}" if mark.value == round(mark.value) else f"{mark.value:.6g}"
    said = {"popovertarget": names.popovers[f"{figure}/{dimension}"]}
    if text.replace(",", "") != exact:
        said["value"] = exact
    if period != names.period and ("data-period", period) not in row:
        said["data-period"] = period
    if member != "total" and ("data-member", member) not in row:
        said["data-member"] = member
    if mark.part != "value":
        said["data-part"] = mark.part
    return f"<button{attributes(said.items())}>{escape(text, quote=False)}</button>"


def attributes(pairs: Iterable[tuple[str, str]]) -> str:
    """Attributes as they stand in a tag, each with the space before it."""
    return "".join(f" {name}={attribute(value)}" for name, value in pairs)


def shared(figure_ids: Iterable[str], names: Names) -> Row:
    """What all numbers of a table's row have in common, said once on the row: their member or their month."""
    keys = {(period, member) for period, _, _, member in (each.split("/", 3) for each in figure_ids)}
    if len(keys) != 1:
        return ()
    ((period, member),) = keys
    return (("data-period", period),) * (period != names.period) + (("data-member", member),) * (member != "total")


def attribute(value: str) -> str:
    """A value as it stands after =, quoted only where it must be: a page holds hundreds."""
    return value if _PLAIN.fullmatch(value) else f'"{escape(value)}"'
