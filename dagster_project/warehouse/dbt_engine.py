"""dbt in this process: the project parsed once, and commands run on a warehouse's file.

What a result means to Dagster is not known here. It hands on dbt's manifest and the results of a command, and it
leaves no handle on the warehouse behind.
"""

import contextlib
import os
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

_TARGET = settings.DBT_PROJECT / "target"
MANIFEST = _TARGET / "manifest.json"
_PROJECT = ("--project-dir", str(settings.DBT_PROJECT), "--profiles-dir", str(settings.DBT_PROJECT))
_PARSING = threading.Lock()
_SILENT = ("--log-level", "none", "--log-level-file", "info", "--no-use-colors-file")


class DbtError(RuntimeError):
    """dbt could not parse the project or run a command at all."""


def ensure_manifest() -> Path:
    """The manifest, parsed anew when a file of the dbt project is newer than it; a stale one kills a run half-way."""
    settings.prepare()
    made = {_TARGET, settings.DBT_PROJECT / "logs"}
    sources = [p for p in settings.DBT_PROJECT.rglob("*") if p.is_file() and not made & {*p.parents}]
    newest = max(path.stat().st_mtime for path in sources)
    if not MANIFEST.exists() or MANIFEST.stat().st_mtime < newest:
        _parsed()
        os.utime(MANIFEST)
    return MANIFEST


def run(command: str, target: Path, *arguments: str) -> "dbtRunnerResult":
    """`dbt <command>` on the private warehouse, its artefacts and log in `target`; raises DbtError if it can't start.

    A process of its own would spend 5 s on starting and reading the project again, in every run.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    where = (*_PROJECT, "--target-path", str(target), "--log-path", str(target))
    try:
        # dbt writes compiled SQL into the manifest, so each command gets a copy
        outcome = dbtRunner(manifest=_parsed().deepcopy()).invoke([*_SILENT, command, *where, *arguments])
    finally:
        # the adapter keeps its handle for the next command, but the file has one writer and is moved at the end
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception:
        raise DbtError(f"dbt {command} failed: {outcome.exception}")
    return outcome


def parse_ahead() -> None:
    """Begin to read the project in a second thread, while the files of an export are looked through."""
    threading.Thread(target=_parse_quietly, daemon=True).start()


def _parse_quietly() -> None:
    with contextlib.suppress(DbtError):  # told when the models are asked for
        _parsed()


def _parsed() -> "Manifest":
    with _PARSING:
        return _parse()


@cache
def _parse() -> "Manifest":
    from dbt.cli.main import dbtRunner
    from dbt_common.behavior_flags import BehaviorFlagRendered

    # to say where a flag comes from dbt would look through every module that Dagster has loaded: 3 s for a word
    BehaviorFlagRendered._default_source = staticmethod(lambda: "dbt.adapters.duckdb.impl")

    where = (*_PROJECT, "--target-path", str(_TARGET), "--log-path", str(_TARGET))
    outcome = dbtRunner().invoke([*_SILENT, "parse", *where])
    if not outcome.success:
        raise DbtError(f"dbt can't parse the project:\n{outcome.exception}")
    return outcome.result
