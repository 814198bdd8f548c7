"""The JSON schema of jurisdiction.yaml, with which editors complete and check it while a person writes it.

It takes the models of `settings.py`, and `python -m ingest.jurisdiction.editor_schema` writes
`jurisdiction.schema.json`. A run doesn't use it: the models validate there.
"""

from __future__ import annotations

import json
from pathlib import Path

from ingest.jurisdiction.settings import Jurisdiction

SCHEMA = Path(__file__).parent / "jurisdiction.schema.json"


def write_schema() -> str:
    """The text of the schema file."""
    schema = Jurisdiction.model_json_schema()
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    schema["title"] = "辖区 · all that makes a county this county"
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(write_schema(), encoding="utf-8")
