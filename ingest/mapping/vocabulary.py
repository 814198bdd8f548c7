"""Words that a mapping may use beside the names of its contract, and the nearest name for a misspelt one.

Nothing is read or validated here; the other modules of this room import these constants.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from ingest.errors import Place

FROM_FILE = ("file_date", "file_name")
"""What a derivation may start from beside columns."""
BOOLEANS = {"是": "true", "否": "false", "true": "true", "false": "false"}
"""What a boolean column understands, and what that is in SQL."""
DATE_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y.%m.%d",
)
"""The spellings of days and moments that exports and the lists of a jurisdiction may have."""


def suggest_name(name: str, known: Iterable[str]) -> str:
    """'; did you mean …?' if a known name resembles `name`, else '; there are …' with all of them."""
    known = list(known)
    close = find_similar(name, known)
    return f"; did you mean {close}?" if close else f"; there are {', '.join(known)}"


def find_similar(name: str, known: Iterable[str]) -> str | None:
    """The known name that resembles `name` most, None if none does."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), None)


def find_unanswered(content: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """(place, fault) of each text in a YAML file that is still TODO, as a draft leaves it for a person to replace."""
    if isinstance(content, str) and content.strip().startswith("TODO"):
        yield place, "is still TODO; write what it is"
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from find_unanswered(value, (*place, key))
