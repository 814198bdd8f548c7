"""The chart of the overdue stock at the end of months or quarters, of the whole jurisdiction and of each township.

Takes the figures of a period and returns the chart of its history. The form is that of drawing/history.py, the rules of
the headline are written in headlines/over_periods.py.
"""

from reports.charts.drawing import history
from reports.charts.drawing.sheet import Chart
from reports.charts.headlines import over_periods
from reports.figures.model import Figures


def draw(figures: Figures, number: int, width: int) -> Chart | None:
    """The chart, or None where fewer than three periods have a count of overdue cases."""
    return history.draw("overdue_history", figures, "overdue_open", number, width, over_periods.overdue)
