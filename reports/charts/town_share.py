"""The chart of the townships' shares in their volume, largest first, with the mean as a line.

Takes the figures of a period and returns one row a township with its share and its volume. The rules of the headline
are written in headlines/comparisons.py, the form in drawing/ranking.py.
"""

from reports.charts.drawing import ranking, theme
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.sheet import Chart, Sheet
from reports.charts.drawing.values import describe_ranking, ids_of, is_rounded_off, split_unstated, unit_for
from reports.charts.headlines import comparisons
from reports.figures.model import Figures
from reports.words import wording


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where no township is known, or no case says its own.

    Cases without a township have the last row. It makes the shares add up, and is no township for headline and mean.
    """
    towns, unstated = split_unstated(figures.by("case_volume_share", figures.places))
    if not towns or (unstated and not any(row.numerator for row in towns)):
        return None
    towns.sort(key=lambda row: -(row.numerator or 0))
    headline_towns = [(row.member, row.numerator or 0) for row in towns]
    total = next((row.denominator for row in towns if row.denominator), 0)
    words = figures.words
    volume = words.quantity(words.wan(total), words("unit.case")) if total else ""
    shares = [row.value for row in towns if row.value is not None]
    average = sum(shares) / len(shares) if len(shares) > 1 else None
    mean = (average, words("town_share.mean", share=wording.percent(average, 1))) if average else None
    towns += unstated
    unit = unit_for(words, [row.numerator for row in towns])
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
        comparisons.town_share(words, headline_towns, total),
        words("town_share.subtitle", volume=volume),
    )
    bottom = ranking.draw(sheet, rows, (figures.definition("case_volume_share").heading, unit.word), mean)
    notes = [words("rounding")] if is_rounded else []
    # a province counts a case of several counties once, each of them all its own
    whole = figures.get("case_volume") if figures.places == "county" else None
    if whole is not None and whole.value is not None and whole.value < total:
        count = words.quantity(words.exact(total - whole.value), words("unit.case"))
        notes.append(words("town_share.repeats", count=count, city=figures.city_word))
    sheet.write_foot(bottom, *notes)
    spoken = [
        words("town_share.town", name=row.label, share=row.cells[0], count=words.quantity(row.cells[1], unit.word))
        for row in rows
    ]
    description = words("town_share.spoken", towns=describe_ranking(words, spoken))
    if mean:
        description += words("town_share.spoken_mean", share=wording.percent(average, 1))
    return sheet.finish(
        description,
        *tabulate(
            {figures.dimension_name(figures.places): [row.member for row in towns]},
            Column(head_column(figures, "case_volume_share", "numerator"), towns, "numerator"),
            Column(head_column(figures, "case_volume_share"), towns, decimals=2),
        ),
        ids_of(*towns),
        words("unit.note", unit=unit.word) + (words("note.also_rounded") if is_rounded else ""),
    )
