"""Writes the key points that stand before the first section: three to five plain sentences, chosen by rules.

It takes the `Filling` of a text and returns Markdown: a lead-in and a list, whose numbers are marked with their rows
like those of the office's own sentences. Each rule gives one sentence, or none where the period lacks its numbers; with
fewer than three there are no key points. The words of the sentences stand in reports/words.
"""

from collections.abc import Sequence

from reports.figures.model import Figure
from reports.text.expressions import FigureText
from reports.text.filling import Filling

_FEWEST = 3
# what may be named as moved most; the volume has a sentence of its own
_MOVING = (
    "via_platform_share",
    "fully_online_share",
    "mobile_share",
    "item_coverage",
    "overdue_open",
    "on_time_rate",
    "avg_working_days",
    "evaluations",
    "evaluation_rate",
    "satisfaction",
    "certificates",
)
# a count below this moves by whole percents with each case, so it is never what moved most
_SMALLEST_BASE = 30


def write_key_points(filling: Filling) -> str:
    """The lead-in and the points as a Markdown list, or '' where fewer than three rules find their numbers."""
    rules = (_write_volume, _write_largest_move, _write_rise_in_rank, _write_county, _write_time_used)
    points = [point for rule in rules if (point := rule(filling))]
    if len(points) < _FEWEST:
        return ""
    return "\n".join([filling.figures.words("key_points.lead"), "", *(f"- {point}" for point in points)])


def _write_volume(filling: Filling) -> str:
    volume, words = FigureText(filling, "case_volume"), filling.figures.words
    if not volume.exists:
        return ""
    change = volume.yoy(words("list.clause"))
    return words("key_points.volume", city=filling.figures.city_word, volume=volume.quantity(), change=change)


def _write_largest_move(filling: Filling) -> str:
    """The figure whose value changed most in relation to the year before, or without one to the period before."""
    figures, moves = filling.figures, []
    for key in _MOVING:
        row = figures.get(key)
        base = row and (row.previous_value if row.year_ago_value is None else row.year_ago_value)
        if row is None or row.value is None or not base:
            continue
        definition = figures.definition(key)
        is_count = definition.style in ("exact", "wan")
        _, size = figures.words.change(row.value, base, definition.style, definition.unit)
        if size and not (is_count and base < _SMALLEST_BASE):
            moves.append((abs(row.value / base - 1), key))
    if len(moves) < 2:
        return ""
    moved = FigureText(filling, max(moves, key=lambda move: move[0])[1])
    change = moved.yoy() or moved.mom()
    return figures.words("key_points.moved", name=moved.name, value=moved.quantity(), change=change)


def _write_rise_in_rank(filling: Filling) -> str:
    """The township that rose most places by volume since the period before, or since the year before without one."""
    figures, words = filling.figures, filling.figures.words
    towns = [row for row in figures.by("case_volume", figures.places) if not row.is_unstated and row.value is not None]
    base = next((part for part in ("previous", "year_ago") if any(_base(row, part) for row in towns)), "")
    if not base or len(towns) < _FEWEST or any(_base(row, base) is None for row in towns):
        return ""
    name = words(f"key_points.{base}")
    now = _rank([row.value for row in towns])
    before = _rank([_base(row, base) for row in towns])
    rise, place = max((then - here, -place) for place, (here, then) in enumerate(zip(now, before, strict=True)))
    if rise <= 0:
        return words("key_points.level", base=name)
    row = towns[-place]
    return words(
        "key_points.risen",
        town=figures.label(figures.places, row.member),
        base=name,
        before=filling.mark(str(before[-place]), row, before[-place], f"{base}_rank"),
        now=filling.mark(str(now[-place]), row, now[-place], "rank"),
    )


def _write_county(filling: Filling) -> str:
    """The indicator in which the region ranks this county lowest, with the county that leads and its value."""
    figures, words = filling.figures, filling.figures.words
    ranks = [row for row in figures.by("county_rank", "indicator") if row.value is not None]
    gaps = {row.member: row for row in figures.by("county_gap", "indicator")}
    ranks = [row for row in ranks if row.member in gaps and row.member in figures.leaders]
    if not ranks:
        return ""
    last = max(ranks, key=lambda row: row.value)
    gap, leader = gaps[last.member], figures.leaders[last.member]

    def part(name: str) -> str:
        amount = getattr(gap, name)
        return words.quantity(filling.mark(words.amount(amount), gap, amount, name), leader.unit)

    return words(
        "key_points.first" if last.value == 1 else "key_points.county",
        indicator=figures.label("indicator", last.member),
        rank=filling.mark(words.exact(last.value), last, last.value),
        leader=words.listing(leader.names),
        best=part("denominator"),
        county=figures.jurisdiction_name,
        own=part("numerator"),
    )


def _write_time_used(filling: Filling) -> str:
    mean, words = FigureText(filling, "avg_working_days"), filling.figures.words
    if not mean.exists:
        return ""
    spread = ""
    if all(filling.figures.get(key) for key in ("median_working_days", "p90_working_days")):
        median, most = FigureText(filling, "median_working_days"), FigureText(filling, "p90_working_days")
        spread = words("key_points.spread", median=median.quantity(), most=most.quantity())
    return words("key_points.time_used", mean=mean.quantity(), spread=spread)


def _base(row: Figure, part: str) -> float | None:
    return getattr(row, f"{part}_value")


def _rank(values: Sequence[float]) -> list[int]:
    """The place of each value, the largest first; equal values share a place."""
    return [1 + sum(other > value for other in values) for value in values]
