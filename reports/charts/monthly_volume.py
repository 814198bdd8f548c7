"""The chart of the months' volumes: this year's bar inside last year's, every value printed.

Takes the figures of a period and returns one column a month, or one row a month where columns would be too narrow or
too few. The rules of the headline are written in headlines.py.
"""

import altair as alt

from reports.charts import headlines
from reports.charts.drawing import ranking, theme
from reports.charts.drawing.data_table import Column, tabulate
from reports.charts.drawing.months import Months
from reports.charts.drawing.sheet import Chart, Sheet, text_mark
from reports.charts.drawing.typeface import measure
from reports.charts.drawing.values import Unit, ids_of, month_is_cut, month_name, months_of, unit_for
from reports.figures.model import Figure, Figures
from reports.text import wording

_HEIGHT = 210
_LOWEST_BAR = 26  # px; a value doesn't fit into a lower bar


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where the period has no volume of a month."""
    total = figures.get("case_volume")
    months = [row for row in months_of(figures, "case_volume") if row is not None and row.value is not None]
    if total is None or not months:
        return None
    is_cut = month_is_cut(figures, months[-1].period)
    base_word, year = ("同期" if is_cut else "同月"), figures.starts_on.year
    names = [month_name(row.period) for row in months]
    has_base = any(row.year_ago_value is not None for row in months)
    unit = unit_for([value for row in months for value in (row.value, row.year_ago_value)])
    period = wording.period(figures.short_name, figures.begins_on, figures.as_of_on, figures.is_complete)
    volumes = [(name, row.value, row.year_ago_value) for name, row in zip(names, months, strict=True)]
    subtitle = f"月度办件量（{unit.word}）" + (f"，{names[-1]}截至{figures.as_of_on.day}日" if is_cut else "")
    sheet = Sheet("monthly_volume", number, width, figures)
    sheet.write_head(headlines.monthly_volume(period, total.value, volumes, base_word), subtitle)
    legend = (f"{year}年", f"{year - 1}年{base_word}")
    has_columns = _columns_fit(sheet, names, months, unit)
    if has_columns:
        bottom = _draw_columns(sheet, names, months, unit, legend)
    else:
        header = (*legend, "同比") if has_base else legend[:1]
        rows = [
            ranking.Row(name, row.value, _cells(row, unit)[: len(header)], ghost=row.year_ago_value)
            for name, row in zip(names, months, strict=True)
        ]
        bottom = ranking.draw(sheet, rows, header, swatches=(theme.MAIN, theme.GHOST) if has_base else ())
    sheet.write_foot(bottom)
    spoken = []
    for name, row in zip(names, months, strict=True):
        value, base, change = _cells(row, unit)
        spoken.append(f"{name}{value}（上年{base_word}{base}，同比{change}）" if has_base else f"{name}{value}")
    form = "柱状图" if has_columns else "条形图"
    return sheet.finish(
        f"{form}，{year}年各月办件量，单位{unit.word}：{'；'.join(spoken)}。",
        *tabulate(
            {"月份": names},
            Column(figures.definition("case_volume").titled, months),
            Column(f"上年{base_word}（件）", months, "year_ago_value"),
            Column("同比（%）", months, "yoy", decimals=1),
        ),
        ids_of(total, *months),
        f"单位：{unit.word}",
    )


def _draw_columns(sheet: Sheet, names: list[str], months: list[Figure], unit: Unit, legend: tuple[str, str]) -> float:
    bases = [row.year_ago_value for row in months if row.year_ago_value is not None]
    top = sheet.top + (46 if bases else 22)
    columns = Months(sheet, names, max([*bases, *(row.value for row in months)]), top, top + _HEIGHT)
    ghost_width, bar_width, size = _widths(columns)
    rows = [{"month": name, "value": r.value, "base": r.year_ago_value} for name, r in zip(names, months, strict=True)]
    based = [row for row in rows if row["base"] is not None]
    # where this year's bar would cover the value above last year's, the values of last year get a row of their own
    has_row_of_bases = bool(based) and (
        any(columns.height_of(row["value"]) < _LOWEST_BAR for row in rows)
        or any(columns.height_of(row["value"]) > columns.height_of(row["base"]) - 1 for row in based)
    )
    if bases:
        entries = [(theme.MAIN, legend[0]), (theme.GHOST, legend[1])]
        sheet.draw_legend(columns.start, sheet.top + 15, entries, gap=22, size=13, colour=theme.INK)
    ghost = alt.Chart().mark_bar(size=ghost_width, color=theme.GHOST)
    sheet.draw(ghost.encode(x=columns.x(), y=columns.y("base")), [row for row in based if row["base"]])
    bar = alt.Chart().mark_bar(size=bar_width)
    sheet.draw(bar.encode(x=columns.x(), y=columns.y("value")), [row for row in rows if row["value"]])
    inside, above = [], []
    for row in rows:
        fits = columns.height_of(row["value"]) >= _LOWEST_BAR
        (inside if fits else above).append(row | {"text": unit(row["value"])})
    columns.draw_texts("value", inside, text_mark(size, theme.PAPER, bold=True, dy=20))
    columns.draw_texts("value", above, text_mark(size, bold=True, dy=-6))
    columns.draw_base()
    below = 41
    if has_row_of_bases:
        columns.draw_row("上年", [_or_none(row.year_ago_value, unit) for row in months], below, colour=theme.INK2)
        below += 23
    else:
        texts = [row | {"text": unit(row["base"])} for row in based]
        columns.draw_texts("base", texts, text_mark(13, theme.INK2, dy=-6))
    if not bases:
        return columns.bottom + 26
    columns.draw_row("同比", [_change(row) for row in months], below)
    return columns.bottom + below + 8


def _widths(columns: Months) -> tuple[float, float, float]:
    """The widths of last year's and this year's bars, in px, and the type size of the values."""
    is_roomy = columns.sheet.is_wide and len(columns.names) <= 8
    ghost = min(columns.step * (0.72 if is_roomy else 0.82), 110)
    return ghost, ghost * (0.6 if is_roomy else 0.72), 15 if is_roomy else 13


def _columns_fit(sheet: Sheet, names: list[str], months: list[Figure], unit: Unit) -> bool:
    columns = Months(sheet, names, largest=0)
    _, bar_width, size = _widths(columns)
    values = max(measure(unit(row.value), size, bold=True) for row in months)
    below = max(measure(text, 13) for row in months for text in _cells(row, unit)[1:])
    return len(months) > 2 and values <= bar_width - 3 and below <= columns.step - 4


def _cells(row: Figure, unit: Unit) -> tuple[str, str, str]:
    """Volume, volume a year before, change, as printed."""
    return unit(row.value), _or_none(row.year_ago_value, unit), _change(row)


def _change(row: Figure) -> str:
    if not row.year_ago_value:
        return wording.NO_VALUE
    ratio = row.value / row.year_ago_value - 1
    return "持平" if ratio == 0 else ("+" if ratio > 0 else "−") + wording.percent(abs(ratio), 0)


def _or_none(value: float | None, unit: Unit) -> str:
    return wording.NO_VALUE if value is None else unit(value)
