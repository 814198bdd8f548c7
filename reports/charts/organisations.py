"""The chart of the accepting organisations: volume as a bar inside the table of how they handled it.

Takes the figures of a period and returns one row an organisation, busiest first, and the total below. The rules of the
headline are written in headlines/comparisons.py, the form in drawing/ranking.py.
"""

from itertools import chain

from reports.charts.drawing import ranking
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.sheet import Chart, Sheet
from reports.charts.drawing.values import describe_ranking, ids_of
from reports.charts.headlines import comparisons
from reports.figures.model import Figure, Figures
from reports.words import wording
from reports.words.catalogue import Words

# the columns in order, and how each prints its values
_PRINT = {
    "case_volume": Words.exact,
    "case_finished": Words.exact,
    "avg_working_days": lambda words, value: wording.days(value),
    "on_time_rate": lambda words, value: wording.percent(value, 2),
}
# those that a narrow sheet has room for, with the headings that are shorter there
_NARROW = ("case_volume", "on_time_rate")


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

    # a column is left out where no loaded export supplies its figure
    columns = {key: column(key) for key in _PRINT if figures.by(key, "org")}
    volume = columns["case_volume"]
    sheet = Sheet("organisations", number, width, figures)
    shown = [key for key in columns if sheet.is_wide or key in _NARROW]
    words = figures.words
    headings = {} if sheet.is_wide else {"on_time_rate": words("organisations.on_time")}
    header = tuple(headings.get(key, figures.definition(key).heading) for key in shown)
    cells = zip(*([_print_cell(words, key, row) for row in columns[key]] for key in shown), strict=True)
    rows = [
        ranking.Row(figures.label("org", name), row and row.value if name != total_label else None, printed)
        for name, row, printed in zip([*names, total_label], volume, cells, strict=True)
    ]
    sheet.write_head(
        comparisons.organisations(words, [(row.member, row.value or 0) for row in busiest_first], total.value),
        words("organisations.subtitle"),
    )
    sheet.write_foot(ranking.draw(sheet, rows, header, has_total=True))
    spoken = [words("spoken.cases", name=row.label, count=row.cells[0]) for row in rows]
    return sheet.finish(
        words("organisations.spoken", parts=describe_ranking(words, spoken[:-1]), total=spoken[-1]),
        *tabulate(
            {figures.dimension_name("org"): [*names, total_label]},
            *(
                Column(head_column(figures, key), rows, decimals=2 if key == "on_time_rate" else None)
                for key, rows in columns.items()
            ),
        ),
        ids_of(*chain.from_iterable(columns.values())),
        words("organisations.note") if "avg_working_days" in columns else words("unit.note", unit=words("unit.case")),
    )


def _print_cell(words: Words, key: str, row: Figure | None) -> str:
    return wording.NO_VALUE if row is None else _PRINT[key](words, row.value)
