"""The command `tongbao`: one file a command.

A command speaks with a person and starts the same job as the Dagster UI; no step is implemented here.
"""
