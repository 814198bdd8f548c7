"""Alerts: what somebody must know although nobody looks at the UI, told once, and once more when it is over.

`conditions.py` finds what is wrong, `memory.py` knows what has been told, `wording.py` makes one screen of text,
`channels.py` and `robots.py` deliver it, and `tell.py` puts them in order. Nothing here knows Dagster, reads an export
or names a person. An alert that can't be delivered is a warning and never stops a run.
"""
