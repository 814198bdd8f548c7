"""Here is the chart of the townships' overdue ratios, highest first, against the ratio of the whole.
The headline's rules and the form of a ranking stay out.
It hands `draw` to the bulletin's list of charts.
"""

from reports.charts import headlines, rows, theme
from reports.charts.sheet import Chart, Sheet
from reports.charts.values import Column, ids_of, ranking_words, tabled
from reports.figures.load import Figures
from reports.text import wording

_NOISE = 1e-9


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """One row a township with ratio, overdue cases and platform volume; None where no township is known."""
    towns = figures.by("overdue_open_ratio", "town")
    if not towns:
        return None
    whole = figures.get("overdue_open_ratio")
    rate = whole.value if whole else None
    towns.sort(key=lambda row: (row.value is None, -(row.value or 0)))
    ranking = [(row.member, row.value, row.numerator or 0) for row in towns]
    headline = headlines.town_overdue(ranking, rate, figures.city_word)
    subtitle = f"图{number} “超期未办”件占本域内“一网通办”办件量的比重"
    listed = [
        rows.Row(
            row.member,
            row.value,
            (wording.percent(row.value, 2), wording.exact(row.numerator, True), wording.exact(row.denominator, True)),
            theme.ALERT if rate is not None and (row.value or 0) > rate + _NOISE else theme.MUTED,
        )
        for row in towns
    ]
    sheet = Sheet("town_overdue", width)
    sheet.head(headline, subtitle)
    header = ("超期占比", "超期（件）", "办件（件）") if sheet.is_wide else ("占比", "超期件", "办件量")
    line = f"{figures.city_word} {wording.percent(rate, 2)}" if rate is not None else ""
    bottom = rows.draw(sheet, listed, header, (rate, line) if rate is not None else None)
    sheet.foot(bottom, figures.source_line)
    spoken = ranking_words([f"{row.label}{row.cells[0]}（超期{row.cells[1]}件）" for row in listed])
    alternative = f"{headline}。条形图，各乡镇（街道）超期占比：{spoken}。"
    if rate is not None:
        alternative += f"{figures.city_word}{wording.percent(rate, 2)}。"
    table, marks = tabled(
        {"乡镇（街道）": [row.member for row in towns]},
        Column("超期占比（%）", towns, decimals=2),
        Column("超期未办（件）", towns, "numerator"),
        Column("“一网通办”办件量（件）", towns, "denominator"),
    )
    return Chart(
        number, sheet.key, headline, subtitle, alternative, figures.source_line, sheet.svg(alternative), table,
        ids_of(whole, *towns), "单位：件；超期占比为期末超期未办件与本期办件量之比，可超过100%", marks,
    )  # fmt: skip
