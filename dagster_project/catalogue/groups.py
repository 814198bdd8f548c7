"""The groups of assets, numbered in the order of the flow because the UI sorts them by name.

Dagster draws a group as one box. No group stands both before and after another one, or arrows would point back.
"""


class Group:
    """The name of each group; Dagster keeps plain strings and no members of an Enum."""

    EXPORTS = "1_exports"
    RAW = "2_raw"
    STAGING = "3_staging"
    DIMENSIONS = "4_dimensions"
    INTERMEDIATE = "5_intermediate"
    FACTS = "6_facts"
    REGISTRY = "7_registry"
    FIGURES = "8_figures"
    PUBLICATION = "9_publication"


_OF_FOLDER = {
    "staging": Group.STAGING,
    "intermediate": Group.INTERMEDIATE,
    "marts": Group.FACTS,
    "figures": Group.FIGURES,
}


def group_of_model(name: str, folder: str) -> str:
    """The group of a dbt model by its name and the first folder below `models/`.

    The registry of figures and the dimensions have groups of their own.
    """
    if name in ("figure_definitions", "figure_dimensions", "dimension_definitions", "dimension_members"):
        return Group.REGISTRY
    if name.startswith("dim_"):
        return Group.DIMENSIONS
    return _OF_FOLDER[folder]
