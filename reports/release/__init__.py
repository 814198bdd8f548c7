"""Released versions of a bulletin: freezing a draft as the next version, and reading a folder's own records.

Nothing here writes into a released folder again. reports/proof decides whether a draft may be released.
"""
