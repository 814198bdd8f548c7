"""Words which counties of a province a period does not count, and why: late, blocked, not published or not proven.

It takes the period's figures and returns a list for a sentence. The table of all counties is in document/counties.py.
"""

from reports.figures.model import CountyReport, Figures


def name_missing(figures: Figures) -> str:
    """The counties that the period does not count, each with the reason; '' where it counts all."""
    missing = [report for report in figures.reports if not report.is_counted]
    return figures.words.listing([_name(figures, report) for report in missing])


def _name(figures: Figures, report: CountyReport) -> str:
    words = figures.words
    reasons = [] if report.state == "published" else [words(f"counties.state.{report.state}")]
    if report.covered_until:
        reasons.append(words("counties.until", day=words.day(report.covered_until)))
    why = words("list.clause").join(reasons)
    return words("counties.missing", name=figures.label("county", report.name), why=why)
