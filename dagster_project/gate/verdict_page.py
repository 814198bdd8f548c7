"""Writes the page of a run's verdict, and the page that lists all runs, into `<home>/quality/`.

`write_pages` takes the verdict of a run and those of earlier runs. It orders checks by urgency within their layer, and
words numbers, bounds and histories. Sentences are in reports/words under `verdict`, the looks in
reports/formats/html/page_parts/verdict.html.j2 and verdict.css.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from dagster_project.disk import replace_file
from dagster_project.gate.history_chart import MOST_RUNS, draw_history
from dagster_project.gate.spoken import name_check, say_text
from dagster_project.gate.verdict import (
    MOST_FINDINGS,
    Judgement,
    RunVerdict,
    page_path,
    verdict_folder,
)
from reports.formats.html.template import fill_template
from reports.words.catalogue import Words, load_words
from reports.words.messages import tell

_LAYERS = ("files", "structure", "plausibility", "figures", "presentation")
_OUTCOMES = ("failed", "warned", "passed")
_STYLES = ("bulletin.css", "verdict.css")


@dataclass(frozen=True)
class Setting:
    """Whose home it is, and in which language and time zone its pages speak."""

    county: str
    language: str
    timezone: str


def write_pages(home: Path, verdict: RunVerdict, earlier: Sequence[RunVerdict], setting: Setting) -> Path:
    """Write the page of `verdict` and index.html; returns the page. `earlier`: the newest other verdicts."""
    words = load_words(setting.language)
    # glyphs would take 0.4 s of each run, and who runs it has Chinese typefaces
    page = fill_template(
        "verdict.html.j2", styles=_STYLES, carries_glyphs=False, **_describe_run(verdict, earlier, setting, words)
    )
    path, docs = page_path(home, verdict.run_id), "data-docs/index.html"
    docs = docs if (verdict_folder(home) / docs).exists() else ""
    replace_file(path, page)
    replace_file(verdict_folder(home) / "index.html", _list_runs([*earlier, verdict], setting, words, docs))
    return path


def _describe_run(verdict: RunVerdict, earlier: Sequence[RunVerdict], setting: Setting, words: Words) -> dict[str, Any]:
    before = [other for other in earlier if other.started_at <= verdict.started_at and other.judgements]
    history = [{(j.asset, j.name): j for j in other.judgements} for other in [*before, verdict][-MOST_RUNS:]]
    numbers = [len(verdict.of(outcome)) for outcome in _OUTCOMES]
    counts = words(
        "verdict.counts",
        **dict(zip(_OUTCOMES, numbers, strict=True)),
        total=sum(numbers),
    )
    sections = [_describe_layer(layer, verdict, history, words) for layer in _LAYERS]
    sections = [section for section in sections if section["open"] or section["passed"]]
    sections.sort(key=lambda section: section["urgency"])
    return {
        "words": words,
        "masthead": words("verdict.masthead", county=setting.county),
        "title": words(f"verdict.title.{verdict.state}"),
        "subtitle": words("verdict.subtitle", time=_say_time(verdict.started_at, setting, words)),
        "mood": next((outcome for outcome in _OUTCOMES if verdict.of(outcome)), "passed"),
        "summary": words(f"verdict.summary.{verdict.state}", counts=counts),
        "reason": words("verdict.reason_of_failure", reason=tell(verdict.reason, words.code))
        if verdict.state == "failed"
        else "",
        "counts": [
            (outcome, words(f"verdict.outcome.{outcome}"), number)
            for outcome, number in zip(_OUTCOMES, numbers, strict=True)
        ]
        + [("accepted", words("verdict.accepted"), sum(len(j.accepted) for j in verdict.judgements))],
        "sections": sections,
        "accepted": [found for judgement in verdict.judgements for found in judgement.accepted],
        "run": verdict.run_id,
    }


def _describe_layer(
    layer: str, verdict: RunVerdict, history: list[dict[tuple[str, str], Judgement]], words: Words
) -> dict[str, Any]:
    """One section: what failed, then what warned, then what passed."""
    judged = [judgement for judgement in verdict.judgements if judgement.layer == layer]
    judged.sort(key=lambda judgement: (_OUTCOMES.index(judgement.outcome), judgement.asset, judgement.name))
    checks = [_describe_check(judgement, history, words) for judgement in judged]
    passed = [check for check in checks if check["outcome"] == "passed"]
    return {
        "layer": layer,
        "title": words(f"verdict.layer.{layer}"),
        "about": words(f"verdict.about.{layer}"),
        "open": [check for check in checks if check["outcome"] != "passed"],
        "passed": passed,
        "has_numbers": any(check["range"] for check in passed),
        "passed_title": words("verdict.passed_checks", n=len(passed)),
        "urgency": min((_OUTCOMES.index(judgement.outcome) for judgement in judged), default=len(_OUTCOMES)),
    }


def _describe_check(
    judgement: Judgement, history: list[dict[tuple[str, str], Judgement]], words: Words
) -> dict[str, Any]:
    title = name_check(judgement, words) or judgement.name
    runs = [run.get((judgement.asset, judgement.name)) for run in history]
    bounds = _say_bounds(judgement, words)
    range_seen = _say_range(judgement, words)
    told = _say_history(runs, range_seen, bounds, words)
    shown = judgement.findings[:MOST_FINDINGS]
    is_listed = judgement.count > len(shown) > 0
    return {
        "outcome": judgement.outcome,
        "label": words(f"verdict.outcome.{judgement.outcome}"),
        "title": title,
        "asset": judgement.asset,
        "name": judgement.name,
        "extent": _say_extent(judgement, words),
        "remedy": judgement.remedy,
        "accept": f"tongbao accept {judgement.name} --reason … --by …" if judgement.is_acceptable else "",
        "rows": [
            {
                "text": say_text(found.text, words),
                "file": found.file,
                "record": found.record,
                "seen": _say_number(found.seen, words),
            }
            for found in shown
        ],
        "has_file": any(found.file for found in shown),
        "has_record": any(found.record for found in shown),
        "more": words("verdict.more", total=judgement.count, shown=len(shown)) if is_listed else "",
        "bounds": bounds,
        "range": range_seen,
        "history": Markup(draw_history(runs, escape(f"{title}{words('verdict.colon')}{told}"))),
        "history_words": told,
    }


def _say_extent(judgement: Judgement, words: Words) -> str:
    if judgement.judged == 0 and not judgement.count:
        return words("verdict.nothing_to_compare")
    if judgement.judged is None:
        return words("verdict.failing", n=judgement.count) if judgement.count else ""
    return words("verdict.extent", n=judgement.count, judged=words.exact(judgement.judged))


def _say_history(runs: Sequence[Judgement | None], seen: str, bounds: str, words: Words) -> str:
    judged = [run for run in runs if run]
    numbers = {outcome: sum(run.outcome == outcome for run in judged) for outcome in _OUTCOMES}
    told = words("verdict.history_words", n=len(judged), **numbers)
    return told + (words("verdict.history_numbers", seen=seen, bounds=bounds) if seen and bounds else "")


def _say_bounds(judgement: Judgement, words: Words) -> str:
    least, most = _say_number(judgement.least, words), _say_number(judgement.most, words)
    if least and most:
        return words("verdict.range", lowest=least, highest=most)
    return f"≥\u00a0{least}" if least else f"≤\u00a0{most}" if most else ""


def _say_range(judgement: Judgement, words: Words) -> str:
    lowest, highest = _say_number(judgement.lowest, words), _say_number(judgement.highest, words)
    return lowest if lowest == highest else words("verdict.range", lowest=lowest, highest=highest)


def _say_number(number: float | None, words: Words) -> str:
    if number is None:
        return ""
    text = words.exact(number) if number == round(number) or abs(number) >= 1000 else f"{number:.3g}"
    return text.replace("-", "\u2212")


def _say_time(moment: datetime, setting: Setting, words: Words) -> str:
    local = moment.astimezone(ZoneInfo(setting.timezone))
    return f"{words.day(local.date())} {local:%H:%M}"


def _list_runs(verdicts: Iterable[RunVerdict], setting: Setting, words: Words, docs: str) -> str:
    runs = [
        {
            "address": f"{verdict.run_id}.html",
            "time": _say_time(verdict.started_at, setting, words),
            "state": words(f"verdict.state.{verdict.state}"),
            "counts": [len(verdict.of(outcome)) for outcome in _OUTCOMES],
        }
        for verdict in sorted(verdicts, key=lambda verdict: verdict.started_at, reverse=True)
    ]
    return fill_template(
        "verdicts.html.j2",
        styles=_STYLES,
        carries_glyphs=False,
        words=words,
        masthead=words("verdict.masthead", county=setting.county),
        title=words("verdict.all_runs"),
        labels=[words(f"verdict.outcome.{outcome}") for outcome in _OUTCOMES],
        runs=runs,
        docs=docs,
    )
