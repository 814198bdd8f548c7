"""Draws the history of one check over the last runs as a small SVG that carries no colours of its own.

Each run is a block: low if the check passed, of middle height if it warned, of full height if it failed. A check with
bounds also has a line a run from the lowest to the highest number that it saw, between the bounds. The classes are
coloured by the style of the page; the words beside the chart are written in verdict_page.py.
"""

from collections.abc import Sequence

from dagster_project.gate.verdict import Judgement

MOST_RUNS = 30
_STEP = 8  # px a run
_STRIP, _PLOT, _GAP = 18, 44, 6  # px, heights
_HEIGHTS = {"passed": 4, "warned": 11, "failed": 18}


def draw_history(judgements: Sequence[Judgement | None], alternative: str) -> str:
    """The SVG of one check's judgements, oldest first, None for a run that did not judge it; the last is this run."""
    judgements = [None] * (MOST_RUNS - len(judgements)) + list(judgements)[-MOST_RUNS:]
    plot = _draw_numbers(judgements)
    top = _PLOT + _GAP if plot else 0
    parts = [plot, f'<path class="axis" d="M0 {top + _STRIP + 0.5}h{MOST_RUNS * _STEP}"/>']
    for outcome, height in _HEIGHTS.items():
        blocks = "".join(
            f"M{place * _STEP + 1} {top + _STRIP}v-{height}h{_STEP - 2}v{height}z"
            for place, judgement in enumerate(judgements)
            if judgement and judgement.outcome == outcome
        )
        if blocks:
            parts.append(f'<path class="{outcome}" d="{blocks}"/>')
    width, height = MOST_RUNS * _STEP, top + _STRIP + 1
    return (
        f'<svg class="history" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{alternative}">{"".join(parts)}</svg>'
    )


def _draw_numbers(judgements: Sequence[Judgement | None]) -> str:
    """Lines from the lowest to the highest number of each run, and the bounds; '' without numbers or bounds."""
    seen = [(place, j) for place, j in enumerate(judgements) if j and j.lowest is not None and j.highest is not None]
    if not seen:
        return ""
    newest = seen[-1][1]
    bounds = [bound for bound in (newest.least, newest.most) if bound is not None]
    if not bounds:
        return ""
    numbers = [*bounds, *(number for _, j in seen for number in (j.lowest, j.highest))]
    bottom, top = min(numbers), max(numbers)
    scale = (_PLOT - 4) / (top - bottom) if top > bottom else 0

    def level(number: float) -> float:
        return round(_PLOT - 2 - (number - bottom) * scale, 1)

    lines = "".join(
        f"M{place * _STEP + _STEP / 2:g} {level(j.lowest) + 1.5:g}V{level(j.highest) - 1.5:g}" for place, j in seen
    )
    limits = "".join(f"M0 {level(bound):g}h{MOST_RUNS * _STEP}" for bound in bounds)
    return f'<path class="bound" d="{limits}"/><path class="seen" d="{lines}"/>'
