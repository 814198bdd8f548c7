"""Rules on the public interface: what others may read is public, under contract and described.

Each rule takes a `Project` and returns the names of the models or exposures that break it.
"""

from tests.dbt.rules.project import Project


def public_models_without_contract(project: Project) -> list[str]:
    """Public models whose columns and types dbt doesn't enforce."""
    return [name for name in _public(project) if not project.models[name]["contract"]["enforced"]]


def exposures_on_private_models(project: Project) -> list[str]:
    """Exposures that read a model that isn't public, or a source."""
    public = {project.models[name]["unique_id"] for name in _public(project)}
    return [name for name, node in project.exposures.items() if {*node["depends_on"]["nodes"]} - public]


def undocumented_public_models(project: Project) -> list[str]:
    """Public models of which the model or a column has no description."""
    return [
        name
        for name in _public(project)
        if not all([project.models[name]["description"], *_column_descriptions(project.models[name])])
    ]


def published_models_that_are_not_public(project: Project) -> list[str]:
    """Models of the schema that analysts read which the project doesn't call public."""
    return [name for name, node in project.models.items() if node["schema"] == "marts" and node["access"] != "public"]


def _public(project: Project) -> list[str]:
    return [name for name, node in project.models.items() if node["access"] == "public"]


def _column_descriptions(model: dict) -> list[str]:
    # a public model without columns in its YAML describes none
    return [column["description"] for column in model["columns"].values()] or [""]
