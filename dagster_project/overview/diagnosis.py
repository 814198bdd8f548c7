"""What of an installation needs mending, one `Finding` a thing that was looked at: for `tongbao doctor`.

`examine` takes a home, which may not exist yet, and looks at environment, versions, jurisdiction, calendar, disk,
permissions, pseudonym key, clock, fonts and the published file. It changes nothing. Whether files are whole and figures
right is proven by `recovery/proof.py`, which takes minutes; this takes a second.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from dagster_project.disk import why_no_permission, why_no_space
from dagster_project.overview.software import Finding, examine_environment, examine_fonts, examine_versions
from dagster_project.settings import Unusable
from ingest.errors import MappingError
from reports.words.locale import words

_SOON = timedelta(days=45)  # limits run that long


def examine(home: Path, today: date) -> Iterator[Finding]:
    """Every finding about the installation and `home`, in a fixed order; a part that can't be looked at is bad."""
    parts: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("environment", lambda: examine_environment(home)),
        ("versions", examine_versions),
        ("jurisdiction", lambda: _examine_jurisdiction(home)),
        ("calendar", lambda: _examine_calendar(home, today)),
        ("disk", lambda: _examine_disk(home)),
        ("permissions", lambda: _examine_permissions(home)),
        ("key", lambda: _examine_key(home)),
        ("clock", lambda: _examine_clock(home)),
        ("fonts", examine_fonts),
        ("warehouse", lambda: _examine_warehouse(home)),
    ]
    told = set()  # jurisdiction and calendar may fail for the same reason
    for about, part in parts:
        try:
            yield from part()
        except (Unusable, MappingError, OSError) as error:
            if str(error) not in told:
                yield Finding(about, "bad", str(error))
            told.add(str(error))


def _examine_jurisdiction(home: Path) -> Iterator[Finding]:
    from dagster_project.owner import find_jurisdiction
    from ingest.mapping.load import load_sources

    folder = find_jurisdiction(home)
    found = words("doctor.jurisdiction.readable", folder=folder, n=len(load_sources(folder)))
    yield Finding("jurisdiction", "ok", found)


def _examine_calendar(home: Path, today: date) -> Iterator[Finding]:
    from dagster_project.owner import find_jurisdiction
    from ingest.jurisdiction.calendar import build_calendar
    from ingest.jurisdiction.settings import load_jurisdiction

    folder = find_jurisdiction(home)
    about = load_jurisdiction(folder)
    ends_on = max(build_calendar(folder / "holidays.csv", about.calendar, about.weekend)["date_on"])
    parts = {"day": ends_on, "holidays": folder / "holidays.csv"}
    if ends_on < today:
        yield Finding("calendar", "bad", words("doctor.calendar.over", **parts))
    elif ends_on < today + _SOON:
        yield Finding("calendar", "warn", words("doctor.calendar.ends_soon", **parts))
    else:
        yield Finding("calendar", "ok", words("doctor.calendar.known", **parts))


def _examine_disk(home: Path) -> Iterator[Finding]:
    why = why_no_space(home if home.exists() else home.parent)
    yield Finding("disk", "bad", why) if why else Finding("disk", "ok", words("doctor.disk"))


def _examine_permissions(home: Path) -> Iterator[Finding]:
    if why := why_no_permission(home):
        yield Finding("permissions", "bad", why)
        return
    closed = [home / "pseudonym.key", home / "warehouse.duckdb", home / "build" / "candidate.duckdb", home / "runs"]
    opened = [path for path in closed if path.exists() and path.stat().st_mode & 0o007]
    for path in opened:
        yield Finding("permissions", "warn", words("doctor.permissions.open", path=path))
    if not opened:
        yield Finding("permissions", "ok", words("doctor.permissions.closed"))


def _examine_key(home: Path) -> Iterator[Finding]:
    from dagster_project.warehouse.backup import check_key

    check_key(home)
    there = os.environ.get("TONGBAO_PSEUDONYM_KEY") or (home / "pseudonym.key").exists()
    yield Finding("key", "ok", words("doctor.key.agrees") if there else words("doctor.key.absent"))


def _examine_clock(home: Path) -> Iterator[Finding]:
    written = [path.lstat().st_mtime for path in (home / "warehouse.duckdb", home / "quality") if path.exists()]
    now = time.strftime("%Y-%m-%d %H:%M %Z")
    if max(written, default=0) > time.time() + 60:
        yield Finding("clock", "bad", words("doctor.clock.late", now=now))
    else:
        yield Finding("clock", "ok", words("doctor.clock.now", now=now))


def _examine_warehouse(home: Path) -> Iterator[Finding]:
    from dagster_project.warehouse.damage import read_published
    from dagster_project.warehouse.published_file import find_writer

    path = home / "warehouse.duckdb"
    if (home / "build" / "publication.json").exists():
        yield Finding("warehouse", "bad", words("status.cut_short"))
    if not path.exists():
        yield Finding("warehouse", "ok", words("doctor.warehouse.absent"))
        return
    if writer := find_writer(path):
        yield Finding("warehouse", "bad", words("doctor.warehouse.written", writer=writer, path=path))
        return
    with read_published(path) as connection:
        ((tags,),) = connection.execute("select tags from duckdb_databases() where not internal").fetchall()
    stored = tags["storage_version"]
    if stored.startswith("v2"):
        yield Finding("warehouse", "warn", words("doctor.warehouse.too_new", version=stored))
    else:
        yield Finding("warehouse", "ok", words("doctor.warehouse.opens", version=stored))
