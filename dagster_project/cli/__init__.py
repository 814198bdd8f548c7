"""The command `tongbao`: `main.py`, the table `commands.py`, and a file for each command in the folder of its group.

A command speaks with a person and starts the same job as the Dagster UI; no step is implemented here. What several
commands need at a terminal is in `terminal/`.
"""
