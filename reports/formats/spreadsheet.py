"""Makes words from exports harmless in files that people open: cells that are no formulas, and names of files.

Every CSV that people open passes its cells through `disarm`; XLSX files write words as words instead. `name_file` turns
a name such as that of an office into the name of a file on any system. What is in a file is decided elsewhere.
"""

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd  # commands that write no frame needn't wait for it

# a spreadsheet takes a cell for a formula that begins so, also after blanks or in full width
_FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+\-]?\d[\d,]*(\.\d+)?\s?[%‰]?")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\s]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST = 120  # bytes in UTF-8; file systems allow 255, and a suffix follows


def disarm(cell: object) -> object:
    """The cell, with an apostrophe before words that a spreadsheet would run as a formula; a number stays."""
    if not isinstance(cell, str) or not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def disarm_frame(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The frame with `disarm` applied to each column of words."""
    words = frame.select_dtypes(exclude="number").columns
    return frame.assign(**{name: frame[name].map(disarm) for name in words})


def name_file(name: str, taken: set[str]) -> str:
    """A file's name, without suffix, for `name`; different for each call with one set `taken`, in any letter case.

    Letters and digits of every script stay. Characters that turn or hide text, blanks and the names that Windows
    reserves don't; a long name is cut, and a digest keeps it apart from others.
    """
    seen = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C" or c.isspace())
    safe = _FORBIDDEN.sub("_", seen).strip("._ ") or "unnamed"
    if _RESERVED.fullmatch(safe):
        safe = f"_{safe}"
    if len(safe.encode()) > _LONGEST:
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        safe = f"{safe.encode()[: _LONGEST - 9].decode(errors='ignore')}-{digest}"
    chosen, number = safe, 1
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{safe}_{number}"
    taken.add(chosen.casefold())
    return chosen
