"""The version of the code, as it is written into every bulletin's provenance.

Takes nothing; returns the project's version, with the commit if it runs from a git checkout.
"""

import subprocess
from functools import cache
from importlib.metadata import version

from dagster_project import settings

VERSION = version("tongbao")


@cache
def code_version() -> str:
    """For example '0.1.0+57e9ab3a1b2c', or '0.1.0' outside of a checkout."""
    try:
        found = subprocess.run(
            ["git", "-C", str(settings.PROJECT), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True
        )
    except FileNotFoundError:  # no git, as in a container
        return VERSION
    return f"{VERSION}+{found.stdout.strip()}" if found.returncode == 0 else VERSION
