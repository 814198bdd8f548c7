"""Lays figures out as tables: all of a period, by township, by organisation, and those of the optional blocks.

Each function takes `Figures` and returns a `Table`, or None where the period has nothing to show. A table chooses
figures and parts of them; the registry names them and gives the headings of columns. Every number knows its figures
row. Sentences and pictures don't belong here.
"""

from collections.abc import Callable, Sequence

from reports.document import counties
from reports.document.cells import print_member, print_number
from reports.document.model import Run, Table
from reports.figures.model import Figures
from reports.words import wording

# a column of a table: the figure, and the part of it that is shown; the registry says its heading
Column = tuple[str, str]

_BY_TOWN = (
    "case_volume",
    "case_volume_share",
    "case_finished",
    "via_platform",
    "overdue_open",
    "overdue_open_ratio",
    "overdue_finished",
    "on_time_rate",
    "avg_working_days",
    "median_working_days",
    "p90_working_days",
)
_BY_ORGANISATION: tuple[Column, ...] = (
    ("case_volume", "value"),
    ("case_finished", "value"),
    ("immediate_share", "numerator"),
    ("early_rate", "denominator"),
    ("avg_working_days", "value"),
    ("median_working_days", "value"),
    ("early_rate", "value"),
    ("on_time_rate", "value"),
    ("overdue_open", "value"),
    ("extended_service", "value"),
)
_REVISIONS_SHOWN = 18
# the headings of tables whose rows are figures, by their keys in reports/words
_OF_TOTALS = (
    "table.figure",
    "part.value",
    "table.unit",
    "part.numerator",
    "part.denominator",
    "part.yoy",
    "part.mom",
)
_OF_REVISIONS = ("table.figure", "table.dimension", "revisions.before", "revisions.now", "table.unit")
_OF_BREAKDOWNS = ("table.figure", "table.dimension", "table.member", "part.value", "table.unit")
_OWN_TABLES = ("total", "town", "county", "county_indicator", "org", "indicator", "day", "item")
# figures of cases with missing or contradicting dates; annex 3 prints them by source, beside the quality of the data
DOUBTS = ("limit_unknown", "finish_unknown", "due_disagreeing")


def tabulate_totals(figures: Figures) -> Table:
    """One row a figure: its total as value, numerator and denominator, change on the year and on the period before."""
    rows = []
    for key, definition in figures.definitions.items():
        row = figures.get(key)
        if row is None:
            continue
        # a count is its own numerator, so it has none to show
        is_ratio = row.denominator is not None
        rows.append(
            (
                (Run(definition.name),),
                print_number(figures, row),
                (Run(definition.printed_unit),),
                print_number(figures, row, "numerator") if is_ratio else (Run(wording.NO_VALUE),),
                print_number(figures, row, "denominator"),
                print_number(figures, row, "yoy"),
                print_number(figures, row, "mom"),
            )
        )
    words = figures.words
    header = tuple(words(key) for key in _OF_TOTALS)
    return Table(words("table.totals"), header, tuple(rows), ("left", "right", "left", *["right"] * 4))


def tabulate_towns(figures: Figures, total: str = "") -> Table:
    """One row a township of the office's list; below them the whole jurisdiction, named `total`, if given."""
    columns = [(key, "value") for key in _BY_TOWN]
    return _cross(figures, figures.places, columns, [figures.titled(key) for key in _BY_TOWN], total)


def tabulate_organisations(figures: Figures) -> Table:
    """One row an accepting organisation, busiest first, with the jurisdiction's total below."""
    headings = [figures.definition(key).column_heading(part) for key, part in _BY_ORGANISATION]
    return _cross(figures, "org", _BY_ORGANISATION, headings, figures.label("total", "total"))


def rank_members(figures: Figures, dimension: str, top: int) -> Table | None:
    """The `top` busiest members beside as many of the least busy that have a case; None where there are no two."""
    named = (row for row in figures.by("case_volume", dimension) if row.value and not row.is_unstated)
    busy = sorted(named, key=lambda row: -row.value)
    top = min(top, len(busy) // 2)
    if not top:
        return None
    least = busy[::-1]
    rows = [
        (
            (Run(str(place)),),
            (Run(figures.label(dimension, most.member)),),
            print_number(figures, most),
            (Run(figures.label(dimension, few.member)),),
            print_number(figures, few),
        )
        for place, (most, few) in enumerate(zip(busy[:top], least[:top], strict=True), start=1)
    ]
    is_cut = least[top - 1].value == least[top].value or busy[top - 1].value == busy[top].value
    volume, name = figures.definition("case_volume"), figures.dimension_name(dimension)
    words, heading = figures.words, volume.column_heading()
    most, least_heading = words("ranking.most", name=name), words("ranking.least", name=name)
    return Table(
        words("ranking.title", figure=volume.name, name=name),
        (words("ranking.place"), most, heading, least_heading, heading),
        tuple(rows),
        ("left", "left", "right", "left", "right"),
        words("ranking.cut" if is_cut else "ranking.note", figure=volume.name),
    )


def tabulate_revisions(figures: Figures) -> Table | None:
    """What changed in the period's printed figures since they were last published; None where nothing did.

    Totals come before parts. Of more rows than a page holds, the table shows the first, and its note gives the number.
    """
    rows, order = [], list(figures.definitions)
    for figure, dimension, member, old, new in sorted(
        figures.revisions, key=lambda row: (row[1] != "total", order.index(row[0]), row[1])
    ):
        row, definition = figures.get(figure, dimension, member), figures.definition(figure)
        style = "exact" if definition.style == "wan" else definition.style
        before, now = (
            wording.NO_VALUE if value is None else figures.words.printed(value, style, definition.decimals)
            for value in (old, new)
        )
        if before == now:
            continue
        old_cell = Run(before) if row is None or old is None else Run(before, row.id, "published_value", old)
        rows.append(
            (
                (Run(definition.name),),
                (Run(figures.label(dimension, member)),),
                (old_cell,),
                print_number(figures, row),
                (Run(definition.printed_unit),),
            )
        )
    words, shown = figures.words, _REVISIONS_SHOWN
    header = tuple(words(key) for key in _OF_REVISIONS)
    note = words("revisions.note", n=len(rows), shown=shown) if len(rows) > shown else ""
    sides = ("left", "left", "right", "right", "left")
    return Table(words("revisions.title"), header, tuple(rows[:shown]), sides, note) if rows else None


def tabulate_breakdowns(figures: Figures) -> Table:
    """Every other part of a figure, one row each: venue, channel, case type, source, evaluation …"""
    rows = []
    for key, definition in figures.definitions.items():
        for dimension in figures.dimensions(key):
            if dimension in _OWN_TABLES or key in DOUBTS:
                continue
            rows += [
                (
                    (Run(definition.name),),
                    (Run(figures.dimension_name(dimension)),),
                    (Run(figures.label(dimension, row.member)),),
                    print_number(figures, row),
                    (Run(definition.printed_unit),),
                )
                for row in figures.by(key, dimension)
            ]
    header = tuple(figures.words(key) for key in _OF_BREAKDOWNS)
    return Table(figures.words("table.others"), header, tuple(rows), ("left", "left", "left", "right", "left"))


def tabulate_evaluation_levels(figures: Figures) -> Table | None:
    """Valid evaluations by the five levels."""
    rows = tuple(
        ((Run(figures.label("level", row.member)),), print_number(figures, row))
        for row in figures.by("evaluations", "level")
    )
    header = (figures.dimension_name("level"), figures.definition("evaluations").name)
    return Table(figures.words("table.levels"), header, rows, ("left", "right")) if rows else None


def tabulate_county_ranks(figures: Figures) -> Table | None:
    """This county's rank by indicator as the region reported it, and its rank the period before."""
    rows = []
    for row in figures.by("county_rank", "indicator"):
        before = (Run(wording.NO_VALUE),)
        if row.previous_value is not None:
            before = (Run(wording.exact(row.previous_value), row.id, "previous_value", row.previous_value),)
        rows.append(((Run(figures.label("indicator", row.member)),), print_number(figures, row), before))
    rank = figures.definition("county_rank").column_heading()
    words = figures.words
    header = (figures.dimension_name("indicator"), words("now", name=rank), words("before", name=rank))
    return Table(words("table.ranks"), header, tuple(rows), ("left", "right", "right")) if rows else None


OPTIONAL: dict[str, Callable[[Figures], Table | None]] = {
    "organisations": tabulate_organisations,
    "evaluation_levels": tabulate_evaluation_levels,
    "county": tabulate_county_ranks,
    "revisions": tabulate_revisions,
    "county_ranks": counties.tabulate_ranks,
    "county_reports": counties.tabulate_reports,
}


def _cross(
    figures: Figures,
    dimension: str,
    columns: Sequence[Column],
    headings: Sequence[str],
    total: str = "",
) -> Table:
    """One row a member, one column a figure; a column is left out if the period has no row of its figure."""
    kept = [
        (column, heading) for column, heading in zip(columns, headings, strict=True) if figures.by(column[0], dimension)
    ]
    ordered = [row for (key, _), _ in kept for row in figures.by(key, dimension)]
    if dimension == "org":  # the registry has no order for organisations; the busiest comes first
        ordered.sort(key=lambda row: -(row.value or 0) if row.figure == columns[0][0] else 1)
    rows = [
        (
            (Run(figures.label(dimension, member)),),
            *(print_member(figures, *column, dimension, member) for column, _ in kept),
        )
        for member in dict.fromkeys(row.member for row in ordered)
    ]
    if total and rows:
        rows.append(
            ((Run(total, strong=True),), *(print_member(figures, *column, "total", "total") for column, _ in kept))
        )
    name = figures.dimension_name(dimension)
    header = (name, *(heading for _, heading in kept))
    has_gaps = any(run.text == wording.NO_DATA for row in rows for cell in row for run in cell)
    note = figures.words("absent.note", mark=wording.NO_DATA) if has_gaps else ""
    title = figures.words("table.by", name=name)
    return Table(title, header, tuple(rows), ("left", *["right"] * len(kept)), note)
