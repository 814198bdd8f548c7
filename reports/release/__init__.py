"""Released versions of a bulletin: freezing a draft as the next one, and reading what a folder says of itself.

A released folder is never written again. Deciding whether a draft may be released belongs to reports/proof.
"""
