"""Draws the charts that a text asks for, each by the module of its name.

Takes a period's figures, a width and the keys of the charts in the order of the text; returns the drawn charts with
their numbers. KEYS lists the charts once; a text that asks for another key is refused when it is filled. How a chart
looks is written in its module.
"""

from collections.abc import Sequence
from importlib import import_module

from reports.charts.drawing.sheet import Chart
from reports.figures.model import Figures

KEYS = (
    "monthly_volume",
    "volume_history",
    "calendar",
    "composition",
    "town_share",
    "organisations",
    "town_overdue",
    "overdue_history",
    "county",
    "certificates",
    "evaluation_levels",
)
USUAL_KEYS = ("monthly_volume", "composition", "town_share", "town_overdue", "certificates")


def draw(figures: Figures, width: int = 640, keys: Sequence[str] = USUAL_KEYS) -> list[Chart]:
    """The charts of `keys` that the period has figures for, numbered from 1, exactly `width` px wide (640 or 352).

    A key that comes twice is drawn once. Raises typeface.FontError where a name holds a character that the shipped
    typeface lacks, and ModuleNotFoundError for a key without a module.
    """
    charts: list[Chart] = []
    for key in dict.fromkeys(keys):
        chart = import_module(f"reports.charts.{key}").draw(figures, len(charts) + 1, width)
        if chart is not None:
            charts.append(chart)
    return charts
