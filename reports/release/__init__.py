"""Released versions of a bulletin: freezing a draft as the next version with its evidence, and reading versions back.

Nothing here writes into a released folder again. reports/proof decides whether a draft may be released.
"""
