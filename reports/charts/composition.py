"""Here is the chart of what the volume is made of: where cases were handled, and which of them online.
The headline's rules stay out.
It hands `draw` to the bulletin's list of charts.
"""

import altair as alt

from reports.charts import headlines, theme
from reports.charts.sheet import MARGIN, Chart, Sheet, scaled
from reports.charts.values import ROUNDING_NOTE, Column, Unit, ids_of, is_rounded_off, tabled, unit_for
from reports.figures.load import Figure, Figures
from reports.text import wording

_PLACES = "按办理地点（二者合计100%）"
_ONLINE = "其中通过线上渠道（可重叠，不与上项相加）"
_VENUES = {"hall": "政务大厅窗口", "township": "乡镇（街道）及村（社区）"}
_CHANNELS = {
    "fully_online_share": "全程网办",
    "via_platform_share": "“一网通办”综合服务平台",
    "mobile_share": "掌上办",
}


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """Two blocks of bars on tracks of 100%: venues add up, online attributes overlap; None without volume."""
    total = figures.get("case_volume")
    venues = _present([(label, figures.get("case_volume_share", "venue", key)) for key, label in _VENUES.items()])
    channels = _present([(label, figures.get(key)) for key, label in _CHANNELS.items()])
    channels.sort(key=lambda pair: -pair[1].value)
    if total is None or not total.value or not (venues or channels):
        return None
    shares = {row.figure if row.dimension == "total" else row.member: row.value for _, row in venues + channels}
    headline = headlines.composition(shares.get("hall"), shares.get("township"), shares.get("fully_online_share"))
    city = figures.city_word
    volume = f"{wording.wan(total.value)}件"
    subtitle = f"图{number} {city}办件量构成，占{city}办件量{volume}的比重"
    in_wan = unit_for([row.numerator for _, row in venues + channels]).decimals is not None
    sheet = Sheet("composition", width)
    sheet.head(headline, subtitle)
    bottom = sheet.top
    place_title = _PLACES if len(venues) == 2 else "按办理地点"
    for title, block, colour in ((place_title, venues, theme.MAIN), (_ONLINE, channels, theme.ONLINE)):
        if block:
            bottom = _block(sheet, bottom, title, block, colour, in_wan) + 12
    is_rounded = len(venues) == 2 and is_rounded_off(wording.percent(row.value, 1) for _, row in venues)
    sheet.foot(bottom - 8, *([ROUNDING_NOTE] if is_rounded else []), figures.source_line)
    spoken = "；".join(f"{label}{_words(row, in_wan)}" for label, row in venues)
    online = "、".join(f"{label}{_words(row, in_wan)}" for label, row in channels)
    alternative = f"{headline}。条形图，占{city}办件量{volume}的比重。"
    alternative += f"按办理地点：{spoken}。" if venues else ""
    alternative += f"线上渠道（可重叠）：{online}。" if channels else ""
    rows = [row for _, row in venues + channels]
    table, marks = tabled(
        {
            "项目": [label for label, _ in venues + channels],
            "类别": ["办理地点"] * len(venues) + ["线上渠道（可重叠）"] * len(channels),
        },
        Column("办件量（件）", rows, "numerator"),
        Column(f"占{city}办件量（%）", rows, decimals=2),
    )
    note = "线上各项可重叠，不与办理地点相加" + ("；" + ROUNDING_NOTE.rstrip("。") if is_rounded else "")
    return Chart(
        number, sheet.key, headline, subtitle, alternative, figures.source_line, sheet.svg(alternative), table,
        ids_of(total, *rows), note, marks,
    )  # fmt: skip


def _block(sheet: Sheet, top: float, title: str, block: list[tuple[str, Figure]], colour: str, in_wan: bool) -> float:
    label_width = max(theme.measure(label, 13) for label in (*_VENUES.values(), *_CHANNELS.values()))
    start = MARGIN + label_width + 8 if sheet.is_wide else MARGIN
    pitch, thickness, first = (34, 20, 40) if sheet.is_wide else (40, 12, 51)
    sheet.write(MARGIN, top + 16, title, 14, theme.INK2, bold=True)
    middles = [top + first + place * pitch for place in range(len(block))]
    along = scaled(alt.X, 1, start, sheet.right)
    sheet.bars([{"value": 1, "at": middle} for middle in middles], along, thickness, theme.TRACK)
    bars = [{"value": min(row.value, 1), "at": y} for (_, row), y in zip(block, middles, strict=True) if row.value]
    sheet.bars(bars, along, thickness, colour)
    for (label, row), middle in zip(block, middles, strict=True):
        words = _words(row, in_wan)
        if not sheet.is_wide:
            sheet.write(MARGIN, middle - thickness / 2 - 6, label, 13)
            sheet.write(sheet.right, middle - thickness / 2 - 6, words, 13, bold=True, align="right")
            continue
        sheet.write(start - 7, middle + 4.5, label, 13, align="right")
        tip = start + row.value * (sheet.right - start)
        if tip + 8 + theme.measure(words, 13, bold=True) <= sheet.right:
            sheet.write(tip + 8, middle + 4.5, words, 13, bold=True)
        else:
            sheet.write(tip - 8, middle + 4.5, words, 13, theme.PAPER, bold=True, align="right")
    return middles[-1] + thickness / 2 + 6


def _present(rows: list[tuple[str, Figure | None]]) -> list[tuple[str, Figure]]:
    return [(label, row) for label, row in rows if row is not None and row.value is not None]


def _words(row: Figure, in_wan: bool) -> str:
    count = row.numerator or 0
    if in_wan and 0 < count < 10_000:
        # one unit for all values of a chart: here the text's exact count would be the odd one out
        amount = f"{Unit('万件', 2)(count).rstrip('0')}万"
    else:
        amount = wording.wan(count) if in_wan else wording.exact(count)
    return f"{wording.percent(row.value, 1)} {amount}件"
