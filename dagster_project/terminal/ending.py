"""Says at a terminal how a run ended: what failed, why and what to do, then warnings, then what is still published.

It takes the result of Dagster's run and the verdict that the run left in `quality/`. Every run that fails gets at least
one reason: a failed check, the message of a step, or else the place of the run's log. Checks are worded in
`gate/spoken.py`; progress during the run is in `progress.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project.disk import describe_fault
from dagster_project.gate.spoken import say_acceptance, say_judgement
from dagster_project.gate.verdict import RunVerdict, page_path, read_verdict
from dagster_project.terminal.console import console, errors
from dagster_project.warehouse.backup import is_lost
from dagster_project.warehouse.damage import is_damage
from dagster_project.warehouse.lock import is_held
from reports.words.catalogue import Words
from reports.words.locale import speaks_chinese
from reports.words.locale import words as say
from reports.words.messages import tell

_FAILURES = {
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.RESOURCE_INIT_FAILURE,
    dg.DagsterEventType.RUN_FAILURE,
}
# what became of the publication -> the sentence in English, said first where the county's language is another
_OUTCOMES = {
    "blocked": "nothing was published",
    "broken": "nothing was published",
    "nothing_published": "nothing was published",
    "cut_short": "publication was cut short",
    "published": "warehouse and bulletins were published; a later step failed",
    "not_rendered": "the bulletin is as it was",
}


def print_warnings(verdict: RunVerdict, words: Words) -> None:
    """The checks that warn, each with its rows and what to do."""
    if warned := verdict.of("warned"):
        errors.print("\n" + words("ending.warnings", n=len(warned)), style="yellow", markup=False)
        for judgement in warned:
            _print_lines(say_judgement(judgement, words), "yellow")


def print_page(home: Path, run_id: str) -> None:
    """Where the page of the verdict is, if the run judged anything."""
    if (page := page_path(home, run_id)).exists():
        console.print(say("run.verdict", path=page), markup=False, soft_wrap=True)


def print_failure(home: Path, outcome: dg.ExecuteInProcessResult, words: Words, *, became: str, checks: int) -> None:
    """How a run ended that failed, or that was to publish and left publication out.

    `became`: a key of the outcomes above; `checks`: how many checks a whole run has, 0 for a run that renders only.
    """
    verdict = read_verdict(home, outcome.run_id)
    failed = verdict.of("failed")
    key = "blocked" if became == "broken" and failed else became
    said = words(f"ending.{key}", n=len(failed)) if key == "blocked" else words(f"ending.{key}")
    english = "" if words.code == "en" or speaks_chinese() else f"{_OUTCOMES[key]} · "
    errors.print(f"[bold red]{english}{said}[/bold red]")
    reasons = [*list_reasons(home, outcome, words, is_blocked=bool(failed))]
    for judgement in failed:
        _print_lines(say_judgement(judgement, words), "red")
    if not reasons and not failed and key != "nothing_published":
        reasons = [str(home / "dagster")]
    for reason in reasons:
        _print_lines([f"{words('ending.failed')} {reason}"], "red")
    judged = sum(judgement.name != "build" for judgement in verdict.judgements)
    if checks and judged and (left := checks - judged) > 0:
        errors.print("\n" + words("ending.skipped", n=left), markup=False)
    print_warnings(verdict, words)
    if key in ("blocked", "broken", "nothing_published"):
        errors.print("\n" + _say_what_stays(home, words), markup=False)
        if not is_held(home):  # what another run is building is not to be discarded
            _print_commands(home, [judgement.name for judgement in failed if judgement.is_acceptable], words)
    if (findings := home / "runs" / outcome.run_id).exists():
        errors.print(f"{words('ending.found')}  {findings}", markup=False)
    print_page(home, outcome.run_id)


def list_reasons(home: Path, outcome: dg.ExecuteInProcessResult, words: Words, *, is_blocked: bool) -> Iterator[str]:
    """Step and message of each failure, the first cause of each; a step that a failed check stopped is left out."""
    told = set()
    for event in outcome.all_events:
        if event.event_type not in _FAILURES:
            continue
        data = event.event_specific_data
        user = getattr(data, "user_failure_data", None)
        is_end = event.event_type == dg.DagsterEventType.RUN_FAILURE
        if is_blocked and (is_end or (user and "verdict" in user.metadata)):
            continue
        reason = user.description if user and user.description else _first_cause(data.error, home)
        # Dagster tells at the end of a run which steps failed, which they have said themselves
        if not reason or reason in told or (is_end and told):
            continue
        told.add(reason)
        yield words("ending.step", step=event.step_key or words("ending.starting"), reason=tell(reason))


def _first_cause(error: Any, home: Path) -> str:
    """The message of the innermost error without the module of its class; a fault of the disk in words of its own."""
    if error is None:
        return ""
    while error.cause:
        error = error.cause
    if fault := describe_fault(error.message, home):
        return fault
    name, _, message = error.message.strip().partition(": ")
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    kind = (error.cls_name or name).rpartition(".")[2]
    return lines[0] if lines and kind in ("Failure", "HelperError", "Damaged") else ": ".join([kind, *lines[:1]])


def _say_what_stays(home: Path, words: Words) -> str:
    import duckdb

    path = home / "warehouse.duckdb"
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            day, period = connection.execute("""
                select
                    coalesce(
                        (
                            select coalesce(max(covers_until) filter (dataset = 'cases'), max(covers_until))
                            from quality.files where verdict = 'loaded'
                        ),
                        (select max(as_of_on) from marts.figures)  -- a province's files say nothing of days
                    ),
                    (select name from marts.dim_periods where is_complete order by ends_on desc, starts_on limit 1)
            """).fetchone()
    except duckdb.Error as error:
        if is_lost(home) or is_damage(str(error)):
            return words("ending.damaged", path=path)
        return str(path) if path.exists() else words("ending.nothing_yet")
    if period is None:
        return words("ending.stays_without_period", day=day)
    return words("ending.stays", day=day, period=period)


def _print_commands(home: Path, acceptable: list[str], words: Words) -> None:
    commands = {}
    if (home / "build" / "candidate.duckdb").exists():
        commands["tongbao inspect"] = words("ending.inspect")
    for name in acceptable:
        commands[say_acceptance(name, words)] = words("ending.accept")
    commands |= {"tongbao discard": words("ending.discard"), "tongbao run": words("ending.run")}
    for command, about in commands.items():
        errors.print(f"  {command}  # {about}", markup=False)


def _print_lines(lines: list[str], colour: str) -> None:
    errors.print()
    errors.print(lines[0], style=colour, markup=False)
    for line in lines[1:]:
        errors.print(line, markup=False)
