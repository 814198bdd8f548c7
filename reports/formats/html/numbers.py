"""Turns text with numbers into HTML: each number becomes a button that opens its note and names its figures row.

Takes runs of a document or single numbers and returns mark-up. The id of a figures row is period/figure/dimension/
member. Cells of tables that print one number are written in tables.py, the notes in blocks.py.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from reports.document.model import Run, Runs
from reports.text.filling import Mark
from reports.words.catalogue import Words

# A browser may break a line between a button and the mark beside it, even before a full stop, so these stay together.
_LEADING = re.compile(r"[（“《(]+$")
_TRAILING = re.compile(r"^(?:[件个次项类位天]|个?工作日)?[，。；：、）”》,.;:)]*")
_NEEDS_NO_QUOTES = re.compile(r"[^\s\"'=<>`&]+")


@dataclass(frozen=True)
class Names:
    """The page's period, the id of the popover of each 'figure/dimension', and the page's language."""

    period: str
    popovers: Mapping[str, str]
    words: Words


def text(runs: Runs, names: Names) -> str:
    """The mark-up of the runs in order; a number, its unit and the punctuation beside it keep to one line."""
    parts: list[str] = []
    texts = [run.text for run in runs]
    for place, run in enumerate(runs):
        if run.figure_id is None:
            parts.append(_words(texts[place], run, names))
            continue
        before = after = ""
        if parts and runs[place - 1].figure_id is None:
            before = _LEADING.search(texts[place - 1])
            before = before[0] if before else ""
            if before:
                parts[-1] = _words(texts[place - 1].removesuffix(before), runs[place - 1], names)
        if place + 1 < len(runs) and runs[place + 1].figure_id is None:
            after = _TRAILING.match(texts[place + 1])[0]
            texts[place + 1] = texts[place + 1].removeprefix(after)
        whole = before + number(run.text, Mark(run.figure_id, run.part, run.value), names) + after
        if before or after:
            whole = f'<span class="whole">{whole}</span>'
        parts.append(_dress(whole, run))
    return "".join(parts)


def _words(text: str, run: Run, names: Names) -> str:
    written = escape(text, quote=False)
    if run.is_typed:
        written = f'<mark title="{escape(names.words("typed.mark"))}">{written}</mark>'
    if run.link:
        written = f'<a href="{escape(run.link)}">{written}</a>'
    return _dress(written, run) if text else ""


def _dress(written: str, run: Run) -> str:
    written = f"<em>{written}</em>" if run.emphasis else written
    return f"<strong>{written}</strong>" if run.strong else written


def number(text: str, mark: Mark, names: Names) -> str:
    """A number as the button that opens its note.

    Its figures row is data-period / the popover's data-figure / data-member: the page's period and the member 'total'
    where the button has neither. `value` is what `exact` returns.
    """
    period, figure, dimension, member = mark.figure_id.split("/", 3)
    note = names.popovers[f"{figure}/{dimension}"]
    # the number is the button's name, and the title of its note says of what
    pairs = {"popovertarget": note, "aria-describedby": f"t{note}"}
    if value := exact(text, mark.value):
        pairs["value"] = value
    if period != names.period:
        pairs["data-period"] = period
    if member != "total":
        pairs["data-member"] = member
    if mark.part != "value":
        pairs["data-part"] = mark.part
    return f"<button{attributes(pairs.items())}>{escape(text, quote=False)}</button>"


def exact(text: str, amount: float) -> str:
    """The amount to the last digit (of a fraction, to the sixth); '' where the text is that already."""
    written = f"{amount:.12g}" if amount == round(amount) else f"{amount:.6g}"
    return "" if text.replace(",", "") == written else written


def attributes(pairs: Iterable[tuple[str, str]]) -> str:
    """Attributes as a tag writes them, with a space before each."""
    return "".join(f" {name}={attribute(value)}" if value else f" {name}" for name, value in pairs)


def attribute(value: str) -> str:
    """A value as it stands after =, in quotes only where HTML needs them: a page holds hundreds of values."""
    return value if _NEEDS_NO_QUOTES.fullmatch(value) else f'"{escape(value)}"'
