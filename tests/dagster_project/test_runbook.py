"""docs/runbook.md explains every message that a command can end with, every error class and nothing that is gone."""

from __future__ import annotations

import ast
import re

from dagster_project.settings import PROJECT
from tests.dagster_project.messages import list_error_classes, list_messages, list_sources, read_text

RUNBOOK = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8")
MESSAGES, CLASSES = RUNBOOK.split("## Errors by class")
ENTRIES = re.findall(r"^\| `(.+?)` \| .+ \| .* \|$", MESSAGES, re.MULTILINE)


def texts_of_the_source() -> str:
    """Every constant and f-string that may be told, one a line."""
    return "\n".join(
        text
        for path in list_sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant | ast.JoinedStr) and (text := read_text(node))
    )


def test_each_message_that_ends_a_command_has_an_entry():
    messages = list_messages()
    assert len(messages) > 50
    missing = {place: text for text, place in messages.items() if not any(entry in text for entry in ENTRIES)}
    assert missing == {}, "write a row into docs/runbook.md, with words of the message in `…`"


def test_each_fault_of_the_disk_has_an_entry():
    disk = (PROJECT / "dagster_project" / "disk.py").read_text(encoding="utf-8")
    returned = [
        text
        for node in ast.walk(ast.parse(disk))
        if isinstance(node, ast.Return) and node.value and len(text := read_text(node.value)) > 40
    ]
    assert len(returned) >= 6
    assert [text for text in returned if not any(entry in text for entry in ENTRIES)] == []


def test_no_entry_is_of_a_message_that_is_gone():
    texts = texts_of_the_source()
    assert len(ENTRIES) > 50
    assert [entry for entry in ENTRIES if entry not in texts] == []


def test_each_error_class_is_explained_as_its_docstring_has_it():
    explained = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", CLASSES, re.MULTILINE))
    assert explained == {name: " ".join(text.split()).rstrip(".") for name, text in list_error_classes().items()}


def test_each_alert_is_explained_where_the_runbook_points_to():
    operating = (PROJECT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert "operating.md#alerts" in RUNBOOK and "\n## Alerts\n" in operating
