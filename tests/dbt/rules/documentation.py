"""Rules on descriptions: every model, every published column, every source and source table says what it holds.

Each rule takes a `Project` and returns the names of the nodes that break it. That descriptions are written in Chinese
and English is tested in test_craft.py.
"""

from tests.dbt.rules.project import Project


def undocumented_models(project: Project) -> list[str]:
    """Models without a description; where there is none of these, documentation coverage is 100%."""
    return [name for name, node in project.models.items() if not node["description"].strip()]


def undocumented_sources(project: Project) -> list[str]:
    """Sources without a description, by the source's name."""
    return sorted({n["source_name"] for n in project.sources.values() if not n["source_description"].strip()})


def undocumented_source_tables(project: Project) -> list[str]:
    """Source tables without a description."""
    return [name for name, node in project.sources.items() if not node["description"].strip()]
