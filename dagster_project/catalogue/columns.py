"""Columns of assets, with their descriptions: of raw tables from the contracts, of models from dbt's YAML.

Staging models repeat the columns of their dataset, so they take theirs from the contract too. `lineage.py` says which
columns a column is made of.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from ingest.mapping.contract import Contract
from ingest.mapping.load import load_contracts

_TYPES = {"text": "varchar", "code": "varchar", "number": "double"}


def contract_schema(contract: Contract) -> dg.TableSchema:
    """The columns that a dataset keeps, by its contract; a column is described by its header."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name,
                _TYPES.get(column.type, column.type),
                description=column.header + ("（假名）· pseudonym" if column.personal == "pseudonym" else ""),
                constraints=dg.TableColumnConstraints(nullable=not column.required, unique=contract.key == [name]),
            )
            for name, column in contract.columns.items()
            if column.personal != "drop"
        ]
    )


def model_schema(node: Mapping[str, Any]) -> dg.TableSchema | None:
    """The columns of a dbt model as the manifest describes them; None if its YAML lists none."""
    if node["name"].startswith("stg_"):
        return contract_schema(load_contracts()[node["name"].removeprefix("stg_")])
    if not node["columns"]:
        return None
    return dg.TableSchema(
        columns=[
            dg.TableColumn(column["name"], column["data_type"] or "?", description=column["description"])
            for column in node["columns"].values()
        ]
    )
