"""The chart of the daily volumes as a calendar: a column a week, a row a weekday, darker where busier.

Takes the figures of a period and returns a chart of every day up to the as-of day. dbt counts the days; the rules of
the headline are written in headlines/over_months.py.
"""

from bisect import bisect_left
from datetime import date, timedelta
from itertools import groupby

import altair as alt
import pandas as pd

from reports.charts.drawing import theme
from reports.charts.drawing.data_table import Column, Marks, tabulate
from reports.charts.drawing.sheet import MARGIN, Chart, Sheet, amount, text_mark
from reports.charts.drawing.typeface import measure
from reports.charts.drawing.values import ids_of
from reports.charts.headlines import over_months
from reports.figures.model import Figure, Figures
from reports.words.catalogue import Words

# one hue, from light to dark; a day without a case has the colour of a track
_STEPS = (theme.STEP1, theme.STEP2, theme.STEP3, theme.STEP4)
_LABELS = 22  # px, room for the names of weekdays
_GAP = 1.5  # px between two days
_WEEKS_A_BAND = 27  # a narrow sheet shows a year in two bands


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where the period has no days or no case came in."""
    rows_by_day = {row.member: row for row in figures.by("case_volume", "day")}
    if not rows_by_day:
        return None
    count = (figures.as_of_on - figures.begins_on).days + 1
    days = [figures.begins_on + timedelta(place) for place in range(count)]
    volumes = [(day, rows_by_day[str(day)].value if str(day) in rows_by_day else 0.0) for day in days]
    words = figures.words
    sheet = Sheet("calendar", number, width, figures)
    sheet.write_head(over_months.calendar(words, volumes, figures.free_days), words("calendar.subtitle"))
    sheet.write_foot(_draw_days(sheet, volumes, words))
    busiest_day, most = max(volumes, key=lambda volume: volume[1])
    return sheet.finish(
        words(
            "calendar.spoken",
            span=words.span(days[0], days[-1]),
            count=words.exact(most),
            day=words.day(busiest_day),
        ),
        *_tabulate_weeks(days, rows_by_day, words),
        ids_of(*rows_by_day.values()),
        words("unit.note", unit=words("unit.case")),
    )


def _draw_days(sheet: Sheet, volumes: list[tuple[date, float]], words: Words) -> float:
    """Draws a square for each day and returns the lower edge. The scales count in days: one day is one unit."""
    limits = _limits([volume for _, volume in volumes if volume])
    first, last = volumes[0][0], volumes[-1][0]
    monday = first - timedelta(first.weekday())
    weeks = (last - monday).days // 7 + 1
    per_band = weeks if sheet.is_wide else min(weeks, _WEEKS_A_BAND)
    bands = -(-weeks // per_band)
    left, top = MARGIN + _LABELS, sheet.top + 16
    day_size = min((sheet.right - left) / per_band, 30)
    band_height = 7 + 34 / day_size
    side = 1 - _GAP / day_size
    squares, month_starts = [], []
    for day, volume in volumes:
        band, x = divmod((day - monday).days // 7, per_band)
        y = band * band_height + day.weekday()
        colour = _STEPS[bisect_left(limits, volume)] if volume else theme.TRACK
        squares.append({"x": x, "x2": x + side, "y": y, "y2": y + side, "colour": colour})
        if day.day == 1 or (day == first and day.day < 15):
            month_starts.append((left + x * day_size, top + band * band_height * day_size - 6, day))
    squares.sort(key=lambda square: square["colour"])  # svg.py joins squares of one colour that follow each other
    across = amount(alt.X, "x", per_band, left, left + per_band * day_size)
    down = amount(alt.Y, "y", bands * band_height, top, top + bands * band_height * day_size)
    square = alt.Chart().mark_rect().encode(x=across, x2=alt.X2("x2:Q"), y=down, y2=alt.Y2("y2:Q"))
    sheet.draw(square.encode(color=alt.Color("colour:N", scale=None)), squares)
    weekdays = words.list("date.weekdays")
    named = (0, 2, 4) if day_size < 16 else range(7)
    names = [
        {"y": band * band_height + weekday + 0.5, "text": weekdays[weekday]}
        for band in range(bands)
        for weekday in named
    ]
    name = text_mark(11.5, theme.INK2, align="left", dy=4)
    sheet.draw(name.encode(x=alt.XValue(MARGIN), y=down, text=alt.Text("text:N")), names)
    for x, y, day in month_starts:
        month = words.month_heading(f"{day:%Y-%m}")
        sheet.write(min(x, sheet.right - measure(month, 12)), y, month, 12, theme.INK2)
    y = top + bands * band_height * day_size - 10
    steps = [words("calendar.none"), *(f"≤{words.exact(limit)}" for limit in limits)]
    colours = (theme.TRACK, *_STEPS)[: len(steps)]
    entries = list(zip(colours, steps, strict=True))
    sheet.draw_legend(left, y, entries, gap=14 if sheet.is_wide else 9, size=11.5)
    return y + 8


def _limits(volumes: list[float]) -> list[float]:
    """The largest volume of each quarter of the days: as many days are light as dark. Equal limits are one."""
    ordered = sorted(volumes) or [0]
    return sorted({ordered[-(-len(ordered) * step // len(_STEPS)) - 1] for step in range(1, len(_STEPS) + 1)})


def _tabulate_weeks(days: list[date], rows_by_day: dict[str, Figure], words: Words) -> tuple[pd.DataFrame, Marks]:
    """A row a week, a column a weekday; days outside the period have no number."""
    weeks = [
        (monday, {day.weekday(): rows_by_day.get(str(day)) for day in week})
        for monday, week in groupby(days, key=lambda day: day - timedelta(day.weekday()))
    ]
    names = words.list("date.weekday_headings")
    columns = [Column(name, [week.get(weekday) for _, week in weeks]) for weekday, name in enumerate(names)]
    return tabulate({words("calendar.monday"): [str(monday) for monday, _ in weeks]}, *columns)
