"""Who may read what a command or a run writes: its owner and its group, and nobody else.

Findings name the cells of exports, and the candidate has passed no check yet. A stricter umask of the process stays as
strict. The published file has a mode of its own (`published_file.py`), the key of pseudonyms too (`ingest/privacy.py`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_NOT_FOR_OTHERS = 0o027


@contextmanager
def closed_to_others() -> Iterator[None]:
    """Files that this process makes until the block ends have mode 640 at most, folders 750."""
    before = os.umask(_NOT_FOR_OTHERS)
    os.umask(before | _NOT_FOR_OTHERS)
    try:
        yield
    finally:
        os.umask(before)
