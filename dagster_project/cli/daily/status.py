"""The command `tongbao status`: what is published, how fresh it is, what the last run found and what waits.

`overview/standing.py` looks; this module prints it on one screen, or as JSON. It changes nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from textwrap import shorten

import click

from dagster_project.gate.spoken import say_acceptance
from dagster_project.terminal.console import console
from dagster_project.terminal.home import find_home
from reports.words.locale import load_locale, words
from reports.words.messages import tell

_MOST_CHECKS = 6
_MOST_FAILED = 4  # of the last run, each with its rows' first and what to do
_MOST_LETTERS = 90  # of what a check found; the page of the verdict has all of it


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
    yield words("status.now"), [*_describe_now(standing)]
    if standing.published_at:
        yield words("status.sources"), [*_describe_sources(standing)]
    if standing.last_run:
        yield words("status.last_run"), [*_describe_run(standing.last_run)]
    if standing.published_at:
        yield words("status.checks"), [*_describe_checks(standing)]
        yield words("status.periods"), [*_describe_periods(standing)]
        yield words("status.bulletins"), [*_describe_bulletins(standing)]
    yield words("status.alerts"), standing.alerts
    yield words("status.disk"), [*_describe_disk(standing)]


def _describe_now(standing) -> Iterator[str]:
    if standing.running:
        yield words("status.running", run=standing.running)
    if standing.is_cut_short:
        yield words("status.cut_short")
    if standing.published_at:
        yield words("status.published", moment=_local(standing.published_at))
    else:
        yield words("status.unpublished")
    if standing.is_candidate_waiting:
        yield words("status.candidate")


def _describe_sources(standing) -> Iterator[str]:
    width = max((len(each.source) for each in standing.sources), default=0)
    for each in standing.sources:
        parts = {"until": each.covered_until or "?", "days": each.days_old, "files": each.files, "rows": each.rows}
        aside = words("status.quarantined", n=each.quarantined) if each.quarantined else ""
        yield f"{each.source:{width}}  {words('status.source', **parts)}{aside}"


def _describe_run(run) -> Iterator[str]:
    ended = _local(run.ended_at) if run.ended_at else words("status.not_ended")
    yield f"{words(f'status.state.{run.state}')}  {_local(run.started_at)} – {ended}"
    yield words("status.judged", passed=run.passed, warned=run.warned, failed=run.failed)
    if run.reason:
        yield tell(run.reason)
    for each in run.failed_checks[:_MOST_FAILED]:
        yield words("status.failed_check", chinese=each.chinese, english=each.english, name=each.check)
        if each.found:
            rest = words("status.more_rows", n=each.count - 1) if each.count > 1 else ""
            yield f"  {shorten(tell(each.found[0]), _MOST_LETTERS, placeholder=' …')}{rest}"
        if each.accepted:
            yield f"  {words('status.accepted', n=each.accepted)}"
            continue
        if each.remedy:
            yield f"  {words('ending.remedy', remedy=each.remedy)}"
        if each.is_acceptable:
            yield f"  {words('ending.accept')}: {say_acceptance(each.check, load_locale())}"
    if (rest := len(run.failed_checks) - _MOST_FAILED) > 0:
        yield words("status.more_failed", n=rest)
    if run.page:
        yield run.page


def _describe_checks(standing) -> Iterator[str]:
    if not standing.checks:
        yield words("status.none")
    for each in standing.checks[:_MOST_CHECKS]:
        found = shorten(tell(each.found), _MOST_LETTERS, placeholder=" …")
        yield f"{each.severity}  {each.asset}  {each.check}  {found}"
    if (rest := len(standing.checks) - _MOST_CHECKS) > 0:
        yield words("status.more", n=rest)


def _describe_periods(standing) -> Iterator[str]:
    for kind, each in standing.periods.items():
        until = words("status.incomplete")
        if each.complete:
            until = words("status.complete", first=each.first, last=each.complete)
        now = words("status.in_progress", period=each.running) if each.running else ""
        yield f"{words(f'status.kind.{kind}')}: {until}{now}"


def _describe_bulletins(standing) -> Iterator[str]:
    drafts = ", ".join(standing.drafts) or words("status.none")
    yield words("status.drafts", folder=f"{standing.home}/bulletins", drafts=drafts)
    released = ", ".join(f"{period} {' '.join(versions)}" for period, versions in standing.releases.items())
    yield words("status.releases", releases=released or words("status.none"))


def _describe_disk(standing) -> Iterator[str]:
    sizes = {name.removesuffix("_bytes"): f"{count / 1e6:.0f} MB" for name, count in asdict(standing.disk).items()}
    yield words("status.space", **sizes)


def _local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}"
