"""Figures in words: how numbers, changes, dates and lists are worded, and the office's template filled with them.

It reads the office's Markdown and `reports.figures`, and returns Markdown whose numbers are marked with their figure.
Charts, tables and the blocks of a document belong to reports/document.
"""
