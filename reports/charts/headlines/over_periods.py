"""Words the one sentence above each chart of history, by rules that hold for any data.

Takes `Figures` and the figure whose course is drawn; returns a sentence no longer than the language's
`headline.longest`. It speaks of the newest complete period: a running one is never compared with whole ones. Charts of
the months of one period have their sentences in over_months.py.
"""

from reports.figures.history import Span
from reports.figures.model import Figure, Figures


def volume(figures: Figures, figure: str) -> str:
    """Whether the newest complete period has most or least of those drawn, else how it stands against a year before."""
    words, definition = figures.words, figures.definition(figure)
    counted = _counted(figures, figure)
    if not counted:
        return words("headline.history.none", name=definition.name)
    span, last = counted[-1]
    before = [row.value for _, row in counted[:-1]]
    start = words(
        "headline.history.start",
        period=words.short_period_name(span.period),
        name=definition.name,
        count=words.quantity(words.wan(last.value), definition.printed_unit),
    )
    finding = ""
    # two periods that print alike are neither the most nor the least
    alike = {words.wan(value) for value in before}
    if len(before) > 1 and words.wan(last.value) not in alike and not min(before) < last.value < max(before):
        kind = "most" if last.value > max(before) else "least"
        finding = words(f"headline.history.{kind}", n=len(counted), unit=words(f"history.{_unit(figures)}"))
    elif change := words.change(last.value, last.year_ago_value, definition.style, definition.unit):
        word, size = change
        finding = words("headline.history.changed" if size else "headline.history.same", word=word, size=size)
    return words.fit(*((words("headline.found", start=start, finding=finding),) if finding else ()), start)


def overdue(figures: Figures, figure: str) -> str:
    """In how many townships the stock fell and rose since the complete period before, else how large it is."""
    words, definition = figures.words, figures.definition(figure)
    counted = _counted(figures, figure)
    if not counted:
        return words("headline.history.none", name=definition.name)
    span, last = counted[-1]
    period = words.short_period_name(span.period)
    if not last.value:
        return words("headline.history.cleared", period=period, name=definition.name)
    start = words(
        "headline.history.stock",
        period=period,
        name=definition.name,
        count=words.quantity(words.exact(last.value), definition.printed_unit),
    )
    steps = []
    if len(counted) > 1:
        for row in figures.by(figure, figures.places, span.period):
            base = figures.get(figure, figures.places, row.member, counted[-2][0].period)
            if not row.is_unstated and row.value is not None and base is not None and base.value is not None:
                steps.append(row.value - base.value)
    fewer, more = sum(step < 0 for step in steps), sum(step > 0 for step in steps)
    if not steps:
        return start
    kind = "mixed" if fewer and more else "fewer" if fewer else "more" if more else "level"
    finding = words(f"headline.history.{kind}", fewer=fewer, more=more, n=len(steps))
    return words.fit(words("headline.found", start=start, finding=finding), start)


def _counted(figures: Figures, figure: str) -> list[tuple[Span, Figure]]:
    """The complete periods drawn that have a value, with the row of the whole."""
    rows = [(span, figures.get(figure, period=span.period)) for span in figures.history if span.is_complete]
    return [(span, row) for span, row in rows if row is not None and row.value is not None]


def _unit(figures: Figures) -> str:
    return "months" if "-" in figures.history[-1].period else "quarters"
