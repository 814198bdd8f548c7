"""One model of a bulletin: headings, paragraphs, tables, charts, notes and annexes, in order.

These modules build one `Document`, and every format writes the same one. reports/formats decides how a format writes a
block.
"""
