"""The charts of a bulletin: one module a chart, and headlines/ for the sentence above each.

A chart module chooses figures, words and marks. drawing/ holds what all charts share: the sheet, the theme, the chart
forms, the data table. The template decides where a chart goes in the text, and dbt counts the figures. To add a chart,
write its module with a function `draw` and add its name to KEYS in all_charts.py.
"""
