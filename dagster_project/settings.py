"""Where things lie: the project and the runtime home, as the environment names them.

Reads TONGBAO_HOME, TONGBAO_ENGINE, TONGBAO_KEEP_DAYS, TONGBAO_PAGES, TONGBAO_SCHEDULES, TONGBAO_POSTGRES and
TONGBAO_SIGNING_KEY; no value has a second place to be set. `prepare` makes the folders of a home and Dagster's settings
in it; nothing here changes the environment, and importing this module touches nothing. A setting that leads nowhere
raises Unusable. Which jurisdiction a home belongs to is told in `owner.py`.
"""

import importlib.util
import os
import re
import shutil
from pathlib import Path

from dagster_project.disk import replace_file, why_no_permission

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt"
_OURS = "# Tongbao writes this file. Delete this line, and it stays as you change it.\n"
# Storage lies under DAGSTER_HOME by default, so no path is named and a home can be moved. The pool `warehouse` lets one
# run write at a time; it is counted by run, because a killed step would keep its slot.
_DAGSTER = """\
telemetry: {enabled: false}
nux: {enabled: false}
python_logs: {managed_python_loggers: [reports]}
concurrency:
  pools: {default_limit: 1, granularity: run}
"""
# Sensors look 1,440 times a day and mostly skip, which nobody looks up a week later.
_AUTOMATION = """\
freshness: {enabled: true}
run_retries: {enabled: true, retry_on_asset_or_op_failure: false}
retention:
  schedule: {purge_after_days: DAYS}
  sensor: {purge_after_days: {skipped: 2, started: DAYS, success: DAYS, failure: DAYS}}
"""
# Once in the file, it stays: a command without the variable would begin a second history in the home's files.
_IN_POSTGRES = """\
storage:
  postgres: {postgres_url: {env: TONGBAO_POSTGRES}}
"""
_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])|Q[1-4]|H[12])?", re.ASCII)


class Unusable(ValueError):
    """A setting that leads nowhere; the message names the variable and what to do."""

    exit_code = 2


def home() -> Path:
    """The runtime home, absolute: TONGBAO_HOME, else `data/` in the project."""
    return Path(os.environ.get("TONGBAO_HOME") or PROJECT / "data").resolve()


def prepare(base: Path) -> Path:
    """Make the folders of the home `base` and Dagster's configuration in it; returns `base`.

    Raises Unusable if the home can't be made, if this user may not work in it, or if TONGBAO_KEEP_DAYS is no number.
    """
    try:
        if not base.exists():
            base.parent.mkdir(parents=True, exist_ok=True)
            base.mkdir(mode=0o750)  # exports hold names and numbers of people
        for folder in ("exports", "build", "dagster"):
            (base / folder).mkdir(parents=True, exist_ok=True)
        _configure_dagster(base / "dagster" / "dagster.yaml")
    except OSError as error:
        path = error.filename or base
        raise Unusable(f"{path} can't be made or written ({error.strerror}); TONGBAO_HOME names another home") from None
    if why := why_no_permission(base):
        raise Unusable(why)
    return base


def _configure_dagster(path: Path) -> None:
    """Write Dagster's settings, unless an administrator has changed them; raises Unusable."""
    # neither the file of an older release stays, whose class no longer exists, nor an empty one, which a killed process
    # of an older release left
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    is_ours = not written.strip() or "dagster_project" in written or written == _DAGSTER or written.startswith(_OURS)
    address = os.environ.get("TONGBAO_POSTGRES")
    in_postgres, is_set = "TONGBAO_POSTGRES" in written, bool(address)
    if in_postgres and not is_set:
        raise Unusable(
            f"{path} keeps Dagster's history in PostgreSQL, but TONGBAO_POSTGRES is not set; set it as services do, or "
            "delete that file to keep a new history in files of the home"
        )
    if is_set and not in_postgres and not is_ours:
        raise Unusable(f"{path} was changed by hand and does not use TONGBAO_POSTGRES; add to it:\n{_IN_POSTGRES}")
    # SQLAlchemy 2.1 takes plain postgresql:// for psycopg 3, and dagster-postgres brings psycopg2
    if is_set and not address.startswith("postgresql+psycopg2://"):
        raise Unusable("TONGBAO_POSTGRES: write postgresql+psycopg2://user:password@host:port/database")
    if is_set and not importlib.util.find_spec("dagster_postgres"):
        raise Unusable("TONGBAO_POSTGRES is set, but dagster-postgres is not installed; `make postgres` installs it")
    wanted = _OURS + _DAGSTER + _AUTOMATION.replace("DAYS", str(keep_days())) + (_IN_POSTGRES if is_set else "")
    if is_ours and written != wanted:
        replace_file(path, wanted)


def keep_days() -> int:
    """For how many days what runs leave behind is kept: TONGBAO_KEEP_DAYS, else 90; Unusable if it is no number."""
    text = os.environ.get("TONGBAO_KEEP_DAYS") or "90"
    if not re.fullmatch(r"[1-9]\d{0,4}", text, re.ASCII):
        raise Unusable(f"TONGBAO_KEEP_DAYS={text}: write a number of days from 1 to 99999, such as 90")
    return int(text)


def engine() -> str:
    """What builds the models: TONGBAO_ENGINE, else duckdb; Unusable if it is unknown or can't run here."""
    name = os.environ.get("TONGBAO_ENGINE") or "duckdb"
    if name not in ("duckdb", "spark"):
        raise Unusable(f"TONGBAO_ENGINE={name}: write duckdb or spark")
    if name == "spark":
        if not importlib.util.find_spec("pyspark") or not importlib.util.find_spec("dbt.adapters.spark"):
            raise Unusable("TONGBAO_ENGINE=spark, but pyspark or dbt-spark is missing; `make spark` installs them")
        if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
            raise Unusable(
                "TONGBAO_ENGINE=spark, but there is no Java 17 or newer; install a JRE (Debian: "
                "openjdk-17-jre-headless) or name its folder in JAVA_HOME"
            )
    return name


def pages_address() -> str:
    """Where a browser finds the pages of the home: TONGBAO_PAGES, else beside a UI on its usual port 3000."""
    return (os.environ.get("TONGBAO_PAGES") or "http://127.0.0.1:3001").rstrip("/")


def signing_key() -> Path | None:
    """The private SSH key that signs releases: TONGBAO_SIGNING_KEY; None if unset, Unusable if there is no file."""
    text = os.environ.get("TONGBAO_SIGNING_KEY")
    if text and not Path(text).is_file():
        raise Unusable(f"TONGBAO_SIGNING_KEY={text}: no such file; ssh-keygen -t ed25519 -f FILE makes a key")
    return Path(text) if text else None


def is_automatic() -> bool:
    """Whether schedule and sensors are on from the start: TONGBAO_SCHEDULES, on or off; Unusable if it is another."""
    text = os.environ.get("TONGBAO_SCHEDULES") or "off"
    if text not in ("on", "off"):
        raise Unusable(f"TONGBAO_SCHEDULES={text}: write on or off")
    return text == "on"


def environment(base: Path) -> dict[str, str]:
    """What Dagster and its child processes read from the environment, for a process that works in the home `base`."""
    return {
        "TONGBAO_HOME": str(base),
        "DAGSTER_HOME": str(base / "dagster"),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DO_NOT_TRACK": "1",
    }


def is_period(key: str) -> bool:
    """Whether `key` is written as periods are: '2022-06', '2022Q2', '2022H1' or '2022'."""
    return _PERIOD.fullmatch(key) is not None
