"""One model of a bulletin: headings, paragraphs, tables, charts, notes and annexes, in order.

How a format writes them stays outside. Every format receives the same `Document`.
"""
