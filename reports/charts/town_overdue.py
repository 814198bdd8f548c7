"""The chart of the townships' overdue ratios, highest first, against the ratio of the whole.

Takes the figures of a period and returns one row a township with its ratio, its overdue cases and its platform cases
of twelve months. The rules of the headline are written in headlines/comparisons.py, the form in drawing/ranking.py.
"""

from reports.charts.drawing import ranking, theme
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.sheet import Chart, Sheet
from reports.charts.drawing.values import describe_ranking, ids_of, split_unstated
from reports.charts.headlines import comparisons
from reports.figures.model import Figure, Figures
from reports.words import wording
from reports.words.catalogue import Words

_ROUNDING_ERROR = 1e-9


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where no township is known, or no case says its own.

    Cases without a township have the last row, and are no township for the headline.
    """
    towns, unstated = split_unstated(figures.by("overdue_open_ratio", figures.places))
    if not towns or (unstated and not any(row.numerator or row.denominator for row in towns)):
        return None
    whole = figures.get("overdue_open_ratio")
    whole_ratio = whole.value if whole else None
    towns.sort(key=lambda row: (row.value is None, -(row.value or 0)))
    headline_towns = [(row.member, row.value, row.numerator or 0) for row in towns]
    towns += unstated
    rows = [ranking.Row(row.member, row.value, _cells(figures.words, row), _colour(row, whole_ratio)) for row in towns]
    words = figures.words
    sheet = Sheet("town_overdue", number, width, figures)
    sheet.write_head(
        comparisons.town_overdue(words, headline_towns, whole_ratio, figures.city_word),
        words("town_overdue.subtitle"),
    )
    ratio = figures.definition("overdue_open_ratio").heading
    header = (words("share"), words("town_overdue.overdue_short"), words("town_overdue.volume_short"))
    if sheet.is_wide:
        header = (ratio, words("town_overdue.overdue"), words("town_overdue.volume"))
    mean = None
    if whole_ratio is not None:
        mean = (whole_ratio, f"{figures.city_word} {wording.percent(whole_ratio, 2)}")
    sheet.write_foot(ranking.draw(sheet, rows, header, mean))
    spoken = [words("town_overdue.town", name=row.label, share=row.cells[0], count=row.cells[1]) for row in rows]
    description = words("town_overdue.spoken", towns=describe_ranking(words, spoken))
    if mean:
        description += words("town_overdue.whole", city=figures.city_word, share=wording.percent(whole_ratio, 2))
    return sheet.finish(
        description,
        *tabulate(
            {figures.dimension_name(figures.places): [row.member for row in towns]},
            Column(head_column(figures, "overdue_open_ratio"), towns, decimals=2),
            Column(head_column(figures, "overdue_open_ratio", "numerator"), towns, "numerator"),
            Column(head_column(figures, "overdue_open_ratio", "denominator"), towns, "denominator"),
        ),
        ids_of(whole, *towns),
        words("town_overdue.note"),
    )


def _cells(words: Words, row: Figure) -> tuple[str, str, str]:
    return wording.percent(row.value, 2), words.exact(row.numerator), words.exact(row.denominator)


def _colour(row: Figure, whole_ratio: float | None) -> str:
    is_above = whole_ratio is not None and (row.value or 0) > whole_ratio + _ROUNDING_ERROR and not row.is_unstated
    return theme.ALERT if is_above else theme.MUTED
