"""The chart of the county's rank among its neighbours, one row an indicator that the region feeds back.

Takes the figures of a period and returns a row of places for each indicator: the county's present place is filled, its
place before is a ring. The region computes the ranks; this module only draws them. The rules of the headline are
written in headlines/comparisons.py.
"""

from math import pi

import altair as alt

from reports.charts.drawing import theme
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.sheet import MARGIN, Chart, Sheet, amount, band, pixel, text_mark
from reports.charts.drawing.typeface import measure
from reports.charts.drawing.value_columns import place_columns
from reports.charts.drawing.values import ids_of
from reports.charts.headlines import comparisons
from reports.figures.model import Figure, Figures

_PITCH = 36  # px
_RING = 1.5  # px


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where the period has no ranks."""
    ranks = [row for row in figures.by("county_rank", "indicator") if row.value is not None]
    if not ranks:
        return None
    gaps = [figures.get("county_gap", "indicator", row.member) for row in ranks]
    places = max(figures.county_count, *(int(v) for row in ranks for v in (row.value, row.previous_value) if v))
    words, names = figures.words, [figures.label("indicator", row.member) for row in ranks]
    sheet = Sheet("county", number, width, figures)
    placed = [(name, int(row.value)) for name, row in zip(names, ranks, strict=True)]
    sheet.write_head(comparisons.county(words, placed, places), words("county.subtitle"))
    sheet.write_foot(_draw_strips(sheet, names, ranks, gaps, places, head_column(figures, "county_rank")))
    spoken = words("list.item").join(
        words("county.rank", name=name, place=f"{row.value:.0f}")
        + (words("county.rank_before", place=f"{row.previous_value:.0f}") if row.previous_value else "")
        for name, row in zip(names, ranks, strict=True)
    )
    rank = head_column(figures, "county_rank")
    return sheet.finish(
        words("county.spoken", n=places, ranks=spoken),
        *tabulate(
            {figures.dimension_name("indicator"): names},
            Column(words("now", name=rank), ranks),
            Column(words("before", name=rank), ranks, "previous_value"),
            Column(head_column(figures, "county_rank", "numerator"), ranks, "numerator", is_mixed=True),
            Column(head_column(figures, "county_gap", "denominator"), gaps, "denominator", is_mixed=True),
            Column(head_column(figures, "county_gap"), gaps, is_mixed=True),
        ),
        ids_of(*ranks, *gaps),
        words("county.note"),
    )


def _draw_strips(
    sheet: Sheet, names: list[str], ranks: list[Figure], gaps: list[Figure | None], places: int, rank: str
) -> float:
    """Draws a strip of places for each indicator and returns the lower edge."""
    cells = [
        (
            sheet.words("county.place", place=f"{row.value:.0f}"),
            sheet.words.amount(row.numerator),
            sheet.words.amount(gap.denominator if gap else None),
        )
        for row, gap in zip(ranks, gaps, strict=True)
    ]
    columns = place_columns(sheet, (rank, sheet.words("county.own"), sheet.words("county.leader")), cells)
    columns.draw_header(sheet, sheet.top + 12)
    start = MARGIN + max(measure(name, 13) for name in names) + 20
    end = columns.left - 8
    radius = max(min(9, (end - start) / max(places - 1, 1) / 2 - 1), 2.5)
    top = sheet.top + 36 - _PITCH / 2
    bottom = top + _PITCH * len(ranks)
    y = band(alt.Y, "place", list(range(len(ranks))), top, bottom)
    x = amount(alt.X, "rank", max(places, 2), start, end, smallest=1)
    rows = [
        {"place": place, "text": name, "rank": row.value, "before": row.previous_value}
        for place, (name, row) in enumerate(zip(names, ranks, strict=True))
    ]
    strip = alt.Chart().mark_rule(color=theme.GHOST)
    sheet.draw(strip.encode(x=alt.XValue(start), x2=alt.X2Value(end), y=y), rows)
    ticks = [{"place": row["place"], "rank": rank} for row in rows for rank in range(1, places + 1)]
    sheet.draw(alt.Chart().mark_tick(orient="vertical", size=10).encode(x=x, y=y), ticks)
    moved = [row | {"rank": row["before"]} for row in rows if row["before"] and row["before"] != row["rank"]]
    sheet.draw(_ring(radius).encode(x=x, y=y), moved)
    sheet.draw(_dot(radius).encode(x=x, y=y), rows)
    sheet.draw(text_mark(align="left", dy=4.5).encode(x=alt.XValue(MARGIN), y=y, text=alt.Text("text:N")), rows)
    columns.draw_cells(sheet, y)
    if not moved:
        return bottom - _PITCH / 2 + 16
    return _draw_key(sheet, bottom + 16, radius)


def _draw_key(sheet: Sheet, y: float, radius: float) -> float:
    now = sheet.words("county.now")
    after = MARGIN + 51 + measure(now, 12)
    for mark, x in ((_dot(radius), MARGIN + 9), (_ring(radius), after)):
        sheet.draw(mark.encode(x=pixel(alt.X, "x"), y=pixel(alt.Y, "y")), [{"x": x, "y": y - 4.5}])
    sheet.write(MARGIN + 24, y, now, 12, theme.INK2)
    sheet.write(after + 15, y, sheet.words("county.before"), 12, theme.INK2)
    return y + 8


def _dot(radius: float) -> alt.Chart:
    return alt.Chart().mark_point(size=pi * radius**2)


def _ring(radius: float) -> alt.Chart:
    middle = radius - _RING / 2
    return alt.Chart().mark_point(size=pi * middle**2, fill=theme.PAPER, stroke=theme.MUTED, strokeWidth=_RING)
