"""Which files of the landing folder are read, and by which source.

These modules list the folder, open archives, wait for files that are still being written, match each file to one source
and skip files that the ledger already holds. They don't decode a file. They hand the reading room a list of claims.
"""
