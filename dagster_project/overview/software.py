"""What of the software needs mending, whatever home it works on: environment, versions of packages, typefaces.

Each function looks at one of them and yields a `Finding`, which the parts of `diagnosis.py` yield too. Sentences are in
the language of the locale.
"""

import os
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal, NamedTuple

from dagster_project.settings import PROJECT, keep_days
from reports.words.locale import words

_KNOWN = {
    "TONGBAO_HOME",
    "TONGBAO_ENGINE",
    "TONGBAO_JURISDICTION",
    "TONGBAO_KEEP_DAYS",
    "TONGBAO_PAGES",
    "TONGBAO_POSTGRES",
    "TONGBAO_PSEUDONYM_KEY",
    "TONGBAO_SCHEDULES",
    "TONGBAO_SIGNING_KEY",
    # of the units in deploy/
    "TONGBAO_CODE_PORT",
    "TONGBAO_COUNTY",
    "TONGBAO_WEB_PORT",
}
_PREFIXES = ("TONGBAO_ALERT_",)
_FONT_STARTS = (b"\x00\x01\x00\x00", b"OTTO")


class Finding(NamedTuple):
    """`state`: "bad" needs mending, "warn" will or may; `said`: what was found, and what to do, by the locale."""

    about: str
    state: Literal["ok", "warn", "bad"]
    said: str


def examine_environment(home: Path) -> Iterator[Finding]:
    keep_days()
    unknown = [
        name
        for name in sorted(os.environ)
        if name.startswith("TONGBAO_") and name not in _KNOWN and not name.startswith(_PREFIXES)
    ]
    known = ", ".join(sorted(_KNOWN))
    for name in unknown:
        yield Finding("environment", "warn", words("doctor.environment.unknown", name=name, known=known))
    default = "" if os.environ.get("TONGBAO_HOME") else words("doctor.environment.default")
    yield Finding("environment", "ok", words("doctor.environment.home", home=home) + default)


def examine_versions() -> Iterator[Finding]:
    lock = PROJECT / "requirements.lock"
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==(\S+)", lock.read_text("utf-8"), re.M)
    # the lock also holds what only tests need, which an installation may leave out
    needed = {re.split("[^A-Za-z0-9_.-]", line)[0] for line in requires("tongbao") or [] if "extra ==" not in line}
    installed = [(name, wanted, _find_version(name)) for name, wanted in pinned]
    installed = [each for each in installed if each[2] or each[0] in needed]
    wrong = [
        words("doctor.versions.other", name=name, found=found or words("doctor.versions.none"), wanted=wanted)
        for name, wanted, found in installed
        if found != wanted
    ]
    python = ".".join(map(str, sys.version_info[:3]))
    if wrong:
        found = ", ".join(wrong[:5]) + " …" * (len(wrong) > 5)
        yield Finding("versions", "bad", words("doctor.versions.wrong", wrong=found))
    else:
        locked = words("doctor.versions.locked", python=python, duckdb=version("duckdb"), n=len(installed))
        yield Finding("versions", "ok", locked)


def _find_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def examine_fonts() -> Iterator[Finding]:
    folder = PROJECT / "reports" / "fonts"
    fonts = sorted(folder.glob("*.ttf"))
    broken = [font.name for font in fonts if _read_start(font) not in _FONT_STARTS]
    if broken or not fonts:
        names = ", ".join(broken) or words("doctor.fonts.all")
        yield Finding("fonts", "bad", words("doctor.fonts.broken", names=names, folder=folder))
    else:
        yield Finding("fonts", "ok", words("doctor.fonts.whole", n=len(fonts)))


def _read_start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)
