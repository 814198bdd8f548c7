"""Here is the chart of valid evaluations by their five levels, the two bad ones in the alert colour.
The headline's rules and the form of a ranking stay out.
It hands `draw` to the bulletin's list of charts.
"""

from reports.charts import headlines, rows, theme
from reports.charts.sheet import Chart, Sheet
from reports.charts.values import Column, ids_of, tabled
from reports.figures.load import Figures
from reports.text import wording

_BAD = ("不满意", "非常不满意")


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """One row a level with its share and count, best first; None without evaluations."""
    total = figures.get("evaluations")
    levels = [row for row in figures.by("evaluations", "level") if row.value is not None]
    if total is None or not total.value or not levels:
        return None
    shares = [row.value / total.value for row in levels]
    bad = sum(row.value for row in levels if row.member in _BAD)
    headline = headlines.evaluation_levels(total.value, sum(row.value for row in levels), bad)
    subtitle = f"图{number} 有效评价按满意度等次"
    listed = [
        rows.Row(
            row.member,
            row.value,
            (wording.percent(share, 2), wording.exact(row.value, grouped=True)),
            theme.ALERT if row.member in _BAD else theme.MAIN,
        )
        for row, share in zip(levels, shares, strict=True)
    ]
    sheet = Sheet("evaluation_levels", width)
    sheet.head(headline, subtitle)
    bottom = rows.draw(sheet, listed, ("占比", "评价（次）"))
    sheet.foot(bottom, figures.source_line)
    spoken = "；".join(f"{row.label}{row.cells[1]}次（{row.cells[0]}）" for row in listed)
    alternative = f"{headline}。条形图，有效评价按满意度等次：{spoken}。"
    table, marks = tabled(
        {"满意度": [row.member for row in levels]},
        Column("评价次数（次）", levels),
        Column("占比（%）", levels, "share", decimals=2, amounts=shares),
    )
    return Chart(
        number, sheet.key, headline, subtitle, alternative, figures.source_line, sheet.svg(alternative), table,
        ids_of(total, *levels), "单位：次", marks,
    )  # fmt: skip
