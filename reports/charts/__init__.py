"""Here the charts of a bulletin are put in their order and numbered; one module a chart beside this one.
Counting stays out, and so does where a chart stands in the text.
It hands `draw`, which gives the charts of a period as SVG with their data, alternative text and figure ids.
"""

from collections.abc import Sequence

from reports.charts import (
    calendar,
    certificates,
    composition,
    county,
    evaluation_levels,
    monthly_volume,
    organisations,
    town_overdue,
    town_share,
)
from reports.charts.sheet import Chart
from reports.figures.load import Figures

__all__ = ["KEYS", "Chart", "draw"]

_USUAL = ("monthly_volume", "composition", "town_share", "town_overdue", "certificates")
_BY_KEY = {
    "monthly_volume": monthly_volume,
    "calendar": calendar,
    "composition": composition,
    "town_share": town_share,
    "organisations": organisations,
    "town_overdue": town_overdue,
    "county": county,
    "certificates": certificates,
    "evaluation_levels": evaluation_levels,
}
KEYS = tuple(_BY_KEY)


def draw(figures: Figures, width: int = 640, keys: Sequence[str] = _USUAL) -> list[Chart]:
    """The charts of `keys` that the period has figures for, numbered from 1, exactly `width` px wide (640 or 352).

    Raises theme.FontError where a name holds a character that the shipped typeface lacks.
    """
    drawn: list[Chart] = []
    for key in dict.fromkeys(keys):
        chart = _BY_KEY[key].draw(figures, len(drawn) + 1, width)
        if chart is not None:
            drawn.append(chart)
    return drawn
