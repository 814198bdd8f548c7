"""Records become typed rows in `raw`, or quarantined rows with a reason.

DuckDB does the work in SQL built from the contract: convert, derive, check, load, quarantine, and decide which
version of a key is current. Files and encodings stay outside. The result is in `raw`,
`quality.quarantine` and `changes`.
"""
