"""Here is the chart of electronic certificates stored month by month, with the running total below.
The headline's rules stay out, and so does the form for months that leave no room for a line.
It hands `draw` to the bulletin's list of charts.
"""

from itertools import accumulate

import altair as alt

from reports.charts import headlines, rows, theme
from reports.charts.sheet import MARGIN, Chart, Sheet, at_x, scaled
from reports.charts.values import Column, Unit, ids_of, month_is_cut, month_name, months_of, tabled, unit_for
from reports.figures.load import Figures
from reports.text import wording

_HEIGHT = 190


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """A line with a point a month from a zero baseline, or rows where that has no room; None without data."""
    total = figures.get("certificates")
    months = [row for row in months_of(figures, "certificates") if row is not None and row.value is not None]
    if total is None or total.value is None or not months:
        return None
    kinds = figures.get("certificate_types")
    is_cut = month_is_cut(figures, months[-1].period)
    names = [month_name(row.period) for row in months]
    values = [row.value for row in months]
    sums = list(accumulate(values))
    unit = unit_for(values, "个")
    data = list(zip(names, values, strict=True))
    called = wording.period(figures.short_name, figures.starts_on, figures.as_of_on, figures.is_complete)
    headline = headlines.certificates(called, total.value, data[:-1] if is_cut and len(data) > 1 else data)
    subtitle = f"图{number} 电子证照月入库量（{unit.word}）"
    if kinds is not None and kinds.value:
        subtitle += f"，本期入库{wording.exact(kinds.value)}类"
    if is_cut:
        subtitle += f"，{names[-1]}截至{figures.as_of_on.day}日"
    sheet = Sheet("certificates", width)
    sheet.head(headline, subtitle)
    is_line = _fits_line(sheet, values, sums, unit)
    if is_line:
        bottom = _line(sheet, names, values, sums, unit)
    else:
        listed = [
            rows.Row(name, value, (unit(value), unit(running)))
            for (name, value), running in zip(data, sums, strict=True)
        ]
        bottom = rows.draw(sheet, listed, ("当月", "累计"))
    sheet.foot(bottom, figures.source_line)
    spoken = "；".join(f"{name}{unit(value)}" for name, value in data)
    form = "折线图" if is_line else "条形图"
    alternative = f"{headline}。{form}，电子证照月入库量，单位{unit.word}：{spoken}；累计{unit(sums[-1])}。"
    table, marks = tabled(
        {"月份": names}, Column("入库量（个）", months), Column("累计（个）", months, "cumulative", amounts=sums)
    )
    return Chart(
        number, sheet.key, headline, subtitle, alternative, figures.source_line, sheet.svg(alternative), table,
        ids_of(total, kinds, *months), f"单位：{unit.word}", marks,
    )  # fmt: skip


def _line(sheet: Sheet, names: list[str], values: list[float], sums: list[float], unit: Unit) -> float:
    start, step = _geometry(sheet, len(values))
    top = sheet.top + 24
    bottom = top + _HEIGHT
    largest = max(values)
    upright = scaled(alt.Y, largest, bottom, top)
    data = [{"x": start + step * (place + 0.5), "value": value} for place, value in enumerate(values)]
    base = alt.Chart().encode(x=at_x("x"), y=upright)
    sheet.draw(base.mark_area(color=theme.WASH, line=False), data)
    sheet.draw(base.mark_line(), data)
    dot = base.mark_point(filled=True, size=90, color=theme.MAIN, stroke=theme.PAPER, strokeWidth=1.5, opacity=1)
    sheet.draw(dot, data)
    sheet.lines([{"x": start, "x2": sheet.right, "y": bottom, "y2": bottom}], 1, theme.INK2)
    for place, (point, name) in enumerate(zip(data, names, strict=True)):
        x, y = point["x"], bottom - point["value"] / (largest or 1) * _HEIGHT
        # in a valley the line would run through a value set above its point
        below = _is_valley(values, place) and bottom - y > 34
        size = 15 if sheet.is_wide and len(values) < 9 else 13
        sheet.write(x + _aside(values, place, sheet), y + (23 if below else -12), unit(point["value"]), size,
                    bold=True, align="center", edge=theme.WASH if below else theme.PAPER)  # fmt: skip
        sheet.write(x, bottom + 20, name, 14 if sheet.is_wide else 13, align="center")
        sheet.write(x, bottom + 43, unit(sums[place]), 13, theme.INK2, align="center")
    sheet.write(MARGIN, bottom + 43, "累计", 13, theme.INK2)
    return bottom + 51


def _is_valley(values: list[float], place: int) -> bool:
    """Whether the line rises from a point to either side; at an end, whether it rises steeply enough to matter."""
    here, steep = values[place], max(values) / 4
    if place in (0, len(values) - 1):
        return values[1 if place == 0 else place - 1] - here > steep
    return values[place - 1] > here < values[place + 1]


def _aside(values: list[float], place: int, sheet: Sheet) -> float:
    if sheet.is_wide or not 0 < place < len(values) - 1:
        return 0
    before, here, after = values[place - 1 : place + 2]
    return -9 if before < here < after else 9 if before > here > after else 0


def _geometry(sheet: Sheet, count: int) -> tuple[float, float]:
    start = MARGIN + 39 if sheet.is_wide else MARGIN + 31
    return start, (sheet.right - start) / count


def _fits_line(sheet: Sheet, values: list[float], sums: list[float], unit: Unit) -> bool:
    _, step = _geometry(sheet, len(values))
    size = 15 if sheet.is_wide and len(values) < 9 else 13
    widest = max(theme.measure(unit(value), size, bold=True) for value in values)
    return len(values) > 2 and max(widest, *(theme.measure(unit(each), 13) for each in sums)) <= step - 6
