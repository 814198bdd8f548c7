"""The rules of dbt-project-evaluator, written for this project: one module a family, one function a rule.

Each rule takes a `Project` and returns the names of the nodes that break it. `registry` lists all rules by name.
docs/dbt-rules.md argues the findings that are kept; test_project_rules.py compares the two.
"""
