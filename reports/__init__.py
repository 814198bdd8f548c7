"""Turns figures into documents: wording, charts, the office's text, then one writer for each format.

`reports.render.render` is the entry point. Nothing here counts a figure, reads raw tables or knows Dagster.
"""
