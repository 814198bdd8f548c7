"""What is remembered about every file: fingerprint, row counts, verdict, and drift of its source.

Rows themselves stay outside. The gate, `tongbao status` and the bulletin's annex read these tables.
"""
