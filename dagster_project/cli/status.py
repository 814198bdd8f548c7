"""The command `tongbao status`: what is published, how fresh it is, what the last run found and what waits.

`overview/standing.py` looks; this module prints it on one screen, or as JSON. It changes nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from textwrap import shorten

import click

from dagster_project.terminal.console import console
from dagster_project.terminal.home import find_home
from dagster_project.terminal.language import say

_MOST_CHECKS = 6
_MOST_LETTERS = 90  # of what a check found; the page of the verdict has all of it
_STATES = {
    "running": "正在运行，或已被中断",
    "interrupted": "被中断，未发布",
    "published": "已发布",
    "rendered": "已重新生成通报",
    "ended": "已结束，未到发布",
    "blocked": "检查未通过，未发布",
    "failed": "出错，未发布",
}
_KINDS = {"month": "月", "quarter": "季", "half": "半年", "year": "年"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts: all of it, as docs/commands.md describes.")
def status(as_json: bool) -> None:
    """Say what is published and how fresh, what the last run found, and what waits.

    Exit code 0, whatever it says: a script looks at the fields of --json.
    """
    from dagster_project.overview.standing import look_at
    from dagster_project.warehouse.backup import check_not_lost

    home = find_home()
    check_not_lost(home)
    standing = look_at(home, date.today())
    if as_json:
        click.echo(json.dumps(asdict(standing), ensure_ascii=False, indent=1))
        return
    for title, lines in _describe(standing):
        console.print(f"[bold]{title}[/bold]")
        for line in lines:
            console.print(f"  {line}", markup=False)


def _describe(standing) -> Iterator[tuple[str, list[str]]]:
    """Title and lines of each part; a part without lines says so or is left out."""
    yield say("now", "当前"), [*_describe_now(standing)]
    if standing.published_at:
        yield say("sources", "数据来源"), [*_describe_sources(standing)]
    if standing.last_run:
        yield say("last run", "最近一次运行"), [*_describe_run(standing.last_run)]
    if standing.published_at:
        yield say("checks that did not pass", "未通过的检查"), [*_describe_checks(standing)]
        yield say("periods", "期间"), [*_describe_periods(standing)]
        yield say("bulletins", "通报"), [*_describe_bulletins(standing)]
    yield say("alerts", "告警"), standing.alerts
    yield say("disk", "磁盘"), [*_describe_disk(standing)]


def _describe_now(standing) -> Iterator[str]:
    if standing.running:
        yield say(f"a run is in progress ({standing.running})", f"正在运行（{standing.running}）")
    if standing.is_cut_short:
        yield say("a publication was cut short; `tongbao run` completes it", "发布中断；运行 `tongbao run` 即可完成")
    if standing.published_at:
        yield say("published ", "发布于 ") + _local(standing.published_at)
    else:
        yield say(
            "nothing is published yet; run `tongbao sample` and `tongbao run`",
            "尚未发布；先运行 `tongbao sample`，再运行 `tongbao run`",
        )
    if standing.is_candidate_waiting:
        yield say(
            "a candidate waits to be published: tongbao inspect, tongbao run, tongbao discard",
            "有候选库等待发布：tongbao inspect 查看，tongbao run 继续，tongbao discard 丢弃",
        )


def _describe_sources(standing) -> Iterator[str]:
    width = max((len(each.source) for each in standing.sources), default=0)
    for each in standing.sources:
        aside = say(f", {each.quarantined} quarantined", f"，隔离 {each.quarantined} 条") if each.quarantined else ""
        until = each.covered_until or "?"
        yield f"{each.source:{width}}  " + say(
            f"until {until} ({each.days_old} days ago)  {each.files} files, {each.rows} rows{aside}",
            f"截至 {until}（{each.days_old} 天前）  {each.files} 个文件，{each.rows} 条{aside}",
        )


def _describe_run(run) -> Iterator[str]:
    ended = _local(run.ended_at) if run.ended_at else say("not ended", "未结束")
    yield f"{say(run.state, _STATES[run.state])}  {_local(run.started_at)} – {ended}"
    yield say(
        f"checks: {run.passed} passed, {run.warned} warned, {run.failed} failed",
        f"检查：通过 {run.passed} 项，提示 {run.warned} 项，未通过 {run.failed} 项",
    )
    if run.reason:
        yield run.reason
    if run.page:
        yield run.page


def _describe_checks(standing) -> Iterator[str]:
    if not standing.checks:
        yield say("none", "无")
    for each in standing.checks[:_MOST_CHECKS]:
        yield f"{each.severity}  {each.asset}  {each.check}  {shorten(each.found, _MOST_LETTERS, placeholder=' …')}"
    if (rest := len(standing.checks) - _MOST_CHECKS) > 0:
        yield say(f"and {rest} more: tongbao status --json", f"另有 {rest} 项：tongbao status --json")


def _describe_periods(standing) -> Iterator[str]:
    for kind, each in standing.periods.items():
        until = say("none complete", "无完整期间")
        if each.complete:
            until = say(f"{each.first} to {each.complete}", f"{each.first} 至 {each.complete}")
        now = say(f", running {each.running}", f"，进行中 {each.running}") if each.running else ""
        yield f"{say(kind, _KINDS[kind])}: {until}{now}"


def _describe_bulletins(standing) -> Iterator[str]:
    drafts = ", ".join(standing.drafts) or say("none", "无")
    yield say(f"drafts in {standing.home}/bulletins: {drafts}", f"草稿（{standing.home}/bulletins）：{drafts}")
    released = ", ".join(f"{period} {' '.join(versions)}" for period, versions in standing.releases.items())
    yield say("releases: ", "正式版本：") + (released or say("none", "无"))


def _describe_disk(standing) -> Iterator[str]:
    disk = standing.disk
    yield say(
        f"warehouse {_megabytes(disk.warehouse_bytes)}, free {_megabytes(disk.free_bytes)}, "
        f"a run needs about {_megabytes(disk.needed_bytes)}",
        f"仓库 {_megabytes(disk.warehouse_bytes)}，剩余 {_megabytes(disk.free_bytes)}，"
        f"运行约需 {_megabytes(disk.needed_bytes)}",
    )


def _local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB"
