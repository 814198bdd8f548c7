"""What Dagster's catalogue says of assets beside their results: groups, owners, columns and their lineage, code, links.

The modules take the dbt manifest, contracts and paths, and return Dagster's metadata; `pages.py` serves the files that
links lead to. What a step found is reported by `dagster_project/assets`.
"""
