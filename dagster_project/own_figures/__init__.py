"""Figures of a jurisdiction's own: its figures.yaml, in the form in which the registry's macros count and prove them.

`entries` says what the file may hold, `conditions` turns `where` into SQL, `terms` finds what a part of a figure
counts, and `load` puts the figures together. No Dagster in here, and nothing is counted: dbt does that.
"""
