"""Decides whether the candidate may be published, from the record of what its content has passed.

Each stage calls one function here when it begins and one when it has finished. The record lies in the candidate itself
(`delta.stages`, `quality.built`, `quality.checks`), so the decision is the same whichever runs and selections did the
work. A stage that changes content deletes the results that it makes invalid: ingest those of the ledger, models those
of models that are no longer up to date. A result that still stands isn't judged again.
"""

from collections.abc import Collection, Iterable
from pathlib import Path

from duckdb import DuckDBPyConnection

from dagster_project.warehouse.candidate import relations
from dagster_project.warehouse.fingerprint import Fingerprint

INGEST_ASSET = "quality/files"
Check = tuple[str, str]  # asset and name, as `quality.checks` has them


def begin_ingest(connection: DuckDBPyConnection) -> None:
    """Delete the results of checks of the ledger, because it is about to change."""
    connection.execute("delete from delta.stages")
    if "quality.checks" in relations(connection):
        connection.execute("delete from quality.checks where asset = $1", [INGEST_ASSET])


def finish_ingest(connection: DuckDBPyConnection) -> None:
    """Record that the ledger is complete and its checks have run."""
    connection.execute("insert into delta.stages values ('ingest', null)")


def begin_models(connection: DuckDBPyConnection, now: Fingerprint, *, is_building: bool) -> bool:
    """Whether the models are up to date. Before a build, delete their mark, so that a killed build is built in full.

    Results of checks on models that are not up to date are deleted.
    """
    is_current = _built_of(connection) == (now.made_of, now.built_from)
    if is_building:
        connection.execute("drop table if exists quality.built")
    if not is_current:
        connection.execute("delete from quality.checks where asset <> $1", [INGEST_ASSET])
    return is_current


def runs_that_judged(
    connection: DuckDBPyConnection, now: Fingerprint | None, checks: Collection[Check]
) -> dict[Check, str] | None:
    """Each of `checks` -> the run that judged it. None if the models are not what they were then, or a check failed.

    A check that only warns may have found something.
    """
    if now is None or _built_of(connection) != (now.made_of, now.built_from):
        return None
    query = "select asset, check_name, run_id from quality.checks where is_passed or severity = 'warning'"
    judged = {(asset, name): run_id for asset, name, run_id in connection.execute(query).fetchall()}
    return {check: judged[check] for check in checks} if judged.keys() >= {*checks} else None


def finish_worklists(connection: DuckDBPyConnection, folder: Path) -> None:
    """Record that `folder` holds the worklists of the models as they are built now."""
    connection.execute("delete from delta.stages where stage = 'worklists'")
    content = " ".join([*_built_of(connection), str(folder.name)])
    connection.execute("insert into delta.stages values ('worklists', $1)", [content])


def record_check(
    connection: DuckDBPyConnection, run_id: str, asset: str, name: str, severity: str, passed: bool, found: str
) -> None:
    """Enter one result into `quality.checks`, in place of an earlier one of the same check."""
    connection.execute("delete from quality.checks where asset = $1 and check_name = $2", [asset, name])
    connection.execute(
        "insert into quality.checks values ($1, $2, $3, $4, $5, $6)", [run_id, asset, name, severity, passed, found]
    )


def why_unpublishable(
    connection: DuckDBPyConnection, now: Fingerprint | None, blocking: Iterable[Check], staged: Path
) -> str | None:
    """Why the candidate may not be published and what to materialise, in one sentence; None if it may.

    `now`: what the models would be built of now, None if nothing was ingested; `blocking`: (asset, name) of every check
    that must have passed, as in `quality.checks`; `staged`: the folder that holds the staged worklists.
    """
    done = dict(connection.execute("select stage, content from delta.stages").fetchall())
    if now is None or "ingest" not in done:
        return "exports have not been read since the last publication; materialise raw/*, and then what follows"
    judged = {
        (asset, name): passed
        for asset, name, passed in connection.execute(
            "select asset, check_name, is_passed from quality.checks"
        ).fetchall()
    }
    blocking = sorted(blocking)
    if failed := [name for asset, name in blocking if judged.get((asset, name)) is False]:
        return f"checks that must pass did not: {', '.join(failed)}; mend what they found, then run again"
    built = _built_of(connection)
    if built != (now.made_of, now.built_from):
        since = "the last ingest" if built and built[0] == now.made_of else "a change of the models or the jurisdiction"
        state = f"were built before {since}" if built else "have not all been built"
        return f"models {state}; materialise all models, the checks of plausibility and worklists, then publication"
    if missing := [name for key in blocking if key not in judged for name in [key[1]]]:
        shown = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        return f"checks have not run on what was built: {shown}; run them, then materialise publication"
    worklists = (done.get("worklists") or "").split(" ")
    if tuple(worklists[:2]) != built or not (staged / worklists[2]).is_dir():
        return "worklists have not been made of these models; materialise worklists, then publication"
    return None


def _built_of(connection: DuckDBPyConnection) -> tuple[str, ...]:
    if "quality.built" not in relations(connection):
        return ()
    return next(iter(connection.execute("select made_of, built_from from quality.built").fetchall()), ())
