"""What runs leave behind besides what they publish, and when it is deleted.

`clear_leftovers` deletes at the start of a run what a killed process left half made; `delete_old_files` deletes at the
end of a run the findings and verdicts of runs long past. Both are called under the home's lock. Published files,
bulletins, worklists and releases are never touched. Dagster's own history is in `dagster_project/event_log.py`.
"""

import shutil
import tempfile
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from dagster_project.warehouse.candidate import Candidate

# Folder of the home -> names of what a run leaves in it, all beginning with the run's id. Data Docs and the list of
# verdicts are written anew by each run, so they stay.
_OF_RUNS = {"runs": "*", "quality": "*-*-*-*-*.*", "dagster/storage": "*"}
_KEPT_RUNS = 10
_ABANDONED_SECONDS = 24 * 3600


def clear_leftovers(home: Path) -> None:
    """Delete half-made files of killed processes: in `build`, in dbt's cache, and in the folder for temporary files.

    Other commands may be at work in the latter two without the lock, so only what is a day old goes there.
    """
    Candidate(home).clear_leftovers()
    for path in (home / "build" / "draft", *(home / "build").glob("targets-*")):
        _delete(path)
    abandoned = [*(home / "dbt").glob("parse-*"), *Path(tempfile.gettempdir()).glob("tongbao-*")]
    for path in _older(abandoned, time.time() - _ABANDONED_SECONDS):
        _delete(path)


def delete_old_files(home: Path, before: datetime) -> None:
    """Delete what runs left in `runs`, `quality` and `dagster/storage` before `before`; the ten newest runs' stays."""
    for folder, names in _OF_RUNS.items():
        entries = sorted((home / folder).glob(names), key=lambda path: path.stat().st_mtime, reverse=True)
        newest = [*dict.fromkeys(path.stem for path in entries)][:_KEPT_RUNS]
        for path in _older((path for path in entries if path.stem not in newest), before.timestamp()):
            _delete(path)


def _older(paths: Iterable[Path], moment: float) -> list[Path]:
    return [path for path in paths if path.lstat().st_mtime < moment]


def _delete(path: Path) -> None:
    """Delete a file or folder; one of another user in the common folder for temporary files stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
