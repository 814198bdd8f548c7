"""Rules on tests: each model has a tested key and a test that can fail, each source says how fresh it must be.

Each rule takes a `Project` and returns the names of the models or sources that break it.
"""

from tests.dbt.rules.project import KEY_TESTS, Project


def missing_primary_key_tests(project: Project) -> list[str]:
    """Models without a test of their key: `unique` and `not_null` on one column, or one of `KEY_TESTS`."""
    return [name for name in project.models if not _has_key_test(project, name)]


def test_coverage(project: Project) -> list[str]:
    """Models that no test reads: neither one declared in YAML, nor one written in SQL, nor a unit test."""
    return [name for name in project.models if name not in project.generic_tests.keys() | project.tested_otherwise]


def sources_without_freshness(project: Project) -> list[str]:
    """Sources of which a table doesn't say when it is too old; by the source's name."""
    silent = [
        node for node in project.sources.values() if not (node["freshness"] or {}).get("warn_after", {}).get("count")
    ]
    return sorted({node["source_name"] for node in silent})


def _has_key_test(project: Project, model: str) -> bool:
    tests = [(test["test_metadata"]["name"], test["column_name"]) for test in project.generic_tests.get(model, ())]
    if any(kind in KEY_TESTS for kind, _ in tests):
        return True
    return any(("unique", column) in tests and ("not_null", column) in tests for _, column in tests)
