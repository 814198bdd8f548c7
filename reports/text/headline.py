"""The headline figures of a period, as words: what the command line, Dagster and the record of provenance show of it.

Takes `Figures`; returns names and printed values in a fixed order, and leaves out figures without a value. Charts have
headlines of their own (`charts/headlines`).
"""

from reports.figures.model import Figures

_HEADLINES = (
    "case_volume",
    "case_finished",
    "via_platform_share",
    "fully_online_share",
    "mobile_share",
    "item_coverage",
    "overdue_open",
    "certificates",
    "certificate_types",
    "evaluations",
    "evaluation_rate",
    "satisfaction",
)


def headline_names(figures: Figures) -> dict[str, str]:
    """The key of each headline figure by its name: {'办件量': 'case_volume', …}."""
    return {figures.definition(key).name: key for key in _HEADLINES if key in figures.definitions}


def headline_figures(figures: Figures) -> dict[str, str]:
    """The period's headline figures as printed, by Chinese name: {'办件量': '34.9万件', …}."""
    printed = {}
    for key in _HEADLINES:
        definition, row = figures.definition(key), figures.get(key)
        if row is not None and row.value is not None:
            value = figures.words.printed(row.value, definition.style, definition.decimals)
            printed[definition.name] = figures.words.quantity(value, definition.printed_unit)
    return printed
