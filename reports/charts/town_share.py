"""The chart of the townships' shares in their volume, largest first, with the mean as a line.

Takes the figures of a period and returns one row a township with its share and its volume. The rules of the headline
are written in headlines.py, the form in drawing/ranking.py.
"""

from reports.charts import headlines
from reports.charts.drawing import ranking, theme
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.sheet import Chart, Sheet
from reports.charts.drawing.values import (
    ROUNDING_NOTE,
    describe_ranking,
    ids_of,
    is_rounded_off,
    split_unstated,
    unit_for,
)
from reports.figures.model import Figures
from reports.text import wording


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where no township is known, or no case says its own.

    Cases without a township have the last row. It makes the shares add up, and is no township for headline and mean.
    """
    towns, unstated = split_unstated(figures.by("case_volume_share", "town"))
    if not towns or (unstated and not any(row.numerator for row in towns)):
        return None
    towns.sort(key=lambda row: -(row.numerator or 0))
    headline_towns = [(row.member, row.numerator or 0) for row in towns]
    total = next((row.denominator for row in towns if row.denominator), 0)
    volume = f"{wording.wan(total)}件" if total else ""
    shares = [row.value for row in towns if row.value is not None]
    average = sum(shares) / len(shares) if len(shares) > 1 else None
    mean = (average, f"平均 {wording.percent(average, 1)}") if average else None
    towns += unstated
    unit = unit_for([row.numerator for row in towns])
    rows = [
        ranking.Row(
            row.member,
            row.value,
            (wording.percent(row.value, 1), unit(row.numerator or 0)),
            theme.MUTED if row.is_unstated else theme.MAIN,
        )
        for row in towns
    ]
    is_rounded = bool(shares) and is_rounded_off(row.cells[0] for row in rows)
    sheet = Sheet("town_share", number, width, figures)
    sheet.write_head(
        headlines.town_share(headline_towns, total),
        f"各乡镇（街道）办件量占乡镇（街道）及村（社区）办件总量{volume}的比重",
    )
    bottom = ranking.draw(sheet, rows, (figures.definition("case_volume_share").heading, unit.word), mean)
    sheet.write_foot(bottom, *([ROUNDING_NOTE] if is_rounded else []))
    spoken = describe_ranking([f"{row.label}{row.cells[0]}（{row.cells[1]}{unit.word}）" for row in rows])
    spoken_mean = f"平均{wording.percent(average, 1)}。" if mean else ""
    return sheet.finish(
        f"条形图，各乡镇（街道）占比：{spoken}。{spoken_mean}",
        *tabulate(
            {figures.dimension_name("town"): [row.member for row in towns]},
            Column(head_column(figures, "case_volume_share", "numerator"), towns, "numerator"),
            Column(head_column(figures, "case_volume_share"), towns, decimals=2),
        ),
        ids_of(*towns),
        f"单位：{unit.word}" + (f"；{ROUNDING_NOTE.rstrip('。')}" if is_rounded else ""),
    )
