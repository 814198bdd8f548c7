"""Synthetic exports for a first run, generated so that counting them gives the published totals of a jurisdiction.

The SQL in `sql/` makes the cases; Python plans the volumes and writes the files. Every generated folder is marked as
synthetic.
"""
