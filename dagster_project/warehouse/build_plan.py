"""Which dbt command builds or tests a selection of assets, and whether the candidate holds what it reads.

Takes dbt's manifest, the selected models and tests, and the relations of the candidate. Returns dbt's arguments, or
raises NotReady with one sentence. Nothing is run here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


class NotReady(Exception):
    """The candidate lacks what the selection reads; the message says what to materialise first."""


@dataclass(frozen=True)
class BuildPlan:
    """dbt's arguments; `is_whole`: every model is built or up to date; `is_building`: more than tests are run."""

    arguments: tuple[str, ...]
    is_whole: bool
    is_building: bool


def plan_build(
    manifest: dict[str, Any],
    models: set[str],
    tests: set[str],
    relations: set[str],
    whole_command: list[str] | None,
) -> BuildPlan:
    """The plan for `models` and `tests` (names of nodes).

    `whole_command` builds and tests everything at least cost, also tests that belong to no single model; it is None if
    only a part is selected. A part of the models is always built in full, together with the unpublished working
    relations (schema `delta`) that it reads, because those may hold only the last delta. Raises NotReady.
    """
    nodes = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "test")}
    every_model = {name for name, node in nodes.items() if node["resource_type"] == "model"}
    if whole_command is None:
        models = models | {name for name in models for name in _working_ancestors(manifest, nodes[name])}
    for name in sorted(models | tests):
        for parent in _parents(manifest, nodes[name]):
            relation = f"{parent['schema']}.{parent.get('identifier') or parent.get('alias') or parent['name']}"
            if name in tests and parent["schema"] == "delta":
                continue  # a test reads a working relation only in a delta, which never builds a part
            if parent["name"] not in models and relation not in relations:
                asset = parent["name"] if parent["resource_type"] == "model" else relation.replace(".", "/")
                raise NotReady(f"{name} reads {relation}, which the candidate does not hold; materialise {asset} first")
    if whole_command is not None:
        arguments = (*whole_command, "--exclude-resource-type", "unit_test")
        return BuildPlan(arguments, True, whole_command[0] != "test")
    chosen = [f"fqn:{'.'.join(nodes[name]['fqn'])}" for name in sorted(models | tests)]
    command = ["build", "--full-refresh"] if models else ["test"]
    arguments = (*command, "--exclude-resource-type", "unit_test", "--indirect-selection", "empty", "--select", *chosen)
    return BuildPlan(arguments, models >= every_model, bool(models))


def published_parents(manifest: dict[str, Any]) -> set[str]:
    """Names of the models that an exposure reads: what bulletin and worklists are made of."""
    parents = {parent for exposure in manifest["exposures"].values() for parent in exposure["depends_on"]["nodes"]}
    return {manifest["nodes"][parent]["name"] for parent in parents}


def blocking_tests(manifest: dict[str, Any]) -> list[str]:
    """Names of the tests whose failure stops publication."""
    tests = (node for node in manifest["nodes"].values() if node["resource_type"] == "test")
    return sorted(node["name"] for node in tests if node["config"]["severity"].lower() == "error")


def _parents(manifest: dict[str, Any], node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The models and sources that a node reads; in place of an ephemeral model, what that model reads."""
    for unique_id in node["depends_on"]["nodes"]:
        parent = manifest["nodes"].get(unique_id) or manifest["sources"].get(unique_id)
        if parent is None:
            continue
        if parent["resource_type"] == "model" and parent["config"]["materialized"] == "ephemeral":
            yield from _parents(manifest, parent)
        else:
            yield parent


def _working_ancestors(manifest: dict[str, Any], node: dict[str, Any]) -> set[str]:
    found = set()
    for parent in _parents(manifest, node):
        if parent["resource_type"] == "model" and parent["schema"] == "delta":
            found |= {parent["name"], *_working_ancestors(manifest, parent)}
    return found
