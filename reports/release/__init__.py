"""Released versions: freezing a verified bulletin, and what a version revises of the one before.

A released folder is never written again.
"""
