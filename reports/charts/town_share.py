"""Here is the chart of the townships' shares in their volume, largest first, with the mean as a line.
The headline's rules and the form of a ranking stay out.
It hands `draw` to the bulletin's list of charts.
"""

from reports.charts import headlines, rows
from reports.charts.sheet import Chart, Sheet
from reports.charts.values import ROUNDING_NOTE, Column, ids_of, is_rounded_off, ranking_words, tabled, unit_for
from reports.figures.load import Figures
from reports.text import wording


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """One row a township with its share and its volume; None where no township is known."""
    towns = figures.by("case_volume_share", "town")
    if not towns:
        return None
    towns.sort(key=lambda row: -(row.numerator or 0))
    total = next((row.denominator for row in towns if row.denominator), 0)
    headline = headlines.town_share([(row.member, row.numerator or 0) for row in towns], total)
    volume = f"{wording.wan(total)}件" if total else ""
    subtitle = f"图{number} 各乡镇（街道）办件量占乡镇（街道）及村（社区）办件总量{volume}的比重"
    unit = unit_for([row.numerator for row in towns])
    shares = [row.value for row in towns if row.value is not None]
    average = sum(shares) / len(shares) if len(shares) > 1 else None
    mean = (average, f"平均 {wording.percent(average, 1)}") if average else None
    listed = [
        rows.Row(row.member, row.value, (wording.percent(row.value, 1), unit(row.numerator or 0))) for row in towns
    ]
    sheet = Sheet("town_share", width)
    sheet.head(headline, subtitle)
    bottom = rows.draw(sheet, listed, ("占比", unit.word), mean)
    is_rounded = bool(shares) and is_rounded_off(row.cells[0] for row in listed)
    sheet.foot(bottom, *([ROUNDING_NOTE] if is_rounded else []), figures.source_line)
    spoken = ranking_words([f"{row.label}{row.cells[0]}（{row.cells[1]}{unit.word}）" for row in listed])
    alternative = f"{headline}。条形图，各乡镇（街道）占比：{spoken}。"
    if mean:
        alternative += f"平均{wording.percent(average, 1)}。"
    table, marks = tabled(
        {"乡镇（街道）": [row.member for row in towns]},
        Column("办件量（件）", towns, "numerator"),
        Column("占比（%）", towns, decimals=2),
    )
    note = f"单位：{unit.word}" + (f"；{ROUNDING_NOTE.rstrip('。')}" if is_rounded else "")
    return Chart(
        number, sheet.key, headline, subtitle, alternative, figures.source_line, sheet.svg(alternative), table,
        ids_of(*towns), note, marks,
    )  # fmt: skip
