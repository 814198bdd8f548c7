"""Reads the unit files of deploy/systemd as systemd does: sections, repeated keys, and the commands of one county.

It knows no more of systemd than these files need: no drop-ins, no continued lines.
"""

from __future__ import annotations

import shlex
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def read_unit(path: Path) -> dict[str, list[str]]:
    """key -> values, in order; keys of all sections together, as none occurs in two."""
    values: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith(("#", "[")):
            key, _, value = line.partition("=")
            values.setdefault(key, []).append(value)
    return values


def read_environment(path: Path) -> dict[str, str]:
    """The variables of an environment file; lines that are commented out don't count."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def command_of(unit: str, county: str, environment: dict[str, str], key: str = "ExecStart") -> list[str]:
    """The words of one command of the unit for `county`, with the variables of `environment` put in."""
    (line,) = read_unit(DEPLOY / "systemd" / unit)[key]
    words = shlex.split(line.replace("%i", county).replace("%%", "%"))
    for name, value in environment.items():
        words = [word.replace(f"${{{name}}}", value) for word in words]
    return words
