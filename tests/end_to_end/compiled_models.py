"""The models as dbt compiled them for a full build, run straight in DuckDB: a county of fifty cases in a second.

dbt itself takes ten times as long, most of it before the first query. No expectation is here. It hands on
`CompiledModels`, whose SQL a test may change before it runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb


class CompiledModels:
    """Every model and test of a full build whose artefacts lie in `target`, in the order in which dbt ran them."""

    def __init__(self, target: Path) -> None:
        nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        self.sql, self.tests, self._nodes = {}, {}, {}
        for result in json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]:
            node = nodes.get(result["unique_id"], {"resource_type": "exposure"})
            if node["resource_type"] == "model":
                self.sql[node["name"]], self._nodes[node["name"]] = result["compiled_code"], node
            elif node["resource_type"] == "test":
                self.tests[node["name"]] = result["compiled_code"]
        assert len(self.sql) > 50

    def build(self, connection: duckdb.DuckDBPyConnection, changed: Mapping[str, str] | None = None) -> None:
        """Make every model in a file `warehouse.duckdb`; given `changed` (name -> SQL), these and what reads them."""
        stale = {self._nodes[name]["unique_id"] for name in changed or ()}
        for schema in {node["schema"] for node in self._nodes.values()}:
            connection.execute(f"create schema if not exists {schema}")
        for name, node in self._nodes.items():
            if changed is not None and not stale & {node["unique_id"], *node["depends_on"]["nodes"]}:
                continue
            stale.add(node["unique_id"])
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            sql = (changed or {}).get(name, self.sql[name])
            connection.execute(f"create or replace {kind} {node['schema']}.{name} as {sql}")
