"""The charts of a bulletin: one module a chart, and their headlines in headlines.py.

A chart chooses figures, words and marks. What all charts share (the sheet, the theme, the forms ranking and months,
the data table) lies in drawing/. Nothing is counted here, and where a chart stands in the text is the template's
choice. To add a chart, write its module with a function `draw` and add its name to KEYS in all_charts.py.
"""
