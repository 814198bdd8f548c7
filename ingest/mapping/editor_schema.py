"""The JSON schema of a mapping, with which editors complete and check `sources/*.yaml` while a person writes them.

It takes the models of `contract.py` and the contracts, and `python -m ingest.mapping.editor_schema` writes
`source.schema.json`. A run doesn't use it: the models validate there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ingest.mapping.contract import Column, Contract, Source
from ingest.mapping.load import load_contracts
from ingest.mapping.vocabulary import BOOLEANS

SCHEMA = Path(__file__).parent / "source.schema.json"


def build_schema() -> dict[str, Any]:
    """The schema of the models, with the columns and codes of each dataset by name."""
    schema = Source.model_json_schema()
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    schema["title"] = "来源映射 · mapping of one source"
    export = schema["$defs"]["Export"]
    contracts = load_contracts()
    export["properties"]["dataset"]["enum"] = [*contracts]
    export["allOf"] = [
        {
            "if": {"properties": {"dataset": {"const": name}}, "required": ["dataset"]},
            "then": _describe_dataset(contract),
        }
        for name, contract in contracts.items()
    ]
    return schema


def _describe_dataset(contract: Contract) -> dict[str, Any]:
    """What holds for this dataset only: its columns, and the codes that they can hold."""
    columns = contract.columns
    descriptions = {name: {"description": _describe_column(name, column, contract)} for name, column in columns.items()}
    allowed = {name: codes for name, column in columns.items() if (codes := _list_codes(column))}
    codes = {name: descriptions[name] | {"additionalProperties": {"enum": values}} for name, values in allowed.items()}
    # The codes of these are the jurisdiction's sources, which no contract lists.
    codes |= {name: descriptions[name] for name, column in columns.items() if column.is_source}
    constants = {
        name: description | ({"enum": allowed[name]} if name in allowed else {})
        for name, description in descriptions.items()
    }
    return {
        "properties": {
            "columns": {"properties": descriptions, "additionalProperties": False},
            "derived": {"properties": descriptions, "additionalProperties": False},
            "constants": {"properties": constants, "additionalProperties": False},
            "codes": {"properties": codes, "additionalProperties": False},
            "absent": {"items": {"enum": [*columns]}},
        }
    }


def _list_codes(column: Column) -> list[str]:
    if column.type == "boolean":
        return [*BOOLEANS]
    return sorted({*(column.codes or {}).values()}) if column.type == "code" else []


def _describe_column(name: str, column: Column, contract: Contract) -> str:
    words = [column.header, column.type]
    if column.required or name in contract.key:
        words.append("required")
    if column.personal:
        words.append("personal, never stored" if column.personal == "drop" else "personal, stored as pseudonym")
    return " · ".join(words)


def write_schema() -> str:
    """The text of the schema file."""
    return json.dumps(build_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(write_schema(), encoding="utf-8")
