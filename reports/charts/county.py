"""Here is the chart of the county's rank among its neighbours, one row an indicator that the region feeds back.
The headline's rules stay out, and so does any ranking of our own.
It hands `draw` to the bulletin's list of charts.
"""

import altair as alt

from reports.charts import headlines, theme
from reports.charts.sheet import MARGIN, Chart, Sheet, at_x, at_y
from reports.charts.values import Column, ids_of, tabled
from reports.figures.load import Figure, Figures
from reports.text import wording

_PITCH = 36


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """A strip of places a row, the county's own filled, its place before as a ring; None without ranks."""
    ranks = [row for row in figures.by("county_rank", "indicator") if row.value is not None]
    if not ranks:
        return None
    gaps = [figures.get("county_gap", "indicator", row.member) for row in ranks]
    places = max(figures.county_count, *(int(v) for row in ranks for v in (row.value, row.previous_value) if v))
    headline = headlines.county([(row.member, int(row.value)) for row in ranks], places)
    subtitle = f"图{number} 上级反馈指标在各县（市、区）中的位次，左为第1位"
    sheet = Sheet("county", width)
    sheet.head(headline, subtitle)
    bottom = _strips(sheet, ranks, gaps, places)
    sheet.foot(bottom, figures.source_line)
    spoken = "；".join(
        f"{row.member}第{row.value:.0f}位" + (f"，上期第{row.previous_value:.0f}位" if row.previous_value else "")
        for row in ranks
    )
    alternative = f"{headline}。位次图，共{places}个县（市、区）：{spoken}。"
    table, marks = tabled(
        {"指标": [row.member for row in ranks]},
        Column("本期位次", ranks),
        Column("上期位次", ranks, "previous_value"),
        Column("本地数值", ranks, "numerator", is_mixed=True),
        Column("首位数值", gaps, "denominator", is_mixed=True),
        Column("与首位的差距", gaps, is_mixed=True),
    )
    return Chart(
        number, sheet.key, headline, subtitle, alternative, figures.source_line, sheet.svg(alternative), table,
        ids_of(*ranks, *gaps), "位次为上级反馈；数值单位随指标", marks,
    )  # fmt: skip


def _strips(sheet: Sheet, ranks: list[Figure], gaps: list[Figure | None], places: int) -> float:
    cells = [
        (f"第{row.value:.0f}位", wording.amount(row.numerator), wording.amount(gap.denominator if gap else None))
        for row, gap in zip(ranks, gaps, strict=True)
    ]
    header = ("位次", "本地", "首位")
    widths = [
        max(theme.measure(text, 13, bold=True) for text in (title, *(row[place] for row in cells)))
        for place, title in enumerate(header)
    ]
    gap = 22 if sheet.is_wide else 10
    edges = [sheet.right - sum(widths[place + 1 :]) - gap * (len(header) - 1 - place) for place in range(len(header))]
    start = MARGIN + max(theme.measure(row.member, 13) for row in ranks) + 20
    end = edges[0] - widths[0] - gap - 8
    step = (end - start) / max(places - 1, 1)
    radius = max(min(9, step / 2 - 1), 2.5)
    y = sheet.top + 12
    for title, edge in zip(header, edges, strict=True):
        sheet.write(edge, y, title, 12, theme.INK2, align="right")
    middles = [y + 24 + place * _PITCH for place in range(len(ranks))]
    ticks = [
        {"x": start + step * place, "x2": start + step * place, "y": middle - 5, "y2": middle + 5}
        for middle in middles
        for place in range(places)
    ]
    sheet.lines([{"x": start, "x2": end, "y": middle, "y2": middle} for middle in middles], 1, theme.GHOST)
    sheet.lines(ticks, 1, theme.GHOST)
    moved = [
        {"x": start + step * (row.previous_value - 1), "y": middle}
        for row, middle in zip(ranks, middles, strict=True)
        if row.previous_value and row.previous_value != row.value
    ]
    _ring(sheet, moved, radius)
    at = [{"x": start + step * (row.value - 1), "y": y} for row, y in zip(ranks, middles, strict=True)]
    _dots(sheet, at, radius, theme.MAIN)
    for row, words, middle in zip(ranks, cells, middles, strict=True):
        sheet.write(MARGIN, middle + 4.5, row.member, 13)
        for place, (text, edge) in enumerate(zip(words, edges, strict=True)):
            colour = theme.INK2 if place else theme.INK
            sheet.write(edge, middle + 4.5, text, 13, colour, bold=not place, align="right")
    if not moved:
        return middles[-1] + 16
    y = middles[-1] + 34
    _dots(sheet, [{"x": MARGIN + 9, "y": y - 4.5}], radius, theme.MAIN)
    sheet.write(MARGIN + 24, y, "本期", 12, theme.INK2)
    _ring(sheet, [{"x": MARGIN + 75, "y": y - 4.5}], radius)
    sheet.write(MARGIN + 90, y, "上期，有变动的", 12, theme.INK2)
    return y + 8


def _ring(sheet: Sheet, rows: list[dict], radius: float) -> None:
    _dots(sheet, rows, radius, theme.MUTED)
    _dots(sheet, rows, radius - 1.5, theme.PAPER)


def _dots(sheet: Sheet, rows: list[dict], radius: float, colour: str) -> None:
    mark = alt.Chart().mark_point(filled=True, size=3.1416 * radius * radius, color=colour, opacity=1)
    sheet.draw(mark.encode(x=at_x("x"), y=at_y("y")), rows)
