"""Rules on what reads what: sources are read once, through staging; models neither fan out nor rejoin.

Each rule takes a `Project` and returns the names of the models or sources that break it.
Thresholds are the evaluator's own.
"""

import re
from collections import Counter

from tests.dbt.rules.project import Project

FAN_OUT = 3  # models that nothing reads, all made of one model
JOINS = 7  # relations that one model reads
# A relation after `from` or `join` that is neither a ref() or source() nor the name of a step in the model.
_HARD_CODED = re.compile(r"\b(?:from|join)\s+[\"\w]+\.[\"\w]+", re.IGNORECASE)
_NOT_SQL = re.compile(r"--[^\n]*|'[^']*'|\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def direct_join_to_source(project: Project) -> list[str]:
    """Models that read a source and another model: the source should be staged first."""
    return [
        name for name in project.models if project.sources_of(name) and project.parents[name] - project.sources.keys()
    ]


def downstream_reads_source(project: Project) -> list[str]:
    """Models outside staging that read a source."""
    return [name for name in project.models if project.layer(name) != "staging" and project.sources_of(name)]


def duplicate_sources(project: Project) -> list[str]:
    """Source tables declared more than once under different names."""
    relations = Counter(node["relation_name"] for node in project.sources.values())
    return [name for name, node in project.sources.items() if relations[node["relation_name"]] > 1]


def hard_coded_references(project: Project) -> list[str]:
    """Models whose SQL names a relation itself, so that dbt doesn't know it must exist first."""
    return [name for name, node in project.models.items() if _HARD_CODED.search(_NOT_SQL.sub(" x ", node["raw_code"]))]


def model_fan_out(project: Project) -> list[str]:
    """Models from which three or more models are made that no other model reads."""
    ends = project.models.keys() - project.children.keys()
    return [name for name in project.models if len(project.children.get(name, set()) & ends) >= FAN_OUT]


def multiple_sources_joined(project: Project) -> list[str]:
    """Models that read two sources or more."""
    return [name for name in project.models if len(project.sources_of(name)) > 1]


def rejoining_of_upstream_concepts(project: Project) -> list[str]:
    """Models that read a relation and also a second model made of it, where nothing else reads the second model."""
    return [
        name
        for name in project.models
        for between in project.parents[name] & project.models.keys()
        if project.children[between] == {name} and project.parents[between] & project.parents[name]
    ]


def root_models(project: Project) -> list[str]:
    """Models that read nothing."""
    return [name for name in project.models if not project.parents[name]]


def source_fan_out(project: Project) -> list[str]:
    """Source tables that two models or more read."""
    return [name for name in project.sources if len(project.children.get(name, ())) > 1]


def staging_reads_staging(project: Project) -> list[str]:
    """Staging models that read a staging model."""
    return _staging_models_that_read(project, {"staging"})


def staging_reads_downstream(project: Project) -> list[str]:
    """Staging models that read a model of a later layer."""
    return _staging_models_that_read(project, {"intermediate", "marts", "figures"})


def too_many_joins(project: Project) -> list[str]:
    """Models that read seven relations or more."""
    return [name for name in project.models if len(project.parents[name]) >= JOINS]


def unused_sources(project: Project) -> list[str]:
    """Source tables that no model reads."""
    return [name for name in project.sources if name not in project.children]


def _staging_models_that_read(project: Project, layers: set[str]) -> list[str]:
    return [
        name
        for name in project.models
        if project.layer(name) == "staging"
        and any(project.layer(parent) in layers for parent in project.parents[name] & project.models.keys())
    ]
