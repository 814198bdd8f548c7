"""What commands share at a terminal: consoles, language, the home, the PERIOD argument, signals, progress, ending.

Nothing here is a command, and nothing here imports one: those are in `cli/`. `progress.py` and `ending.py` load
Dagster, so commands import them late; the other modules load in a few milliseconds.
"""
