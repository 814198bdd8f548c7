"""Rules on what a reader's query must compute: no long chain of views, and what leaves the project is a table.

Each rule takes a `Project` and returns the names of the models that break it.
"""

from functools import cache

from tests.dbt.rules.project import Project

CHAIN = 4  # views that one query works out, each from the one before


def chained_views(project: Project) -> list[str]:
    """Models that read a chain of four views or more."""

    @cache
    def views_above(model: str) -> int:
        views = [parent for parent in project.parents[model] & project.models.keys() if project.is_view(parent)]
        return max((1 + views_above(view) for view in views), default=0)

    return [name for name in project.models if views_above(name) >= CHAIN]


def exposure_parents_materialisation(project: Project) -> list[str]:
    """Models that an exposure reads and that are views."""
    read = {id.split(".")[-1] for node in project.exposures.values() for id in node["depends_on"]["nodes"]}
    return [name for name in project.models if name in read and project.is_view(name)]
