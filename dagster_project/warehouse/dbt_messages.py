"""What dbt says, without the values of cells: its messages quote those that it could not convert, and may name people.

It takes dbt's texts and events and returns or writes texts. The helper process writes the log of a command with it, and
the gate words the findings. Which cells are personal is decided in `ingest`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt_common.events.base_types import EventMsg

# texts that the database quotes, and whole numbers of five digits and more
_VALUES = re.compile(r"'[^']*'|(?<![\w.])-?\d{5,}")
_TOLD = ("info", "warn", "error")


def without_values(text: str) -> str:
    """What dbt or the database says, without the values of cells that it names; it may be a log of many lines."""
    return _VALUES.sub("'…'", text)


def write_log(path: Path) -> Callable[[EventMsg], None]:
    """A callback of dbt that writes events from `info` on to `path`, which is emptied first."""
    path.write_text("", encoding="utf-8")

    def write(event: EventMsg) -> None:
        if event.info.level in _TOLD:
            with path.open("a", encoding="utf-8") as log:
                log.write(f"{event.info.ts.ToDatetime():%H:%M:%S} {without_values(event.info.msg)}\n")

    return write
