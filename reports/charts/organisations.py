"""The chart of the accepting organisations: volume as a bar inside the table of how they handled it.

Takes the figures of a period and returns one row an organisation, busiest first, and the total below. The rules of the
headline are written in headlines.py, the form in drawing/ranking.py.
"""

from reports.charts import headlines
from reports.charts.drawing import ranking
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.sheet import Chart, Sheet
from reports.charts.drawing.values import describe_ranking, ids_of
from reports.figures.model import Figure, Figures
from reports.words import wording


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where no organisation is known."""
    total = figures.get("case_volume")
    busiest_first = sorted(figures.by("case_volume", "org"), key=lambda row: -(row.value or 0))
    if total is None or not busiest_first:
        return None
    total_label = figures.label("total", "total")
    names = [row.member for row in busiest_first]

    def column(figure: str) -> list[Figure | None]:
        return [*(figures.get(figure, "org", name) for name in names), figures.get(figure)]

    volume, finished = column("case_volume"), column("case_finished")
    on_time, working_days = column("on_time_rate"), column("avg_working_days")
    words = figures.words
    sheet = Sheet("organisations", number, width, figures)
    if sheet.is_wide:
        shown = ("case_volume", "case_finished", "avg_working_days", "on_time_rate")
        header = tuple(figures.definition(figure).heading for figure in shown)
        cells = zip(_counts(volume), _counts(finished), _days(working_days), _rates(on_time), strict=True)
    else:
        header = (figures.definition("case_volume").heading, words("organisations.on_time"))
        cells = zip(_counts(volume), _rates(on_time), strict=True)
    rows = [
        ranking.Row(name, row and row.value if name != total_label else None, printed)
        for name, row, printed in zip([*names, total_label], volume, cells, strict=True)
    ]
    sheet.write_head(
        headlines.organisations(words, [(row.member, row.value or 0) for row in busiest_first], total.value),
        words("organisations.subtitle"),
    )
    sheet.write_foot(ranking.draw(sheet, rows, header, has_total=True))
    spoken = [words("spoken.cases", name=row.label, count=row.cells[0]) for row in rows]
    return sheet.finish(
        words("organisations.spoken", parts=describe_ranking(words, spoken[:-1]), total=spoken[-1]),
        *tabulate(
            {figures.dimension_name("org"): [*names, total_label]},
            Column(head_column(figures, "case_volume"), volume),
            Column(head_column(figures, "case_finished"), finished),
            Column(head_column(figures, "avg_working_days"), working_days),
            Column(head_column(figures, "on_time_rate"), on_time, decimals=2),
        ),
        ids_of(*volume, *finished, *on_time, *working_days),
        words("organisations.note"),
    )


def _counts(rows: list[Figure | None]) -> list[str]:
    return [wording.exact(row.value if row else None, grouped=True) for row in rows]


def _days(rows: list[Figure | None]) -> list[str]:
    return [wording.days(row.value if row else None) for row in rows]


def _rates(rows: list[Figure | None]) -> list[str]:
    return [wording.percent(row.value if row else None, 2) for row in rows]
