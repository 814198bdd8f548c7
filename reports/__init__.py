"""Here figures become documents: wording, charts, the office's text, then one renderer a format.
Counting, raw tables and Dagster stay out.
It hands the pipeline `reports.render.render`.
"""
