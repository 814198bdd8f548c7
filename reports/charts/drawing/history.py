"""The chart form of a history: columns of the whole over months or quarters, and below them a small one for each town.

Takes figures, the figure whose course is drawn and the function that words its headline; returns the finished chart.
A period that is not complete is a hollow, dashed column, so that it never looks like a fall. Every panel has the same
periods; the panels of towns share one scale. More than twelve towns are too many to compare: the largest are drawn, and
the data table has all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt

from reports.charts.drawing import theme
from reports.charts.drawing.data_table import Column, tabulate
from reports.charts.drawing.sheet import MARGIN, Chart, Sheet, pixel
from reports.charts.drawing.typeface import measure, wrap
from reports.charts.drawing.values import Unit, describe_ranking, ids_of, split_unstated, unit_for
from reports.figures.history import Span
from reports.figures.model import Figure, Figures
from reports.words.catalogue import Words

_HEIGHT, _SMALL_HEIGHT = 120, 44  # px, of the largest column of the whole and of a town
_GAP = 22  # px between panels
_MOST_PANELS = 12
_FEWEST_PERIODS = 3

Rows = Sequence[Figure | None]  # one a period, None where the mart has none


@dataclass(frozen=True)
class _Panel:
    """Where the columns of one panel stand, in px; `largest` is the value that reaches `top`."""

    left: float
    right: float
    top: float
    bottom: float
    largest: float

    def step(self, count: int) -> float:
        return (self.right - self.left) / count

    def middle(self, place: int, count: int) -> float:
        return self.left + self.step(count) * (place + 0.5)

    def height(self, value: float) -> float:
        return value / (self.largest or 1) * (self.bottom - self.top)


def draw(
    key: str, figures: Figures, figure: str, number: int, width: int, headline: Callable[[Figures, str], str]
) -> Chart | None:
    """The chart of the figure's history, or None where fewer than three periods have a value of it."""
    spans, words = figures.history, figures.words
    whole = [figures.get(figure, period=span.period) for span in spans]
    if sum(_value(row) is not None for row in whole) < _FEWEST_PERIODS:
        return None
    definition = figures.definition(figure)
    members, unstated = _list_towns(figures, figure)
    unit = unit_for(words, [_value(row) for row in whole])
    sheet = Sheet(key, number, width, figures)
    count = words(f"history.of_{'months' if '-' in spans[0].period else 'quarters'}", n=len(spans))
    sheet.write_head(
        headline(figures, figure), words("history.subtitle", periods=count, name=definition.name, unit=unit.word)
    )
    bottom = _draw_whole(sheet, spans, whole, unit)
    drawn = _choose(members)
    if drawn:
        bottom = _draw_towns(sheet, spans, drawn, bottom)
    sheet.write_foot(bottom, *_list_notes(words, figures, spans, drawn, len(members) - len(drawn)))
    rows_by_name = [(figures.city_word, whole), *members.items(), *unstated.items()]
    columns = [
        Column(_name(words, figures, span), [rows[place] for _, rows in rows_by_name])
        for place, span in enumerate(spans)
    ]
    spoken = [
        words("spoken.pair", name=_name(words, figures, span), value=unit(_value(row)))
        for span, row in zip(spans, whole, strict=True)
        if _value(row) is not None
    ]
    towns = [words("spoken.pair", name=name, value=words.exact(_value(rows[-1]))) for name, rows in members.items()]
    description = words("history.spoken", name=definition.name, unit=unit.word, periods=words("list.item").join(spoken))
    if towns:
        last = _name(words, figures, spans[-1])
        description += words("history.spoken_towns", period=last, towns=describe_ranking(words, towns))
    return sheet.finish(
        description,
        *tabulate({figures.dimension_name(figures.places): [name for name, _ in rows_by_name]}, *columns),
        ids_of(*whole, *(row for rows in members.values() for row in rows)),
        words("unit.note", unit=definition.printed_unit),
    )


def _list_towns(figures: Figures, figure: str) -> tuple[dict[str, Rows], dict[str, Rows]]:
    """The towns' rows over the periods by printed name, in the office's order; apart from them what names no town."""
    places = figures.places
    by_period = [{row.member: row for row in figures.by(figure, places, span.period)} for span in figures.history]
    first_seen = {row.member: row for rows in reversed(by_period) for row in rows.values()}
    order = figures.members(places)
    known = sorted(first_seen.values(), key=lambda r: order.index(r.member) if r.member in order else len(order))
    found = tuple(
        {figures.label(places, row.member): [rows.get(row.member) for rows in by_period] for row in group}
        for group in split_unstated(known)
    )
    return found[0], found[1]


def _choose(members: dict[str, Rows]) -> dict[str, Rows]:
    """The towns that get a panel: all, or the largest in the newest period."""
    largest_first = sorted(members, key=lambda name: -(_value(members[name][-1]) or 0))
    chosen = set(largest_first[:_MOST_PANELS])
    return {name: rows for name, rows in members.items() if name in chosen}


def _draw_whole(sheet: Sheet, spans: Sequence[Span], rows: Rows, unit: Unit) -> float:
    values = [_value(row) for row in rows]
    top = sheet.top + 22
    panel = _Panel(MARGIN, sheet.right, top, top + _HEIGHT, max(value for value in values if value is not None))
    _draw_columns(sheet, spans, [(panel, values)])
    step, shown = panel.step(len(spans)), range(len(spans))
    if any(measure(unit(value), 13, bold=True) > step - 4 for value in values if value is not None):
        # where columns are narrow, the newest value and that of a year before, if it is drawn, say most
        year = 12 if "-" in spans[0].period else 4
        shown = [place for place in (len(spans) - 1 - year, len(spans) - 1) if place >= 0]
    for place in shown:
        if values[place] is not None:
            text = unit(values[place])
            # a wide value stands over its neighbours too
            near = 1 if measure(text, 13, bold=True) > step - 4 else 0
            highest = max(value or 0 for value in values[max(place - near, 0) : place + near + 1])
            _write_middle(sheet, panel, place, len(spans), panel.height(highest) + 6, text, True)
    for place, heading in enumerate(_headings(sheet, spans)):
        _write_middle(sheet, panel, place, len(spans), -18, heading)
    for place in _places_of_years(spans):
        _write_middle(sheet, panel, place, len(spans), -35, sheet.words("history.year", year=spans[place].period[:4]))
    return panel.bottom + 42


def _write_middle(
    sheet: Sheet, panel: _Panel, place: int, count: int, above: float, text: str, bold: bool = False
) -> None:
    """Writes a text over the middle of a column, `above` px over the base line, kept within the sheet."""
    size = 13 if bold else 12
    half = measure(text, size, bold) / 2
    x = min(max(panel.middle(place, count), MARGIN + half), sheet.right - half)
    sheet.write(x, panel.bottom - above, text, size, theme.INK if bold else theme.INK2, bold, align="center")


def _draw_towns(sheet: Sheet, spans: Sequence[Span], towns: dict[str, Rows], start: float) -> float:
    """Draws the panels below `start`, as many beside each other as names in two lines allow; returns their edge."""
    words, room = sheet.words, sheet.right - MARGIN
    amounts = {name: words.exact(_value(rows[-1])) for name, rows in towns.items()}
    taken = 10 + max(measure(amount, 13, bold=True) for amount in amounts.values())
    for across in range(4 if sheet.is_wide else 2, 0, -1):
        width = (room - _GAP * (across - 1)) / across
        names = {name: wrap(name, width - taken, 13) for name in towns}
        if all(
            len(lines) < 3 and all(measure(line, 13) <= width - taken for line in lines) for lines in names.values()
        ):
            break
    further = 17 * (max(map(len, names.values())) - 1)
    largest = max((value for rows in towns.values() for row in rows if (value := _value(row)) is not None), default=0)
    panels = []
    for place, (name, rows) in enumerate(towns.items()):
        left = MARGIN + (width + _GAP) * (place % across)
        top = start + 34 + further + (_SMALL_HEIGHT + 44 + further) * (place // across)
        for below, line in enumerate(names[name], 1 - len(names[name])):
            sheet.write(left, top - 12 + 17 * below, line)
        sheet.write(left + width, top - 12, amounts[name], bold=True, align="right")
        panel = _Panel(left, left + width, top, top + _SMALL_HEIGHT, largest)
        panels.append((panel, [_value(row) for row in rows]))
    _draw_columns(sheet, spans, panels)
    return panels[-1][0].bottom + 8


def _draw_columns(sheet: Sheet, spans: Sequence[Span], panels: list[tuple[_Panel, list[float | None]]]) -> None:
    filled, hollow = [], []
    year = 12 if "-" in spans[0].period else 4
    last = len(spans) - 1
    for panel, values in panels:
        for place, (span, value) in enumerate(zip(spans, values, strict=True)):
            if not value:
                continue
            half = panel.step(len(spans)) * 0.32
            middle = panel.middle(place, len(spans))
            colour = theme.MAIN if place == last else theme.GHOST if place == last - year else theme.MUTED
            column = {
                "x": round(middle - half, 1),
                "x2": round(middle + half, 1),
                "y": round(panel.bottom - panel.height(value), 1),
                "y2": panel.bottom,
                "colour": colour,
            }
            (filled if span.is_complete else hollow).append(column)
    places = {"x": pixel(alt.X, "x"), "x2": alt.X2("x2:Q"), "y": pixel(alt.Y, "y"), "y2": alt.Y2("y2:Q")}
    bars = alt.Chart().mark_rect().encode(**places, color=alt.Color("colour:N", scale=None))
    sheet.draw(bars, filled)
    outlines = alt.Chart().mark_rect(filled=False, stroke=theme.MAIN, strokeWidth=1.5, strokeDash=[3, 2])
    sheet.draw(outlines.encode(**places), hollow)
    lines = [{"x": p.left, "x2": p.right, "y": p.bottom, "y2": p.bottom} for p, _ in panels]
    sheet.draw_lines(lines, 1, theme.INK2)


def _headings(sheet: Sheet, spans: Sequence[Span]) -> list[str]:
    words = sheet.words
    if "-" not in spans[0].period:
        return [words.list("history.quarter_headings")[int(span.period[-1]) - 1] for span in spans]
    if not sheet.is_wide:
        return [str(int(span.period[-2:])) for span in spans]
    return [words.month_heading(span.period) for span in spans]


def _places_of_years(spans: Sequence[Span]) -> list[int]:
    """Under which columns a year begins; the first column has one too unless the next is too near."""
    begins = [place for place, span in enumerate(spans) if place and span.period[:4] != spans[place - 1].period[:4]]
    room = 2 if "-" in spans[0].period else 1
    return begins if begins and begins[0] <= room else [0, *begins]


def _list_notes(
    words: Words, figures: Figures, spans: Sequence[Span], drawn: dict[str, Rows], left_out: int
) -> list[str]:
    notes = []
    partial = [_name(words, figures, span) for span in spans if not span.is_complete]
    if partial:
        notes.append(words("history.partial", periods=words.listing(partial)))
    if drawn:
        notes.append(words("history.panels", dimension=figures.dimension_name(figures.places)))
    if left_out:
        notes.append(words("history.left_out", n=left_out))
    return notes


def _name(words: Words, figures: Figures, span: Span) -> str:
    """The period's name, with its days where it is not complete: 2022年7月（1日至15日）."""
    name = figures.period_names.get(span.period, words.period_name(span.period))
    if span.is_complete:
        return name
    return words.titled(
        name,
        words("history.days", start=words.day_of_year(span.starts_on), end=words.day_of_year(span.as_of_on)),
    )


def _value(row: Figure | None) -> float | None:
    return row.value if row else None
