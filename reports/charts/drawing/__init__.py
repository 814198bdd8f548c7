"""What all charts share: the sheet, the theme, the typeface, two chart forms, and the data table under a chart.

The chart forms are the ranking (ranking.py) and the row of months (months.py). No module here knows a figure by its
key; which figures a chart shows is written in the chart's own module.
"""
