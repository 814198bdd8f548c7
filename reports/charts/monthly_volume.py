"""Here is the chart of the months' volumes: this year's bar inside last year's, every value printed.
Headline rules and the form for many or few months stay out.
It hands `draw` to the bulletin's list of charts.
"""

import altair as alt

from reports.charts import headlines, rows, theme
from reports.charts.sheet import MARGIN, Chart, Sheet, at_x, scaled
from reports.charts.values import Column, Unit, ids_of, month_is_cut, month_name, months_of, tabled, unit_for
from reports.figures.load import Figure, Figures
from reports.text import wording

_HEIGHT = 210
# below this the value doesn't fit into the bar
_LOWEST_BAR = 26


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """One column a month, or one row a month where columns would be too narrow or too few; None without data."""
    total = figures.get("case_volume")
    months = [row for row in months_of(figures, "case_volume") if row is not None and row.value is not None]
    if total is None or not months:
        return None
    is_cut = month_is_cut(figures, months[-1].period)
    same, year = ("同期" if is_cut else "同月"), figures.starts_on.year
    names = [month_name(row.period) for row in months]
    has_base = any(row.year_ago_value is not None for row in months)
    unit = unit_for([value for row in months for value in (row.value, row.year_ago_value)])
    data = [(name, row.value, row.year_ago_value) for name, row in zip(names, months, strict=True)]
    called = wording.period(figures.short_name, figures.starts_on, figures.as_of_on, figures.is_complete)
    headline = headlines.monthly_volume(called, total.value, data, same)
    subtitle = f"图{number} 月度办件量（{unit.word}）"
    if is_cut:
        subtitle += f"，{names[-1]}截至{figures.as_of_on.day}日"
    changes = [_change(row) for row in months]
    sheet = Sheet("monthly_volume", width)
    sheet.head(headline, subtitle)
    legend = (f"{year}年", f"{year - 1}年{same}")
    has_columns = _fits_columns(sheet, months, changes, unit)
    if has_columns:
        bottom = _columns(sheet, names, months, changes, unit, legend)
    else:
        header = (legend[0], legend[1], "同比") if has_base else (legend[0],)
        listed = [
            rows.Row(name, row.value, (unit(row.value), _or_none(row.year_ago_value, unit), change)[: len(header)],
                     ghost=row.year_ago_value)
            for name, row, change in zip(names, months, changes, strict=True)
        ]  # fmt: skip
        bottom = rows.draw(sheet, listed, header, keys=(theme.MAIN, theme.GHOST) if has_base else ())
    sheet.foot(bottom, figures.source_line)
    spoken = "；".join(
        f"{name}{unit(row.value)}（上年{same}{_or_none(row.year_ago_value, unit)}，同比{change}）" if has_base else
        f"{name}{unit(row.value)}"
        for name, row, change in zip(names, months, changes, strict=True)
    )  # fmt: skip
    form = "柱状图" if has_columns else "条形图"
    alternative = f"{headline}。{form}，{year}年各月办件量，单位{unit.word}：{spoken}。"
    table, marks = tabled(
        {"月份": names},
        Column("办件量（件）", months),
        Column(f"上年{same}（件）", months, "year_ago_value"),
        Column("同比（%）", months, "yoy", decimals=1),
    )
    return Chart(
        number, sheet.key, headline, subtitle, alternative, figures.source_line, sheet.svg(alternative), table,
        ids_of(total, *months), f"单位：{unit.word}", marks,
    )  # fmt: skip


def _columns(
    sheet: Sheet, names: list[str], months: list[Figure], changes: list[str], unit: Unit, legend: tuple[str, str]
) -> float:
    bases = [row.year_ago_value for row in months]
    has_base = any(base is not None for base in bases)
    start, step, ghost_width, bar_width, size = _geometry(sheet, len(months))
    largest = max([row.value for row in months] + [base for base in bases if base is not None])
    top = sheet.top + (46 if has_base else 22)
    bottom = top + _HEIGHT
    per = _HEIGHT / (largest or 1)
    middles = [start + step * (place + 0.5) for place in range(len(months))]
    heights = [row.value * per for row in months]
    # where a bar hides or crowds the value above its ghost, those values have a row of their own
    apart = has_base and any(
        height < _LOWEST_BAR or (base is not None and height > base * per - 1)
        for height, base in zip(heights, bases, strict=True)
    )
    if has_base:
        _legend(sheet, start, legend)
    upright = scaled(alt.Y, largest, bottom, top)
    _upright(sheet, [{"x": x, "value": b} for x, b in zip(middles, bases, strict=True) if b], upright, ghost_width,
             theme.GHOST)  # fmt: skip
    _upright(sheet, [{"x": x, "value": r.value} for x, r in zip(middles, months, strict=True) if r.value], upright,
             bar_width, theme.MAIN)  # fmt: skip
    sheet.lines([{"x": start, "x2": sheet.right, "y": bottom, "y2": bottom}], 1, theme.INK2)
    for name, x, height, row, change in zip(names, middles, heights, months, changes, strict=True):
        inside = height >= _LOWEST_BAR
        y = bottom - height + (20 if inside else -6)
        sheet.write(x, y, unit(row.value), size, theme.PAPER if inside else theme.INK, bold=True, align="center")
        sheet.write(x, bottom + 18, name, 14 if sheet.is_wide else 13, align="center")
        if has_base and not apart and row.year_ago_value is not None:
            sheet.write(x, bottom - row.year_ago_value * per - 6, unit(row.year_ago_value), 13, theme.INK2,
                        align="center")  # fmt: skip
        if apart:
            sheet.write(x, bottom + 41, _or_none(row.year_ago_value, unit), 13, theme.INK2, align="center")
        if has_base:
            sheet.write(x, bottom + (64 if apart else 41), change, 13, align="center")
    if apart:
        sheet.write(MARGIN, bottom + 41, "上年", 13, theme.INK2)
    if has_base:
        sheet.write(MARGIN, bottom + (64 if apart else 41), "同比", 13, theme.INK2)
    return bottom + (72 if apart else 49 if has_base else 26)


def _upright(sheet: Sheet, data: list[dict], upright: alt.Y, width: float, colour: str) -> None:
    mark = alt.Chart().mark_bar(orient="vertical", size=width, color=colour)
    sheet.draw(mark.encode(x=at_x("x"), y=upright), data)


def _legend(sheet: Sheet, x: float, legend: tuple[str, str]) -> None:
    y = sheet.top + 15
    for words, colour in zip(legend, (theme.MAIN, theme.GHOST), strict=True):
        sheet.lines([{"x": x, "x2": x + 12, "y": y - 5, "y2": y - 5}], 12, colour)
        sheet.write(x + 18, y, words, 13)
        x += 18 + theme.measure(words, 13) + 22


def _geometry(sheet: Sheet, count: int) -> tuple[float, float, float, float, float]:
    start = MARGIN + 39 if sheet.is_wide else MARGIN + 31
    step = (sheet.right - start) / count
    is_roomy = sheet.is_wide and count <= 8
    ghost = min(step * (0.72 if is_roomy else 0.82), 110)
    return start, step, ghost, ghost * (0.6 if is_roomy else 0.72), 15 if is_roomy else 13


def _fits_columns(sheet: Sheet, months: list[Figure], changes: list[str], unit: Unit) -> bool:
    _, step, _, bar, size = _geometry(sheet, len(months))
    values = max(theme.measure(unit(row.value), size, bold=True) for row in months)
    below = max(theme.measure(text, 13) for text in [*changes, *(_or_none(m.year_ago_value, unit) for m in months)])
    return len(months) > 2 and values <= bar - 3 and below <= step - 4


def _ratio(row: Figure) -> float | None:
    return None if not row.year_ago_value else row.value / row.year_ago_value - 1


def _change(row: Figure) -> str:
    ratio = _ratio(row)
    if ratio is None:
        return wording.NO_VALUE
    return "持平" if ratio == 0 else ("+" if ratio > 0 else "−") + wording.percent(abs(ratio), 0)


def _or_none(value: float | None, unit: Unit) -> str:
    return wording.NO_VALUE if value is None else unit(value)
