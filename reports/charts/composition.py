"""The chart of what the volume is made of: where cases were handled, and which of them online.

Takes the figures of a period and returns two blocks of bars on tracks of 100%: the venues add up to the volume, the
online channels overlap. The rules of the headline are written in headlines/comparisons.py.
"""

import altair as alt

from reports.charts.drawing import theme
from reports.charts.drawing.data_table import Column, head_column, tabulate
from reports.charts.drawing.sheet import MARGIN, Chart, Sheet, amount, band, bracket_shift, text_mark
from reports.charts.drawing.typeface import measure
from reports.charts.drawing.values import ids_of, is_rounded_off
from reports.charts.headlines import comparisons
from reports.figures.model import Figure, Figures
from reports.words import wording
from reports.words.catalogue import Words

_CHANNELS = ("fully_online_share", "via_platform_share", "mobile_share")


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where the period has no volume, or fewer than two shares of it to compare."""
    total, words = figures.get("case_volume"), figures.words
    places = {"hall": words("composition.hall"), "township": figures.label("venue", "township")}
    venues = _present([(label, figures.get("case_volume_share", "venue", key)) for key, label in places.items()])
    online = {key: words(f"composition.{key}") for key in _CHANNELS}
    channels = _present([(label, figures.get(key)) for key, label in online.items()])
    channels.sort(key=lambda labelled: -labelled[1].value)
    if total is None or not total.value or len(venues + channels) < 2:
        return None
    labelled_rows = venues + channels
    shares = {row.figure if row.dimension == "total" else row.member: row.value for _, row in labelled_rows}
    city, volume = figures.city_word, words.quantity(words.wan(total.value), words("unit.case"))
    sheet = Sheet("composition", number, width, figures)
    sheet.write_head(
        comparisons.composition(words, shares.get("hall"), shares.get("township"), shares.get("fully_online_share")),
        words("composition.subtitle", city=city, volume=volume),
    )
    venues_title = words("composition.both_venues" if len(venues) == 2 else "composition.venues")
    blocks = [(venues_title, venues, theme.MAIN), (words("composition.channels"), channels, theme.ONLINE)]
    labels = (*places.values(), *online.values())
    bottom = _draw_blocks(sheet, [block for block in blocks if block[1]], labels)
    is_rounded = len(venues) == 2 and is_rounded_off(wording.percent(row.value, 1) for _, row in venues)
    sheet.write_foot(bottom, *([words("rounding")] if is_rounded else []))
    description = words("composition.spoken", city=city, volume=volume)
    if venues:
        description += words("composition.spoken_venues", parts=_speak(words, "list.item", venues))
    if channels:
        description += words("composition.spoken_channels", parts=_speak(words, "list.comma", channels))
    rows = [row for _, row in labelled_rows]
    return sheet.finish(
        description,
        *tabulate(
            {
                words("composition.item"): [label for label, _ in labelled_rows],
                words("composition.kind"): [figures.dimension_name("venue")] * len(venues)
                + [words("composition.overlapping")] * len(channels),
            },
            Column(head_column(figures, "case_volume_share", "numerator"), rows, "numerator"),
            Column(
                words("composition.share_of", city=city, name=figures.definition("case_volume").name),
                rows,
                decimals=2,
            ),
        ),
        ids_of(total, *rows),
        words("composition.note") + (words("note.also_rounded") if is_rounded else ""),
    )


def _draw_blocks(
    sheet: Sheet, blocks: list[tuple[str, list[tuple[str, Figure]], str]], labels: tuple[str, ...]
) -> float:
    """Draws each block's title and its bars, which start behind the longest of `labels`; returns the lower edge."""
    pitch, thickness = (34, 20) if sheet.is_wide else (40, 12)
    start = MARGIN + (max(measure(label, 13) for label in labels) + 8) * sheet.is_wide
    titles, bars = [], []
    for title, labelled_rows, colour in blocks:
        titles.append({"place": len(titles) + len(bars), "text": title})
        for label, row in labelled_rows:
            bar = {"place": len(titles) + len(bars), "label": label, "value": min(row.value, 1), "colour": colour}
            bars.append(bar | {"text": _print_share(sheet.words, row), "shift": bracket_shift(label, 13) - 7})
    count = len(titles) + len(bars)
    top = sheet.top + 6 - pitch / 2
    x = amount(alt.X, "value", 1, start, sheet.right)
    y = band(alt.Y, "place", list(range(count)), top, top + count * pitch)
    title = text_mark(14, theme.INK2, bold=True, align="left", dy=10)
    sheet.draw(title.encode(x=alt.XValue(MARGIN), y=y, text=alt.Text("text:N")), titles)
    bar = alt.Chart().mark_bar(orient="horizontal", size=thickness).encode(x=x, y=y)
    sheet.draw(bar.encode(color=alt.ColorValue(theme.TRACK)), [row | {"value": 1} for row in bars])
    sheet.draw(bar.encode(color=alt.Color("colour:N", scale=None)), [row for row in bars if row["value"]])
    if sheet.is_wide:
        label = text_mark(align="right", dx=alt.expr("datum.shift"), dy=4.5)
        sheet.draw(label.encode(x=alt.XValue(start), y=y, text=alt.Text("label:N")), bars)
        _draw_words_at_tips(sheet, bars, start, x, y)
    else:
        above_bar = -thickness / 2 - 6
        sheet.draw(
            text_mark(align="left", dy=above_bar).encode(x=alt.XValue(start), y=y, text=alt.Text("label:N")), bars
        )
        words = text_mark(bold=True, align="right", dy=above_bar)
        sheet.draw(words.encode(x=alt.XValue(sheet.right), y=y, text=alt.Text("text:N")), bars)
    return top + (count - 0.5) * pitch + thickness / 2 + 10


def _draw_words_at_tips(sheet: Sheet, bars: list[dict], start: float, x: alt.X, y: alt.Y) -> None:
    """Writes share and count after the tip of each bar, or inside where the track has no room after it."""
    after, inside = [], []
    for bar in bars:
        tip = start + bar["value"] * (sheet.right - start)
        has_room = tip + 8 + measure(bar["text"], 13, bold=True) <= sheet.right
        (after if has_room else inside).append(bar)
    sheet.draw(text_mark(bold=True, align="left", dx=8, dy=4.5).encode(x=x, y=y, text=alt.Text("text:N")), after)
    words = text_mark(13, theme.PAPER, bold=True, align="right", dx=-8, dy=4.5)
    sheet.draw(words.encode(x=x, y=y, text=alt.Text("text:N")), inside)


def _present(labelled_rows: list[tuple[str, Figure | None]]) -> list[tuple[str, Figure]]:
    return [(label, row) for label, row in labelled_rows if row is not None and row.value is not None]


def _speak(words: Words, between: str, parts: list[tuple[str, Figure]]) -> str:
    spoken = (words("spoken.pair", name=label, value=_print_share(words, row)) for label, row in parts)
    return words(between).join(spoken)


def _print_share(words: Words, row: Figure) -> str:
    count = words.quantity(words.wan(row.numerator or 0), words("unit.case"))
    return f"{wording.percent(row.value, 1)} {count}"
