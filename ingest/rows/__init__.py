"""Turns records into typed rows in `raw`, or into quarantined rows with a reason.

DuckDB does the work in SQL built from the contract: convert, derive, check, load, quarantine, and decide which version
of a key is current. The results are in `raw`, `quality.quarantine` and `changes`. Files and encodings belong to
`landing` and `reading`.
"""
