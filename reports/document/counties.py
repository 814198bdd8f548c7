"""Lays out what only a province has: the ranks of its counties by indicator, and how each has reported.

Each function takes `Figures` and returns a `Table`, or None where there are no counties. The other tables
by county are those of tables.py.
"""

from datetime import date

from reports.document.model import Run, Runs, Table
from reports.figures.model import CountyReport, Figures
from reports.words import wording


def tabulate_ranks(figures: Figures) -> Table | None:
    """One row a county, one column an indicator: its rank, and in brackets its rank in the period before."""
    names = {name: figures.label("indicator", name) for name in figures.members("indicator")}
    ranks = {row.member: row for row in figures.by("county_rank", "county_indicator")}
    shown = [name for name in names if any(key.endswith(f" · {name}") for key in ranks)]
    if not shown:
        return None
    rows = []
    for county in (report.name for report in figures.reports):
        cells: list[Runs] = [(Run(figures.label("county", county)),)]
        for indicator in shown:
            row = ranks.get(f"{county} · {indicator}")
            if row is None:
                cells.append((Run(wording.NO_DATA),))
                continue
            cell = [Run(f"{row.value:.0f}", row.id, "value", row.value)]
            if row.previous_value is not None:
                before = Run(f"{row.previous_value:.0f}", row.id, "previous_value", row.previous_value)
                cell += [Run(figures.words("counties.open")), before, Run(figures.words("counties.close"))]
            cells.append(tuple(cell))
        rows.append(tuple(cells))
    header = (figures.dimension_name("county"), *(names[name] for name in shown))
    words = figures.words
    return Table(
        words("counties.ranks"), header, tuple(rows), ("left", *["right"] * len(shown)), words("counties.ranks_note")
    )


def tabulate_reports(figures: Figures) -> Table | None:
    """One row a county: whether the period counts it, the last day of its data, and how it stands."""
    words = figures.words
    rows = [
        (
            (Run(figures.label("county", report.name)),),
            (Run(words("counties.counted" if report.is_counted else "counties.not_counted")),),
            (Run(words.day(day) if (day := _last_day(figures, report)) else wording.NO_VALUE),),
            (Run(words(f"counties.state.{report.state}")),),
        )
        for report in figures.reports
    ]
    header = (
        figures.dimension_name("county"),
        *(words(f"counties.{name}") for name in ("in_period", "covered", "standing")),
    )
    return Table(words("counties.reports"), header, tuple(rows), ("left",) * 4) if rows else None


def _last_day(figures: Figures, report: CountyReport) -> date | None:
    """The last day of the county's data that concerns the period."""
    return figures.as_of_on if report.is_counted else report.covered_until
