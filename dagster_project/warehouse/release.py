"""Which release of Tongbao built the published warehouse, and that no older one works on it.

`check_release` is called before a run changes anything. A newer release needs no migration of its own: ingest adds the
columns that a table lacks, and the fingerprint (`fingerprint.py`, which records the release) has all models built anew.
"""

import re
from importlib.metadata import version
from pathlib import Path

from dagster_project.settings import Unusable
from dagster_project.warehouse.damage import read_published

_RECORDED = "select 1 from duckdb_columns() where schema_name = 'quality' and column_name = 'release'"


def read_release(home: Path) -> str | None:
    """The release that built the published warehouse; None without one, and before 0.2 recorded it. Raises Damaged."""
    published = home / "warehouse.duckdb"
    if not published.exists():
        return None
    with read_published(published) as connection:
        if not connection.execute(_RECORDED).fetchall():
            return None
        return next((name for (name,) in connection.execute("select release from quality.built").fetchall()), None)


def check_release(home: Path) -> None:
    """Raise Unusable if a newer release than this one built the published warehouse."""
    recorded, own = read_release(home), version("tongbao")
    if recorded and _order(recorded) > _order(own):
        raise Unusable(
            f"{home / 'warehouse.duckdb'} was built by Tongbao {recorded}, and this is {own}, which is older and would "
            f"lose what it does not know; install {recorded} or newer, or restore a backup that {own} made"
        )


def _order(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", release)[:3])
