"""Here the charts of a bulletin are put in their order and numbered; one module a chart beside this one.
Counting stays out, and so does where a chart stands in the text.
It hands `draw`, which gives the charts of a period as SVG with their data, alternative text and figure ids.
"""

from reports.charts import certificates, composition, monthly_volume, town_overdue, town_share
from reports.charts.sheet import Chart
from reports.figures import Figures

__all__ = ["Chart", "draw"]

_IN_ORDER = (monthly_volume, composition, town_share, town_overdue, certificates)


def draw(figures: Figures, width: int = 640) -> list[Chart]:
    """Every chart the period has figures for, numbered from 1, on a canvas exactly `width` px wide (640 or 352).

    Raises theme.FontError where a name holds a character that the shipped typeface lacks.
    """
    drawn: list[Chart] = []
    for module in _IN_ORDER:
        chart = module.draw(figures, len(drawn) + 1, width)
        if chart is not None:
            drawn.append(chart)
    return drawn
