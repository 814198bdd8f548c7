"""Runs the daily job of a province's member counties, a bounded number at a time.

`run_members` takes the members and how many may run at once. Each runs `tongbao run` in a process of its own, with its
own home and configuration, so its candidate, gate, history and alerts are its own. A member that fails or is blocked
holds up no other. What a county's run prints is kept in its home.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from dagster_project.members.collect import Member

LOG = "province-run.log"
RUN = (sys.executable, "-m", "dagster_project.cli.main", "run")


def run_members(members: Sequence[Member], at_once: int, command: Sequence[str] = RUN) -> dict[str, int]:
    """Code -> exit code of each member's run: 0 is done, 1 blocked or failed (docs/operating.md has them all)."""
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        codes = pool.map(lambda member: _run_member(member, command), members)
        return {member.code: code for member, code in zip(members, codes, strict=True)}


def _run_member(member: Member, command: Sequence[str]) -> int:
    # the province's own history, pages, key and database are no county's
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DAGSTER_", "TONGBAO_")) or name.startswith(("TONGBAO_ALERT_", "TONGBAO_KEEP_DAYS"))
    }
    places = {"TONGBAO_HOME": str(member.home), "TONGBAO_JURISDICTION": str(member.folder)}
    member.home.mkdir(mode=0o750, parents=True, exist_ok=True)
    with (member.home / LOG).open("wb") as log:
        return subprocess.run(command, env=kept | places, stdout=log, stderr=subprocess.STDOUT).returncode
