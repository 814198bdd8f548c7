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
from dagster_project.terminal.language import say
from ingest.errors import MappingError

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
    count = len(load_sources(folder))
    yield Finding("jurisdiction", "ok", say(f"{folder}: {count} mappings can be read", f"{folder}：{count} 份映射可读"))


def _examine_calendar(home: Path, today: date) -> Iterator[Finding]:
    from dagster_project.owner import find_jurisdiction
    from ingest.jurisdiction.calendar import build_calendar
    from ingest.jurisdiction.settings import load_jurisdiction

    folder = find_jurisdiction(home)
    about = load_jurisdiction(folder)
    ends_on = max(build_calendar(folder / "holidays.csv", about.calendar, about.weekend)["date_on"])
    remedy = say(
        f"install a newer chinesecalendar, or list the year's holidays in {folder / 'holidays.csv'}",
        f"安装新版 chinesecalendar，或在 {folder / 'holidays.csv'} 列出当年节假日",
    )
    known = say(f"working days are known until {ends_on}", f"工作日历到 {ends_on} 为止")
    if ends_on < today:
        yield Finding("calendar", "bad", known + say("; that is past, ", "，已过期，") + remedy)
    elif ends_on < today + _SOON:
        yield Finding("calendar", "warn", known + say("; before that day ", "；此前请") + remedy)
    else:
        yield Finding("calendar", "ok", known)


def _examine_disk(home: Path) -> Iterator[Finding]:
    why = why_no_space(home if home.exists() else home.parent)
    yield Finding("disk", "bad", why) if why else Finding("disk", "ok", say("there is space for a run", "空间足够运行"))


def _examine_permissions(home: Path) -> Iterator[Finding]:
    if why := why_no_permission(home):
        yield Finding("permissions", "bad", why)
        return
    closed = [home / "pseudonym.key", home / "warehouse.duckdb", home / "build" / "candidate.duckdb", home / "runs"]
    opened = [path for path in closed if path.exists() and path.stat().st_mode & 0o007]
    for path in opened:
        yield Finding(
            "permissions",
            "warn",
            say(
                f"{path} is open to every user of this machine; chmod o= {path}",
                f"{path} 对本机所有用户开放；请执行 chmod o= {path}",
            ),
        )
    if not opened:
        yield Finding(
            "permissions",
            "ok",
            say("this user may write the home, and others may not read it", "本用户可写，其他用户不可读"),
        )


def _examine_key(home: Path) -> Iterator[Finding]:
    from dagster_project.warehouse.backup import check_key

    check_key(home)
    there = os.environ.get("TONGBAO_PSEUDONYM_KEY") or (home / "pseudonym.key").exists()
    yield Finding("key", "ok", _describe_key(bool(there)))


def _describe_key(is_there: bool) -> str:
    if is_there:
        return say("it is the one of the published pseudonyms", "与已发布的假名一致")
    return say("the first run makes one", "首次运行时生成")


def _examine_clock(home: Path) -> Iterator[Finding]:
    written = [path.lstat().st_mtime for path in (home / "warehouse.duckdb", home / "quality") if path.exists()]
    now = time.strftime("%Y-%m-%d %H:%M %Z")
    if max(written, default=0) > time.time() + 60:
        yield Finding(
            "clock",
            "bad",
            say(
                f"it says {now}, but the home was written later; set the clock, e.g. by NTP",
                f"现为 {now}，但数据目录写于更晚的时间；请校准时钟（如用 NTP）",
            ),
        )
    else:
        yield Finding("clock", "ok", say(f"it says {now}", f"现为 {now}"))


def _examine_warehouse(home: Path) -> Iterator[Finding]:
    from dagster_project.warehouse.damage import read_published
    from dagster_project.warehouse.published_file import find_writer

    path = home / "warehouse.duckdb"
    if (home / "build" / "publication.json").exists():
        yield Finding(
            "warehouse",
            "bad",
            say("a publication was cut short; `tongbao run` completes it", "发布中断；运行 `tongbao run` 即可完成"),
        )
    if not path.exists():
        yield Finding("warehouse", "ok", say("nothing is published yet", "尚未发布"))
        return
    if writer := find_writer(path):
        yield Finding(
            "warehouse",
            "bad",
            say(
                f"{writer} has {path} open for writing, which stops the next run; close it",
                f"{writer} 正以写方式打开 {path}，会阻止下次运行；请关闭",
            ),
        )
        return
    with read_published(path) as connection:
        ((tags,),) = connection.execute("select tags from duckdb_databases() where not internal").fetchall()
    stored = tags["storage_version"]
    if stored.startswith("v2"):
        yield Finding(
            "warehouse",
            "warn",
            say(
                f"storage version {stored}: clients of DuckDB 1.x can't read it; `tongbao rebuild` writes an older one",
                f"存储版本 {stored}：DuckDB 1.x 的程序读不了；`tongbao rebuild` 会改写为较早的版本",
            ),
        )
    else:
        yield Finding("warehouse", "ok", say(f"it opens; storage version {stored}", f"可以打开；存储版本 {stored}"))
