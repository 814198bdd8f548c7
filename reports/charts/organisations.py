"""Here is the chart of the accepting organisations: volume as a bar inside the table of how they handled it.
The headline's rules and the form of a ranking stay out.
It hands `draw` to the bulletin's list of charts.
"""

from reports.charts import headlines, rows
from reports.charts.sheet import Chart, Sheet
from reports.charts.values import Column, ids_of, ranking_words, tabled
from reports.figures.load import Figure, Figures
from reports.text import wording

TOTAL = "合计"


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """One row an organisation, busiest first, and the total below; None where no organisation is known."""
    total = figures.get("case_volume")
    busy = sorted(figures.by("case_volume", "org"), key=lambda row: -(row.value or 0))
    if total is None or not busy:
        return None
    names = [row.member for row in busy]

    def column(figure: str) -> list[Figure | None]:
        return [*(figures.get(figure, "org", name) for name in names), figures.get(figure)]

    volume, finished = column("case_volume"), column("case_finished")
    on_time, used = column("on_time_rate"), column("avg_working_days")
    headline = headlines.organisations([(row.member, row.value or 0) for row in busy], total.value)
    subtitle = f"图{number} 各单位办件量与办理时效"
    columns = [("受理（件）", [_count(row) for row in volume]), ("办结（件）", [_count(row) for row in finished])]
    columns += [("平均用时（工作日）", [wording.days(_value(row)) for row in used])]
    columns += [("按时办结率", [wording.percent(_value(row), 2) for row in on_time])]
    sheet = Sheet("organisations", width)
    if not sheet.is_wide:
        columns = [("受理（件）", columns[0][1]), ("按时率", columns[3][1])]
    cells = list(zip(*(cells for _, cells in columns), strict=True))
    listed = [
        rows.Row(name, row and row.value if name != TOTAL else None, each)
        for name, row, each in zip([*names, TOTAL], volume, cells, strict=True)
    ]
    sheet.head(headline, subtitle)
    bottom = rows.draw(sheet, listed, tuple(title for title, _ in columns), has_total=True)
    sheet.foot(bottom, figures.source_line)
    spoken = ranking_words([f"{row.label}{row.cells[0]}件" for row in listed[:-1]])
    alternative = f"{headline}。条形图，各单位受理办件：{spoken}；合计{listed[-1].cells[0]}件。"
    table, marks = tabled(
        {"单位": [*names, TOTAL]},
        Column("受理（件）", volume),
        Column("办结（件）", finished),
        Column("平均用时（工作日）", used),
        Column("按时办结率（%）", on_time, decimals=2),
    )
    note = "单位：件；平均用时只计承诺件；即办、承诺、提前办结和延时服务见附件表3"
    return Chart(
        number, sheet.key, headline, subtitle, alternative, figures.source_line, sheet.svg(alternative), table,
        ids_of(*volume, *finished, *on_time, *used), note, marks,
    )  # fmt: skip


def _value(row: Figure | None) -> float | None:
    return row.value if row else None


def _count(row: Figure | None) -> str:
    return wording.exact(_value(row), grouped=True)
