"""Lists the charts and draws those that a text asks for.

Takes a period's figures, a width and the keys of the charts in the order of the text; returns the drawn charts with
their numbers. The key of a chart is the name of its module. How a chart looks is written in its module.
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
from reports.charts.drawing.sheet import Chart
from reports.figures.load import Figures

_MODULES = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        monthly_volume,
        calendar,
        composition,
        town_share,
        organisations,
        town_overdue,
        county,
        certificates,
        evaluation_levels,
    )
}
KEYS = tuple(_MODULES)
USUAL_KEYS = ("monthly_volume", "composition", "town_share", "town_overdue", "certificates")


def draw(figures: Figures, width: int = 640, keys: Sequence[str] = USUAL_KEYS) -> list[Chart]:
    """The charts of `keys` that the period has figures for, numbered from 1, exactly `width` px wide (640 or 352).

    A key that comes twice is drawn once. Raises typeface.FontError where a name holds a character that the shipped
    typeface lacks, and KeyError for a key that is no chart's.
    """
    charts: list[Chart] = []
    for key in dict.fromkeys(keys):
        chart = _MODULES[key].draw(figures, len(charts) + 1, width)
        if chart is not None:
            charts.append(chart)
    return charts
