"""The chart of electronic certificates stored month by month, with the running total below.

Takes the figures of a period and returns a line with a point a month from a zero base line, or one row a month where a
line has too little room. The rules of the headline are written in headlines/over_months.py.
"""

from itertools import accumulate

import altair as alt

from reports.charts.drawing import ranking, theme
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.months import Months
from reports.charts.drawing.sheet import Chart, Sheet, text_mark
from reports.charts.drawing.typeface import measure
from reports.charts.drawing.values import Unit, has_late_start, ids_of, month_is_cut, months_of, unit_for
from reports.charts.headlines import over_months
from reports.figures.model import Figures

_HEIGHT = 190


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where the period has no certificates of a month."""
    total = figures.get("certificates")
    months = [row for row in months_of(figures, "certificates") if row is not None and row.value is not None]
    if total is None or total.value is None or not months:
        return None
    types = figures.get("certificate_types")
    is_cut = month_is_cut(figures, months[-1].period)
    words = figures.words
    names = [words.month_heading(row.period) for row in months]
    values = [row.value for row in months]
    running_totals = list(accumulate(values))
    unit = unit_for(words, values, "unit.certificate")
    by_month = list(zip(names, values, strict=True))
    period = words.period(figures.short_name, figures.begins_on, figures.as_of_on, figures.is_complete)
    complete_months = by_month[:-1] if is_cut and len(by_month) > 1 else by_month
    subtitle = words("certificates.subtitle", unit=unit.word)
    if types is not None and types.value:
        subtitle += words("certificates.types", count=words.exact(types.value))
    if has_late_start(figures, months[0].period):
        subtitle += words("month_from", month=names[0], day=figures.begins_on.day)
    if is_cut:
        subtitle += words("month_to_date", month=names[-1], day=figures.as_of_on.day)
    sheet = Sheet("certificates", number, width, figures)
    sheet.write_head(over_months.certificates(words, period, total.value, complete_months), subtitle)
    has_line = _line_fits(sheet, names, values, running_totals, unit)
    if has_line:
        bottom = _draw_line(sheet, names, values, running_totals, unit)
    else:
        rows = [
            ranking.Row(name, value, (unit(value), unit(running)))
            for (name, value), running in zip(by_month, running_totals, strict=True)
        ]
        bottom = ranking.draw(sheet, rows, (words("certificates.month"), words("certificates.running")))
    sheet.write_foot(bottom)
    spoken = words("list.item").join(words("spoken.pair", name=name, value=unit(value)) for name, value in by_month)
    return sheet.finish(
        words(
            "certificates.spoken",
            form=words("form.line" if has_line else "form.bars"),
            unit=unit.word,
            months=spoken,
            total=unit(running_totals[-1]),
        ),
        *tabulate(
            {words("month"): names},
            Column(head_column(figures, "certificates"), months),
            Column(
                words.titled(words("certificates.running"), words("unit.certificate")),
                months,
                "cumulative",
                amounts=running_totals,
            ),
        ),
        ids_of(total, types, *months),
        words("unit.note", unit=unit.word),
    )


def _draw_line(sheet: Sheet, names: list[str], values: list[float], running_totals: list[float], unit: Unit) -> float:
    top = sheet.top + 24
    words = sheet.words
    months = Months(sheet, names, max(values), top, top + _HEIGHT, (words("certificates.running"),))
    rows = [
        {"month": name, "value": value, "text": unit(value), "shift": _sideways(values, place, sheet)}
        for place, (name, value) in enumerate(zip(names, values, strict=True))
    ]
    points = alt.Chart().encode(x=months.x(), y=months.y("value"))
    sheet.draw(points.mark_area(), rows)
    sheet.draw(points.mark_line(), rows)
    sheet.draw(points.mark_point(size=90, stroke=theme.PAPER, strokeWidth=1.5), rows)
    months.draw_base()
    # the line would cross the value of a valley if it were written above its point
    below = [row for place, row in enumerate(rows) if _is_valley(values, place) and months.height_of(row["value"]) > 34]
    above = [row for row in rows if row not in below]
    # an edge in the colour of the ground keeps a value apart from the line
    looks = {"size": _value_size(sheet, names), "bold": True, "strokeWidth": 4, "dx": alt.expr("datum.shift")}
    months.draw_texts("value", above, text_mark(stroke=theme.PAPER, dy=-12, **looks))
    months.draw_texts("value", below, text_mark(stroke=theme.WASH, dy=23, **looks))
    months.draw_row(words("certificates.running"), [unit(running) for running in running_totals], 43, colour=theme.INK2)
    return months.bottom + 51


def _is_valley(values: list[float], place: int) -> bool:
    """Whether the line rises from a point to either side; at an end, whether it rises steeply enough to matter."""
    here, steep = values[place], max(values) / 4
    if place in (0, len(values) - 1):
        return values[1 if place == 0 else place - 1] - here > steep
    return values[place - 1] > here < values[place + 1]


def _sideways(values: list[float], place: int, sheet: Sheet) -> float:
    """How far a value moves away from a rising or falling line, in px; only where months are narrow."""
    if sheet.is_wide or not 0 < place < len(values) - 1:
        return 0
    before, here, after = values[place - 1 : place + 2]
    return -9 if before < here < after else 9 if before > here > after else 0


def _value_size(sheet: Sheet, names: list[str]) -> int:
    return 15 if sheet.is_wide and len(names) < 9 else 13


def _line_fits(sheet: Sheet, names: list[str], values: list[float], running_totals: list[float], unit: Unit) -> bool:
    widest_value = max(measure(unit(value), _value_size(sheet, names), bold=True) for value in values)
    widest_total = max(measure(unit(running), 13) for running in running_totals)
    return (
        len(values) > 2
        and max(widest_value, widest_total)
        <= Months(sheet, names, 0, titles=(sheet.words("certificates.running"),)).step - 6
    )
