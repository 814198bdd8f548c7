"""Where things lie: the project, the runtime home and the jurisdiction, from the environment.

No value has a second place to be set. It hands on paths, and an environment in which no tool phones home; where a
setting leads nowhere, Unusable says so.
"""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt"
_DAGSTER = """\
telemetry: {{enabled: false}}
nux: {{enabled: false}}
python_logs: {{managed_python_loggers: [reports]}}
event_log_storage:
  module: dagster_project.warehouse.history
  class: History
  config: {{base_dir: '{history}'}}
"""


class Unusable(ValueError):
    """A setting that leads nowhere; the message names the variable and what to do."""


def home() -> Path:
    """The runtime home, absolute: TONGBAO_HOME, else `data/` in the project."""
    return Path(os.environ.get("TONGBAO_HOME") or PROJECT / "data").resolve()


def jurisdiction() -> Path:
    """The jurisdiction's folder: TONGBAO_JURISDICTION as a path or a name under `jurisdictions/`, else Lingwu.

    Raises Unusable where there is none of that name.
    """
    chosen = os.environ.get("TONGBAO_JURISDICTION") or "lingwu"
    named = PROJECT / "jurisdictions" / chosen
    found = named if named.is_dir() else Path(chosen).resolve()
    if not found.is_dir():
        there = ", ".join(sorted(path.parent.name for path in named.parent.glob("*/jurisdiction.yaml")))
        raise Unusable(f"TONGBAO_JURISDICTION={chosen}: no such folder under {named.parent}; there are: {there}")
    return found


def prepare() -> Path:
    """Make the runtime home and set what every tool reads from the environment; returns the home.

    Raises Unusable where the home can't be made.
    """
    base = home()
    dagster_home = base / "dagster"
    try:
        for folder in (base / "exports", base / "build", dagster_home):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"{base} can't be made or written ({error.strerror}); TONGBAO_HOME names another home") from None
    instance = dagster_home / "dagster.yaml"
    if not instance.exists():
        instance.write_text(_DAGSTER.format(history=dagster_home / "history" / "runs"), encoding="utf-8")
    os.environ.update(
        TONGBAO_HOME=str(base),
        DAGSTER_HOME=str(dagster_home),
        DAGSTER_DISABLE_TELEMETRY="yes",
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DO_NOT_TRACK="1",
        GX_ANALYTICS_ENABLED="false",
    )
    return base
