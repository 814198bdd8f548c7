"""The chart of valid evaluations by their five levels, the two bad ones in the alert colour.

Takes the figures of a period and returns one row a level with its share and count, best first. The rules of the
headline are written in headlines/comparisons.py, the form in drawing/ranking.py.
"""

from reports.charts.drawing import ranking, theme
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.sheet import Chart, Sheet
from reports.charts.drawing.values import ids_of
from reports.charts.headlines import comparisons
from reports.figures.model import Figures
from reports.words import wording

_BAD_LEVELS = ("不满意", "非常不满意")


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where there are no evaluations."""
    total = figures.get("evaluations")
    levels = [row for row in figures.by("evaluations", "level") if row.value is not None]
    if total is None or not total.value or not levels:
        return None
    shares = [row.value / total.value for row in levels]
    bad = sum(row.value for row in levels if row.member in _BAD_LEVELS)
    words, names = figures.words, [figures.label("level", row.member) for row in levels]
    rows = [
        ranking.Row(
            name,
            row.value,
            (wording.percent(share, 2), words.exact(row.value)),
            theme.ALERT if row.member in _BAD_LEVELS else theme.MAIN,
        )
        for name, row, share in zip(names, levels, shares, strict=True)
    ]
    sheet = Sheet("evaluation_levels", number, width, figures)
    sheet.write_head(
        comparisons.evaluation_levels(words, total.value, sum(row.value for row in levels), bad),
        words("evaluation_levels.subtitle"),
    )
    sheet.write_foot(ranking.draw(sheet, rows, (words("share"), words("evaluation_levels.count"))))
    spoken = words("list.item").join(
        words("evaluation_levels.level", name=row.label, count=row.cells[1], share=row.cells[0]) for row in rows
    )
    return sheet.finish(
        words("evaluation_levels.spoken", levels=spoken),
        *tabulate(
            {figures.dimension_name("level"): names},
            Column(head_column(figures, "evaluations"), levels),
            Column(words.titled(words("share"), "%"), levels, "share", decimals=2, amounts=shares),
        ),
        ids_of(total, *levels),
        words("unit.note", unit=words("unit.evaluation")),
    )
