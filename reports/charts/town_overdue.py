"""The chart of the townships' overdue ratios, highest first, against the ratio of the whole.

Takes the figures of a period and returns one row a township with its ratio, its overdue cases and its volume on the
platform. The rules of the headline are written in headlines.py, the form in drawing/ranking.py.
"""

from reports.charts import headlines
from reports.charts.drawing import ranking, theme
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.sheet import Chart, Sheet
from reports.charts.drawing.values import describe_ranking, ids_of, split_unstated
from reports.figures.model import Figure, Figures
from reports.text import wording

_ROUNDING_ERROR = 1e-9


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where no township is known, or no case says its own.

    Cases without a township have the last row, and are no township for the headline.
    """
    towns, unstated = split_unstated(figures.by("overdue_open_ratio", "town"))
    if not towns or (unstated and not any(row.numerator or row.denominator for row in towns)):
        return None
    whole = figures.get("overdue_open_ratio")
    whole_ratio = whole.value if whole else None
    towns.sort(key=lambda row: (row.value is None, -(row.value or 0)))
    headline_towns = [(row.member, row.value, row.numerator or 0) for row in towns]
    towns += unstated
    rows = [ranking.Row(row.member, row.value, _cells(row), _colour(row, whole_ratio)) for row in towns]
    sheet = Sheet("town_overdue", number, width, figures)
    sheet.write_head(
        headlines.town_overdue(headline_towns, whole_ratio, figures.city_word),
        "“超期未办”件占本域内“一网通办”办件量的比重",
    )
    ratio, volume = figures.definition("overdue_open_ratio").heading, figures.definition("case_volume").name
    header = (ratio, "超期（件）", "办件（件）") if sheet.is_wide else ("占比", "超期件", volume)
    mean = None
    if whole_ratio is not None:
        mean = (whole_ratio, f"{figures.city_word} {wording.percent(whole_ratio, 2)}")
    sheet.write_foot(ranking.draw(sheet, rows, header, mean))
    spoken = describe_ranking([f"{row.label}{row.cells[0]}（超期{row.cells[1]}件）" for row in rows])
    spoken_whole = f"{figures.city_word}{wording.percent(whole_ratio, 2)}。" if mean else ""
    return sheet.finish(
        f"条形图，各乡镇（街道）超期占比：{spoken}。{spoken_whole}",
        *tabulate(
            {figures.dimension_name("town"): [row.member for row in towns]},
            Column(head_column(figures, "overdue_open_ratio"), towns, decimals=2),
            Column(head_column(figures, "overdue_open_ratio", "numerator"), towns, "numerator"),
            Column(head_column(figures, "overdue_open_ratio", "denominator"), towns, "denominator"),
        ),
        ids_of(whole, *towns),
        "单位：件；超期占比为期末超期未办件与本期办件量之比，可超过100%",
    )


def _cells(row: Figure) -> tuple[str, str, str]:
    overdue, volume = wording.exact(row.numerator, grouped=True), wording.exact(row.denominator, grouped=True)
    return wording.percent(row.value, 2), overdue, volume


def _colour(row: Figure, whole_ratio: float | None) -> str:
    is_above = whole_ratio is not None and (row.value or 0) > whole_ratio + _ROUNDING_ERROR and not row.is_unstated
    return theme.ALERT if is_above else theme.MUTED
