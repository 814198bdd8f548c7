"""The JSON schema of a source mapping, by which editors complete and check `sources/*.yaml` while they are written.

Nothing is validated here at run time: the models in `contract.py` do that. It hands on `source.schema.json`, made by
`python -m ingest.schema`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ingest.mapping.contract import Column, Contract, Source, load_contracts
from ingest.mapping.vocabulary import BOOLEANS

SCHEMA = Path(__file__).parent / "source.schema.json"


def source_schema() -> dict[str, Any]:
    """The schema of the models, with each dataset's columns and codes by name."""
    schema = Source.model_json_schema()
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    schema["title"] = "来源映射 · mapping of one source"
    export = schema["$defs"]["Export"]
    contracts = load_contracts()
    export["properties"]["dataset"]["enum"] = [*contracts]
    export["allOf"] = [
        {"if": {"properties": {"dataset": {"const": name}}, "required": ["dataset"]}, "then": _of_dataset(contract)}
        for name, contract in contracts.items()
    ]
    return schema


def _of_dataset(contract: Contract) -> dict[str, Any]:
    """What only this dataset knows: its columns, and the codes that they can hold."""
    columns = contract.columns
    said = {name: {"description": _about(name, column, contract)} for name, column in columns.items()}
    codes = {
        name: said[name] | {"additionalProperties": {"enum": allowed}}
        for name, column in columns.items()
        if (allowed := _codes(column))
    }
    constants = {name: about | ({"enum": codes_} if (codes_ := _codes(columns[name])) else {}) for name, about in
                 said.items()}  # fmt: skip
    anything = {"case_source": said["case_source"]} if "case_source" in said else {}
    return {
        "properties": {
            "columns": {"properties": said, "additionalProperties": False},
            "derived": {"properties": said, "additionalProperties": False},
            "constants": {"properties": constants, "additionalProperties": False},
            "codes": {"properties": codes | anything, "additionalProperties": False},
            "absent": {"items": {"enum": [*columns]}},
        }
    }


def _codes(column: Column) -> list[str]:
    if column.type == "boolean":
        return [*BOOLEANS]
    return sorted({*(column.codes or {}).values()}) if column.type == "code" else []


def _about(name: str, column: Column, contract: Contract) -> str:
    said = [column.header, column.type]
    if column.required or name in contract.key:
        said.append("required")
    if column.personal:
        said.append("personal, never stored" if column.personal == "drop" else "personal, stored as pseudonym")
    return " · ".join(said)


def written() -> str:
    """The text of the schema file."""
    return json.dumps(source_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(written(), encoding="utf-8")
