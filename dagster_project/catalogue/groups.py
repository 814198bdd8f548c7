"""The groups of assets, numbered in the order of the flow because the UI sorts them by name.

Dagster draws a group as one box. No group stands both before and after another one, or arrows would point back.
"""

from enum import StrEnum


class Group(StrEnum):
    """One box of the lineage graph."""

    EXPORTS = "1_exports"
    RAW = "2_raw"
    STAGING = "3_staging"
    DIMENSIONS = "4_dimensions"
    INTERMEDIATE = "5_intermediate"
    FACTS = "6_facts"
    REGISTRY = "7_registry"
    FIGURES = "8_figures"
    PUBLICATION = "9_publication"


def group_of_model(name: str, folder: str) -> Group:
    """The group of a dbt model by its name and the first folder below `models/`.

    The registry of figures and the dimensions have groups of their own.
    """
    if name in ("figure_definitions", "figure_dimensions", "dimension_definitions", "dimension_members"):
        return Group.REGISTRY
    if name.startswith("dim_"):
        return Group.DIMENSIONS
    return Group.FACTS if folder == "marts" else Group[folder.upper()]
