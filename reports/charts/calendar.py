"""Here is the chart of the daily volumes as a calendar: a column a week, a row a weekday, darker where busier.
The headline's rules stay out, and so does counting the days.
It hands `draw` to the bulletin's list of charts.
"""

from bisect import bisect_left
from datetime import date, timedelta
from itertools import groupby

from reports.charts import headlines, theme
from reports.charts.sheet import MARGIN, Chart, Sheet
from reports.charts.values import Column, ids_of, month_name, tabled
from reports.figures.load import Figure, Figures
from reports.text import wording

# one hue, from light to dark; a day without a case is the track's colour
_STEPS = (theme.STEP1, theme.STEP2, theme.STEP3, theme.STEP4)
_WEEKDAYS = "一二三四五六日"
_LABELS = 22


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """Every day of the period to its as-of day; None where days aren't counted or nothing came in."""
    found = {row.member: row for row in figures.by("case_volume", "day")}
    if not found:
        return None
    span = (figures.as_of_on - figures.starts_on).days + 1
    days = [figures.starts_on + timedelta(each) for each in range(span)]
    values = [(day, found[str(day)].value if str(day) in found else 0.0) for day in days]
    headline = headlines.calendar(values, figures.free_days)
    subtitle = f"图{number} 每日受理办件量（件），每种颜色约占有办件天数的四分之一"
    sheet = Sheet("calendar", width)
    sheet.head(headline, subtitle)
    bottom = _grid(sheet, values)
    sheet.foot(bottom, figures.source_line)
    busiest = max(values, key=lambda pair: pair[1])
    alternative = f"{headline}。日历图，{wording.span(days[0], days[-1])}每日办件量，"
    alternative += f"最多{wording.exact(busiest[1], True)}件（{wording.day(busiest[0])}）。每周的数见数据表。"
    table, marks = _weeks(values, found)
    return Chart(
        number, sheet.key, headline, subtitle, alternative, figures.source_line, sheet.svg(alternative), table,
        ids_of(*found.values()), "单位：件", marks,
    )  # fmt: skip


def _grid(sheet: Sheet, values: list[tuple[date, float]]) -> float:
    limits = _limits([value for _, value in values if value])
    monday = values[0][0] - timedelta(values[0][0].weekday())
    weeks = (values[-1][0] - monday).days // 7 + 1
    room = sheet.right - MARGIN - _LABELS
    # a year on a narrow sheet stands in two bands
    per_band = min(weeks, 27) if not sheet.is_wide else weeks
    cell = min(room / per_band, 30)
    bands = -(-weeks // per_band)
    height = cell * 7 + 34
    squares: dict[str, list[dict]] = {}
    for day, value in values:
        week = (day - monday).days // 7
        top = sheet.top + 16 + (week // per_band) * height
        x = MARGIN + _LABELS + (week % per_band) * cell
        colour = _STEPS[bisect_left(limits, value)] if value else theme.TRACK
        squares.setdefault(colour, []).append({"x": x, "x2": x + cell - 1.5, "y": top + (day.weekday() + 0.5) * cell})
        if day.day == 1 or (day == values[0][0] and day.day < 15):
            name = month_name(f"{day:%Y-%m}")
            sheet.write(min(x, sheet.right - theme.measure(name, 12)), top - 6, name, 12, theme.INK2)
    for colour, at in sorted(squares.items()):
        sheet.lines([each | {"y2": each["y"]} for each in at], cell - 1.5, colour)
    for band in range(bands):
        for weekday in (0, 2, 4) if cell < 16 else range(7):
            y = sheet.top + 16 + band * height + (weekday + 0.5) * cell + 4
            sheet.write(MARGIN, y, _WEEKDAYS[weekday], 11.5, theme.INK2)
    return _legend(sheet, sheet.top + 16 + bands * height - 10, limits)


def _limits(values: list[float]) -> list[float]:
    """The largest value of each quarter of the days: as many days are light as dark."""
    ordered = sorted(values) or [0]
    return [ordered[-(-len(ordered) * step // len(_STEPS)) - 1] for step in range(1, len(_STEPS) + 1)]


def _legend(sheet: Sheet, y: float, limits: list[float]) -> float:
    x = MARGIN + _LABELS
    words = ["无", *(f"≤{wording.exact(limit, True)}" for limit in limits)]
    for colour, text in zip((theme.TRACK, *_STEPS), words, strict=True):
        sheet.lines([{"x": x, "x2": x + 12, "y": y - 4, "y2": y - 4}], 12, colour)
        sheet.write(x + 16, y, text, 11.5, theme.INK2)
        x += 16 + theme.measure(text, 11.5) + (14 if sheet.is_wide else 9)
    return y + 8


def _weeks(values: list[tuple[date, float]], found: dict[str, Figure]) -> tuple:
    """A row a week, a column a weekday; days outside the period have no number."""
    weeks = [
        {day.weekday(): found.get(str(day)) for day, _ in days} | {"monday": monday}
        for monday, days in groupby(values, key=lambda pair: pair[0] - timedelta(pair[0].weekday()))
    ]
    columns = [Column(f"周{name}", [week.get(place) for week in weeks]) for place, name in enumerate(_WEEKDAYS)]
    return tabled({"周一日期": [str(week["monday"]) for week in weeks]}, *columns)
