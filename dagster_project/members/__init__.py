"""A province's member counties: their homes, what is taken from them, and how they run. Knows no Dagster.

What a province makes of their figures is dbt's matter (models/figures/members/int_rolled_figures.sql).
"""
