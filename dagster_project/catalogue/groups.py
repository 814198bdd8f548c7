"""The groups of assets, numbered in the order of the flow because the UI sorts them by name.

Dagster draws a group as one box. No group stands both before and after another one, or arrows would point back.
"""

from collections.abc import Set


class Group:
    """The name of each group; Dagster keeps plain strings and no members of an Enum."""

    EXPORTS = "1_exports"
    RAW = "2_raw"
    STAGING = "3_staging"
    DIMENSIONS = "4_dimensions"
    INTERMEDIATE = "5_intermediate"
    FACTS = "6_facts"
    COUNTS = "7_counts"
    FIGURES = "8_figures"
    PUBLICATION = "9_publication"


_REGISTRY = {"figure_definitions", "figure_dimensions", "dimension_definitions", "dimension_members"}
_OF_FOLDER = {
    "staging": Group.STAGING,
    "intermediate": Group.INTERMEDIATE,
    "marts": Group.FACTS,
    "figures": Group.FIGURES,
}


def group_of_model(name: str, folder: str, ancestors: Set[str], *, is_before_a_fact: bool) -> str:
    """The group of a dbt model by its name, the first folder below `models/`, and the models that it is made of.

    Dimensions and the registry of figures stand together. What is counted from facts comes after them. Beside the facts
    stand a dimension that is made of intermediate models (`dim_periods`), and a model between two facts
    (`int_late_cases`).
    """
    if name in _REGISTRY:
        return Group.DIMENSIONS
    if name.startswith("dim_"):
        return Group.FACTS if any(model.startswith("int_") for model in ancestors) else Group.DIMENSIONS
    if folder == "intermediate" and any(model.startswith("fct_") for model in ancestors):
        return Group.FACTS if is_before_a_fact else Group.COUNTS
    return _OF_FOLDER[folder]
