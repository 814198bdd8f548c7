"""`tongbao doctor`: what of this installation needs mending, each with what to do.

`overview/diagnosis.py` looks; this module prints it. `tongbao check` tries a county's folder, `check --deep` proves
files.
"""

import json
from datetime import date

import click

from dagster_project import settings
from dagster_project.cli.commands import DONE, STOPPED
from dagster_project.terminal.console import console
from dagster_project.terminal.language import say

_COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}
_TITLES = {
    "environment": "环境变量",
    "versions": "版本",
    "jurisdiction": "辖区配置",
    "calendar": "日历",
    "disk": "磁盘",
    "permissions": "权限",
    "key": "假名密钥",
    "clock": "时钟",
    "fonts": "字体",
    "warehouse": "数据仓库",
}
_STATES = {"ok": "正常", "warn": "注意", "bad": "须修复"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts: a list of about, state (ok, warn, bad) and said.")
def doctor(as_json: bool) -> None:
    """Look at environment, versions, calendar, disk, permissions, key, clock and fonts. Nothing is changed.

    Exit code 0 if nothing is bad, else 1; warnings don't count.
    """
    from dagster_project.overview.diagnosis import examine

    found = [*examine(settings.home(), date.today())]
    if as_json:
        click.echo(json.dumps([each._asdict() for each in found], ensure_ascii=False, indent=1))
    else:
        for each in found:
            state = say(each.state, _STATES[each.state])
            console.print(f"[{_COLOURS[each.state]}]{state}[/{_COLOURS[each.state]}] ", end="")
            console.print(f"{say(each.about, _TITLES[each.about])}: {each.said}", markup=False)
    raise SystemExit(STOPPED if any(each.state == "bad" for each in found) else DONE)
