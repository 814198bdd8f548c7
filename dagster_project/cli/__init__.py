"""The command `tongbao`: `main.py`, the table `commands.py`, and one file a command.

A command speaks with a person and starts the same job as the Dagster UI; no step is implemented here. What several
commands need at a terminal is in `terminal/`.
"""
