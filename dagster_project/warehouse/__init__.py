"""The warehouse files of a home: the build file, publication, dbt in this process, and what the models were built of.

No Dagster in here. The assets call these modules and report what they return.
"""
