"""Compares worklists, explorer and index of bulletins with what published warehouse and folders make of them now.

It takes the folder of one day's worklists, or of the drafts, and returns findings, as verify.py does for bulletins.
Lists of an earlier day than the warehouse's can't be written again; their SHA256SUMS say whether they are as they were.
"""

from pathlib import Path

import duckdb

from reports.formats.html import explorer, index
from reports.formats.sheets import worklists
from reports.proof.verify import Finding, compare_files, compare_folders
from reports.release.folder import SUMS, find_altered_files

_MISSING = Finding(SUMS, "whole file", "missing", "written with the worklists")
INDEX = "index.html"


def can_be_written_again(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Whether the worklists in `folder` are those of the warehouse's last covered day."""
    return folder.name == worklists.as_of(connection)


def verify_worklists(connection: duckdb.DuckDBPyConnection, folder: Path, fresh: Path) -> list[Finding]:
    """What in `folder` differs from the worklists written into the empty folder `fresh`, or from its SHA256SUMS."""
    lacking = [] if (folder / SUMS).is_file() else [_MISSING]
    if can_be_written_again(connection, folder):
        worklists.write(connection, fresh)
        return [*lacking, *compare_folders(folder, fresh)]
    altered = [Finding(name, "whole file", "altered, added or lost since", "") for name in find_altered_files(folder)]
    return [*lacking, *altered]


def verify_index(bulletins: Path) -> list[Finding]:
    """What the index in the folder of drafts says otherwise than drafts and releases do."""
    if not (bulletins / INDEX).is_file():
        return [Finding(INDEX, "whole file", "missing", "made by the next run")]
    content, fresh = (bulletins / INDEX).read_bytes(), index.page(bulletins).encode()
    return compare_files(INDEX, content, fresh) if content != fresh else []


def verify_explorer(connection: duckdb.DuckDBPyConnection, jurisdiction: Path, bulletins: Path) -> list[Finding]:
    """What the explorer in the folder of drafts holds otherwise than the published figures do."""
    fresh, path = explorer.page(connection, jurisdiction), bulletins / index.EXPLORER
    if not path.is_file():
        return [Finding(index.EXPLORER, "whole file", "missing", "made by the next run")] if fresh else []
    if path.read_bytes() == (fresh or "").encode():
        return []
    # its numbers lie packed in it, so that no reader of printed numbers finds them
    return [Finding(index.EXPLORER, "whole file", "not what the published figures give", "made again by the next run")]
