"""Great-expectations suites and how they judge a warehouse.

No Dagster in here. `dagster_project/checks.py` turns the results into asset checks.
"""
