"""The models as dbt compiled them for a full build, run straight in DuckDB: a county of fifty cases in a second.

dbt itself takes ten times as long, most of it before the first query. `CompiledModels` reads the artefacts of a build
and makes the relations in a connection; a test may change the SQL first. It holds no expectation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

# nothing has been published yet
_PUBLISHED = """
    create table if not exists delta.published_figures
        (period varchar, figure varchar, dimension varchar, member varchar, value double);
    create table if not exists delta.published_revisions
        (period varchar, figure varchar, dimension varchar, member varchar, old_value double, new_value double,
        covered_until date, run_id varchar);
"""


class CompiledModels:
    """Every model and test of a full build whose artefacts lie in `target`, in the order in which dbt ran them."""

    def __init__(self, target: Path) -> None:
        nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        self.sql, self.tests, self._nodes, self._all = {}, {}, {}, nodes
        for result in json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]:
            node = nodes.get(result["unique_id"], {"resource_type": "exposure"})
            if node["resource_type"] == "model":
                self.sql[node["name"]], self._nodes[node["name"]] = result["compiled_code"], node
            elif node["resource_type"] == "test":
                self.tests[node["name"]] = result["compiled_code"]
        assert len(self.sql) > 50

    def changed(self, model: str, pattern: str, instead: str) -> dict[str, str]:
        """The SQL (name -> SQL) of the relations in which `model` stands, with the first match of `pattern` replaced.

        An ephemeral model is part of every relation that reads it. Raises AssertionError where nothing matches.
        """
        found = {}
        for name, sql in self.sql.items():
            # dbt puts ephemeral models before the relation's own SQL, each under a name of this form
            own = re.search(rf"__dbt__cte__{model} as \(.*?(?=__dbt__cte__\w+ as \(|\Z)", sql, re.S)
            if name == model or own:
                start, end = own.span() if own else (0, len(sql))
                text, count = re.subn(pattern, instead, sql[start:end], count=1, flags=re.S)
                assert count == 1, f"{model} in {name} no longer holds the rule as {pattern}"
                found[name] = sql[:start] + text + sql[end:]
        assert found, f"{model} stands in no relation"
        return found

    def build(
        self,
        connection: duckdb.DuckDBPyConnection,
        changed: Mapping[str, str] | None = None,
        sources: Collection[str] | None = None,
    ) -> None:
        """Make every model in a file `candidate.duckdb`; given `changed` (name -> SQL), these and what reads them.

        Given `sources`, e.g. raw.cases, only what reads these.
        """
        stale = {self._nodes[name]["unique_id"] for name in changed or ()}
        if sources is not None:
            changed, stale = {}, {f"source.tongbao.{name}" for name in sources}
        for schema in {node["schema"] for node in self._nodes.values()}:
            connection.execute(f"create schema if not exists {schema}")
        connection.execute(_PUBLISHED)
        for name, node in self._nodes.items():
            if changed is not None and not stale & {node["unique_id"], *self._read(node)}:
                continue
            stale.add(node["unique_id"])
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            sql = (changed or {}).get(name, self.sql[name])
            connection.execute(f"create or replace {kind} {node['schema']}.{name} as {sql}")

    def _read(self, node: dict) -> set[str]:
        """The ids of all that the node reads, through ephemeral models too."""
        found = set()
        for parent in node["depends_on"]["nodes"]:
            found.add(parent)
            if self._all.get(parent, {}).get("config", {}).get("materialized") == "ephemeral":
                found |= self._read(self._all[parent])
        return found
