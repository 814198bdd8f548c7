"""Tests the editors' schema of jurisdiction.yaml: it is current, fits what ships and marks what the loader refuses."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from ingest.errors import MappingError
from ingest.jurisdiction.editor_schema import SCHEMA, write_schema
from ingest.jurisdiction.settings import load_jurisdiction

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(ROOT.glob("jurisdictions/*/jurisdiction.yaml"))
SOUND = """name: 样例县
code: "990001"
city_word: 全县
bureau: 样例县审批服务管理局
pause_kinds: {特别程序: true}
bulletin: {default_kind: month}
"""


def test_the_schema_of_jurisdictions_is_current():
    assert SCHEMA.read_text(encoding="utf-8") == write_schema(), "run python -m ingest.jurisdiction.editor_schema"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_shipped_jurisdictions_fit_the_schema_and_point_editors_to_it(path):
    text = path.read_text(encoding="utf-8")
    jsonschema.validate(yaml.safe_load(text), json.loads(SCHEMA.read_text(encoding="utf-8")))
    first = text.splitlines()[0]
    assert (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve() == SCHEMA


@pytest.mark.parametrize(
    ("sound", "wrong", "line"),
    [
        ("default_kind: month", "default_kind: monthly", 6),
        ("default_kind: month", "default_kind: month, blokcs: []", 6),
        ("city_word", "cityword", 3),
        ("特别程序: true", "特别程序: vielleicht", 5),
    ],
)
def test_schema_and_loader_refuse_the_same(tmp_path, sound, wrong, line):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(SOUND), schema)
    text = SOUND.replace(sound, wrong)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text), schema)
    (tmp_path / "jurisdiction.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=rf"jurisdiction\.yaml:{line}:"):
        load_jurisdiction(tmp_path)
