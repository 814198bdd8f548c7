"""dbt's manifest as a graph of models, sources, exposures and tests.

It takes the parsed manifest.json and returns names instead of dbt's ids: a model by its name, a source table as
`source.table`. The rules are in the other modules of this folder.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

LAYERS = ("staging", "intermediate", "marts", "figures")
# Tests of a key: the project's own, or dbt's `unique` beside `not_null` on one column.
KEY_TESTS = {"unique_together"}


@dataclass
class Project:
    """The manifest; `models` and `exposures` by name, `sources` by `source.table`."""

    manifest: dict
    models: dict[str, dict] = field(init=False)
    sources: dict[str, dict] = field(init=False)
    exposures: dict[str, dict] = field(init=False)

    def __post_init__(self) -> None:
        nodes = self.manifest["nodes"].values()
        self.models = {node["name"]: node for node in nodes if node["resource_type"] == "model"}
        self.sources = {f"{node['source_name']}.{node['name']}": node for node in self.manifest["sources"].values()}
        self.exposures = {node["name"]: node for node in self.manifest["exposures"].values()}

    @cached_property
    def parents(self) -> dict[str, set[str]]:
        """Names of the models and sources that each model reads."""
        return {name: {self._name(id) for id in node["depends_on"]["nodes"]} for name, node in self.models.items()}

    @cached_property
    def children(self) -> dict[str, set[str]]:
        """Names of the models that read each model or source; a name that nothing reads is missing."""
        readers = defaultdict(set)
        for child, parents in self.parents.items():
            for parent in parents:
                readers[parent].add(child)
        return dict(readers)

    def sources_of(self, model: str) -> set[str]:
        """The source tables that the model reads directly."""
        return self.parents[model] & self.sources.keys()

    def layer(self, model: str) -> str:
        """The first folder under models/ in which the model's file lies: staging, intermediate, marts or figures."""
        return PurePosixPath(self.models[model]["original_file_path"]).parts[1]

    def folder(self, model: str) -> PurePosixPath:
        """The folder of the model's file, relative to the dbt project."""
        return PurePosixPath(self.models[model]["original_file_path"]).parent

    def is_view(self, model: str) -> bool:
        """Whether the database works the model out again each time it is read."""
        return self.models[model]["config"]["materialized"] in ("view", "ephemeral")

    @cached_property
    def generic_tests(self) -> dict[str, list[dict]]:
        """The tests declared in YAML, by the model they are declared on."""
        declared = defaultdict(list)
        for node in self.manifest["nodes"].values():
            if node["resource_type"] == "test" and node.get("attached_node"):
                declared[self._name(node["attached_node"])].append(node)
        return dict(declared)

    @cached_property
    def tested_otherwise(self) -> set[str]:
        """The models that a test written in SQL reads, or that have a unit test."""
        models = {self._name(id) for node in self.manifest["unit_tests"].values() for id in node["depends_on"]["nodes"]}
        for node in self.manifest["nodes"].values():
            if node["resource_type"] == "test" and not node.get("attached_node"):
                models |= {self._name(id) for id in node["depends_on"]["nodes"]}
        return models

    def _name(self, unique_id: str) -> str:
        kind, _, *names = unique_id.split(".")
        return ".".join(names) if kind == "source" else names[-1]
