"""What of an installation needs mending, one `Finding` a thing that was looked at: for `tongbao doctor`.

`examine` takes a home, which may not exist yet, and looks at environment, versions, jurisdiction, calendar, disk,
permissions, pseudonym key, clock, fonts and the published file. It changes nothing. Whether files are whole and figures
right is proven by `recovery/proof.py`, which takes minutes; this takes a second.
"""

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple

from dagster_project.settings import PROJECT, Unusable, keep_days
from dagster_project.warehouse.disk import why_no_permission, why_no_space
from ingest.errors import MappingError

_KNOWN = {
    "TONGBAO_HOME",
    "TONGBAO_JURISDICTION",
    "TONGBAO_KEEP_DAYS",
    "TONGBAO_PSEUDONYM_KEY",
    "TONGBAO_SCHEDULES",
}
_PREFIXES = ("TONGBAO_ALERT_",)
_SOON = timedelta(days=45)  # limits run that long
_FONT_STARTS = (b"\x00\x01\x00\x00", b"OTTO")


class Finding(NamedTuple):
    """`state`: "bad" needs mending, "warn" will or may; `said`: what was found, and then what to do."""

    about: str
    state: Literal["ok", "warn", "bad"]
    said: str


def examine(home: Path, today: date) -> Iterator[Finding]:
    """Every finding about the installation and `home`, in a fixed order; a part that can't be looked at is bad."""
    parts: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("environment", lambda: _examine_environment(home)),
        ("versions", _examine_versions),
        ("jurisdiction", lambda: _examine_jurisdiction(home)),
        ("calendar", lambda: _examine_calendar(home, today)),
        ("disk", lambda: _examine_disk(home)),
        ("permissions", lambda: _examine_permissions(home)),
        ("key", lambda: _examine_key(home)),
        ("clock", lambda: _examine_clock(home)),
        ("fonts", _examine_fonts),
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


def _examine_environment(home: Path) -> Iterator[Finding]:
    keep_days()
    unknown = [
        name
        for name in sorted(os.environ)
        if name.startswith("TONGBAO_") and name not in _KNOWN and not name.startswith(_PREFIXES)
    ]
    for name in unknown:
        yield Finding("environment", "warn", f"{name} is set, but nothing reads it; known: {', '.join(sorted(_KNOWN))}")
    where = "TONGBAO_HOME" if os.environ.get("TONGBAO_HOME") else "TONGBAO_HOME is not set, so the default"
    yield Finding("environment", "ok", f"home {home} ({where})")


def _examine_versions() -> Iterator[Finding]:
    lock = PROJECT / "requirements.lock"
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==(\S+)", lock.read_text("utf-8"), re.M)
    wrong = [
        f"{name} {found} instead of {wanted}" for name, wanted in pinned if (found := _find_version(name)) != wanted
    ]
    python = ".".join(map(str, sys.version_info[:3]))
    if wrong:
        yield Finding(
            "versions", "bad", f"{', '.join(wrong[:5])}{' …' * (len(wrong) > 5)}; install requirements.lock again"
        )
    else:
        yield Finding(
            "versions", "ok", f"Python {python}, DuckDB {version('duckdb')}; all {len(pinned)} packages are as locked"
        )


def _find_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "nothing"


def _examine_jurisdiction(home: Path) -> Iterator[Finding]:
    from dagster_project.owner import find_jurisdiction
    from ingest.mapping.load import load_sources

    folder = find_jurisdiction(home)
    yield Finding("jurisdiction", "ok", f"{folder}: {len(load_sources(folder))} mappings can be read")


def _examine_calendar(home: Path, today: date) -> Iterator[Finding]:
    from dagster_project.owner import find_jurisdiction
    from ingest.jurisdiction.calendar import build_calendar
    from ingest.jurisdiction.settings import load_jurisdiction

    folder = find_jurisdiction(home)
    about = load_jurisdiction(folder)
    ends_on = max(build_calendar(folder / "holidays.csv", about.calendar, about.weekend)["date_on"])
    remedy = f"install a newer chinesecalendar, or list the year's holidays in {folder / 'holidays.csv'}"
    if ends_on < today:
        yield Finding("calendar", "bad", f"working days are known until {ends_on} only, so no limit counts; {remedy}")
    elif ends_on < today + _SOON:
        yield Finding("calendar", "warn", f"working days are known until {ends_on}; before that day {remedy}")
    else:
        yield Finding("calendar", "ok", f"working days are known until {ends_on}")


def _examine_disk(home: Path) -> Iterator[Finding]:
    why = why_no_space(home if home.exists() else home.parent)
    yield Finding("disk", "bad", why) if why else Finding("disk", "ok", "there is space for a run")


def _examine_permissions(home: Path) -> Iterator[Finding]:
    if why := why_no_permission(home):
        yield Finding("permissions", "bad", why)
        return
    closed = [home / "pseudonym.key", home / "warehouse.duckdb", home / "build" / "candidate.duckdb", home / "runs"]
    opened = [path for path in closed if path.exists() and path.stat().st_mode & 0o007]
    for path in opened:
        yield Finding("permissions", "warn", f"{path} is open to every user of this machine; chmod o= {path}")
    if not opened:
        yield Finding("permissions", "ok", "this user may write the home, and others may not read it")


def _examine_key(home: Path) -> Iterator[Finding]:
    from dagster_project.warehouse.backup import check_key

    check_key(home)
    there = os.environ.get("TONGBAO_PSEUDONYM_KEY") or (home / "pseudonym.key").exists()
    yield Finding("key", "ok", "it is the one of the published pseudonyms" if there else "the first run makes one")


def _examine_clock(home: Path) -> Iterator[Finding]:
    written = [path.lstat().st_mtime for path in (home / "warehouse.duckdb", home / "quality") if path.exists()]
    now = time.strftime("%Y-%m-%d %H:%M %Z")
    if max(written, default=0) > time.time() + 60:
        yield Finding("clock", "bad", f"it says {now}, but the home was written later; set the clock, e.g. by NTP")
    else:
        yield Finding("clock", "ok", f"it says {now}")


def _examine_fonts() -> Iterator[Finding]:
    folder = PROJECT / "reports" / "fonts"
    fonts = sorted(folder.glob("*.ttf"))
    broken = [font.name for font in fonts if _read_start(font) not in _FONT_STARTS]
    if broken or not fonts:
        what = ", ".join(broken) or "every font"
        yield Finding("fonts", "bad", f"{what} in {folder} is missing or damaged; check out the project again")
    else:
        yield Finding("fonts", "ok", f"{len(fonts)} typefaces of pages and PDFs are there")


def _read_start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _examine_warehouse(home: Path) -> Iterator[Finding]:
    from dagster_project.warehouse.damage import read_published
    from dagster_project.warehouse.published_file import find_writer

    path = home / "warehouse.duckdb"
    if (home / "build" / "publication.json").exists():
        yield Finding("warehouse", "bad", "a publication was cut short; `tongbao run` completes it")
    if not path.exists():
        yield Finding("warehouse", "ok", "nothing is published yet")
        return
    if writer := find_writer(path):
        yield Finding("warehouse", "bad", f"{writer} has {path} open for writing, which stops the next run; close it")
        return
    with read_published(path) as connection:
        ((tags,),) = connection.execute("select tags from duckdb_databases() where not internal").fetchall()
    stored = tags["storage_version"]
    if stored.startswith("v2"):
        yield Finding(
            "warehouse",
            "warn",
            f"storage version {stored}: clients of DuckDB 1.x can't read it; `tongbao rebuild` writes an older one",
        )
    else:
        yield Finding("warehouse", "ok", f"it opens; storage version {stored}")
