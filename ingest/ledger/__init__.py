"""What the warehouse remembers about every file: fingerprint, row counts, verdict, and drift of its source.

The rows themselves are in `raw`. The gate, `tongbao status` and the bulletin's annex read these tables.
"""
