"""What an installation looks like now: what is published and waits, and what of the environment needs mending.

Everything here only looks: it takes no lock, opens warehouses read-only and makes no home. `cli` prints it.
"""
