"""The one sentence above each chart: a function a chart, which takes plain values or figures and words what they show.

Each module holds the sentences of one kind of chart. A sentence that needs no rule stands in reports/words instead.
"""
