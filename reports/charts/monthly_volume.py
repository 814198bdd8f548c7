"""The chart of the months' volumes: this year's bar inside last year's, every value printed.

Takes the figures of a period and returns one column a month, or one row a month where columns would be too narrow or
too few. The rules of the headline are written in headlines/over_months.py.
"""

import altair as alt

from reports.charts.drawing import ranking, theme
from reports.charts.drawing.data_table import Column, tabulate
from reports.charts.drawing.months import Months
from reports.charts.drawing.sheet import Chart, Sheet, text_mark
from reports.charts.drawing.typeface import measure
from reports.charts.drawing.values import Unit, has_late_start, ids_of, month_is_cut, months_of, unit_for
from reports.charts.headlines import over_months
from reports.figures.model import Figure, Figures
from reports.words import wording
from reports.words.catalogue import Words

_HEIGHT = 210
_LOWEST_BAR = 26  # px; a value doesn't fit into a lower bar


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where the period has no volume of a month."""
    total = figures.get("case_volume")
    months = [row for row in months_of(figures, "case_volume") if row is not None and row.value is not None]
    if total is None or not months:
        return None
    is_cut = month_is_cut(figures, months[-1].period)
    words, year = figures.words, figures.starts_on.year
    names = [words.month_heading(row.period) for row in months]
    has_base = any(row.year_ago_value is not None for row in months)
    unit = unit_for(words, [value for row in months for value in (row.value, row.year_ago_value)])
    period = words.period(figures.short_name, figures.begins_on, figures.as_of_on, figures.is_complete)
    volumes = [(name, row.value, row.year_ago_value) for name, row in zip(names, months, strict=True)]
    subtitle = words("monthly_volume.subtitle", unit=unit.word)
    if has_late_start(figures, months[0].period):
        subtitle += words("month_from", month=names[0], day=figures.begins_on.day)
    if is_cut:
        subtitle += words("month_to_date", month=names[-1], day=figures.as_of_on.day)
    sheet = Sheet("monthly_volume", number, width, figures)
    sheet.write_head(over_months.monthly_volume(words, period, total.value, volumes, is_cut), subtitle)
    base = "days" if is_cut else "months"
    legend = (words("monthly_volume.year", year=year), words(f"monthly_volume.base_{base}", year=year - 1))
    has_columns = _columns_fit(sheet, names, months, unit)
    if has_columns:
        bottom = _draw_columns(sheet, names, months, unit, legend)
    else:
        header = (*legend, words("monthly_volume.change")) if has_base else legend[:1]
        rows = [
            ranking.Row(name, row.value, _cells(words, row, unit)[: len(header)], ghost=row.year_ago_value)
            for name, row in zip(names, months, strict=True)
        ]
        bottom = ranking.draw(sheet, rows, header, swatches=(theme.MAIN, theme.GHOST) if has_base else ())
    sheet.write_foot(bottom)
    spoken = []
    kind = f"monthly_volume.spoken_{base}" if has_base else "spoken.pair"
    for name, row in zip(names, months, strict=True):
        value, year_ago, change = _cells(words, row, unit)
        spoken.append(words(kind, name=name, value=value, base=year_ago, change=change))
    compared = (
        Column(words(f"monthly_volume.year_ago_{base}"), months, "year_ago_value"),
        Column(words.titled(words("monthly_volume.change"), "%"), months, "yoy", decimals=1),
    )
    return sheet.finish(
        words(
            "monthly_volume.spoken",
            form=words("form.columns" if has_columns else "form.bars"),
            year=year,
            unit=unit.word,
            months=words("list.item").join(spoken),
        ),
        *tabulate(
            {words("month"): names},
            Column(figures.titled("case_volume"), months),
            *(compared if has_base else ()),
        ),
        ids_of(total, *months),
        words("unit.note", unit=unit.word),
    )


def _draw_columns(sheet: Sheet, names: list[str], months: list[Figure], unit: Unit, legend: tuple[str, str]) -> float:
    bases = [row.year_ago_value for row in months if row.year_ago_value is not None]
    top = sheet.top + (46 if bases else 22)
    columns = Months(
        sheet, names, max([*bases, *(row.value for row in months)]), top, top + _HEIGHT, _titles(sheet.words)
    )
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
        columns.draw_row(
            sheet.words("monthly_volume.last_year"),
            [_or_none(row.year_ago_value, unit) for row in months],
            below,
            colour=theme.INK2,
        )
        below += 23
    else:
        texts = [row | {"text": unit(row["base"])} for row in based]
        columns.draw_texts("base", texts, text_mark(13, theme.INK2, dy=-6))
    if not bases:
        return columns.bottom + 26
    columns.draw_row(sheet.words("monthly_volume.change"), [_change(sheet.words, row) for row in months], below)
    return columns.bottom + below + 8


def _widths(columns: Months) -> tuple[float, float, float]:
    """The widths of last year's and this year's bars, in px, and the type size of the values."""
    is_roomy = columns.sheet.is_wide and len(columns.names) <= 8
    ghost = min(columns.step * (0.72 if is_roomy else 0.82), 110)
    return ghost, ghost * (0.6 if is_roomy else 0.72), 15 if is_roomy else 13


def _columns_fit(sheet: Sheet, names: list[str], months: list[Figure], unit: Unit) -> bool:
    columns = Months(sheet, names, largest=0, titles=_titles(sheet.words))
    _, bar_width, size = _widths(columns)
    values = max(measure(unit(row.value), size, bold=True) for row in months)
    below = max(measure(text, 13) for row in months for text in _cells(sheet.words, row, unit)[1:])
    return len(months) > 2 and values <= bar_width - 3 and below <= columns.step - 4


def _titles(words: Words) -> tuple[str, ...]:
    return words("monthly_volume.change"), words("monthly_volume.last_year")


def _cells(words: Words, row: Figure, unit: Unit) -> tuple[str, str, str]:
    """Volume, volume a year before, change, as printed."""
    return unit(row.value), _or_none(row.year_ago_value, unit), _change(words, row)


def _change(words: Words, row: Figure) -> str:
    if not row.year_ago_value:
        return wording.NO_VALUE
    ratio = row.value / row.year_ago_value - 1
    return words("change.none") if ratio == 0 else ("+" if ratio > 0 else "−") + wording.percent(abs(ratio), 0)


def _or_none(value: float | None, unit: Unit) -> str:
    return wording.NO_VALUE if value is None else unit(value)
