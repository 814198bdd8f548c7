"""Decides which files of the landing folder a run reads, and to which source each belongs.

These modules list the folder, open archives, wait for files that are still being written, match each file to one source
and skip files that the ledger already holds. They return a list of claims and don't decode a file: `reading` does.
"""
