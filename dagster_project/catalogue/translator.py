"""How dbt models stand in Dagster's catalogue: key, group, tags, columns, lineage, code and version.

dagster-dbt asks the translator about each node of the manifest. `assets/models.py` runs the models.
"""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from dagster_project.catalogue.columns import model_schema
from dagster_project.catalogue.groups import Group, group_of_model
from dagster_project.catalogue.lineage import describe_lineage
from dagster_project.catalogue.links import refer_to_code
from dagster_project.warehouse.dbt_project import DbtProject


class Translator(DagsterDbtTranslator):
    """Describes the models of `project`."""

    def __init__(self, project: DbtProject) -> None:
        super().__init__(
            DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_duplicate_source_asset_keys=True)
        )
        self._project = project

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            source = dbt_resource_props["source_name"]
            return dg.AssetKey([source] if source == "reference" else [source, dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        if dbt_resource_props["resource_type"] == "source":
            return Group.RAW
        return group_of_model(dbt_resource_props["name"], dbt_resource_props["fqn"][1])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props["description"]  # without the SQL, to which the code reference leads

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        if dbt_resource_props["resource_type"] == "source":
            return {}
        kept = "dropped_before_publication" if dbt_resource_props["schema"] == "delta" else "published"
        return {"access": dbt_resource_props["access"], "relation": kept}

    def get_code_version(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        if dbt_resource_props["resource_type"] == "source":
            return None  # the ingest assets have a version of their own
        own = dbt_resource_props["checksum"]["checksum"]
        return hashlib.sha256(f"{own} {self._macros}".encode()).hexdigest()[:16]

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        if dbt_resource_props["resource_type"] == "source":
            return {}
        model, schema = dbt_resource_props["name"], model_schema(dbt_resource_props)
        lineage = describe_lineage(model, self._keys)
        return {
            "dagster/table_name": f"{dbt_resource_props['schema']}.{model}",
            **({"dagster/column_schema": schema} if schema else {}),
            **({"dagster/column_lineage": lineage} if lineage else {}),
            **refer_to_code(self._project.folder / Path(dbt_resource_props["original_file_path"])),
        }

    @cached_property
    def _macros(self) -> str:
        """A hash of the project's macros: a change of one of them rebuilds every model."""
        macros = self._project.manifest["macros"].values()
        own = sorted(macro["macro_sql"] for macro in macros if macro["package_name"] == "tongbao")
        return hashlib.sha256("\0".join(own).encode()).hexdigest()

    @cached_property
    def _keys(self) -> dict[str, dg.AssetKey]:
        """'schema.table' -> the asset of each model and of each source that is an asset."""
        manifest = self._project.manifest
        nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
        sources = [node for node in manifest["sources"].values() if node["source_name"] in ("raw", "quality")]
        return {f"{node['schema']}.{node['name']}": self.get_asset_key(node) for node in [*nodes, *sources]}
