"""docs/runbook.md explains every message that a command can end with, every error class and nothing that is gone."""

from __future__ import annotations

import ast
import re

import pytest

from dagster_project.settings import PROJECT
from tests.dagster_project.messages import (
    list_error_classes,
    list_messages,
    list_sources,
    read_sentences,
    read_text,
)

RUNBOOK = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8")
MESSAGES, CLASSES = RUNBOOK.split("## Errors by class")
# the words of a message, in English and, if it is of the catalogue, in Chinese
ENTRIES = [
    words
    for cell in re.findall(r"^\| (`.+?`) \| .+ \| .* \|$", MESSAGES, re.MULTILINE)
    for words in re.findall("`(.+?)`", cell)
]


def texts_of_the_source() -> str:
    """Every constant, f-string and sentence of the catalogue that may be told, one a line."""
    written = [
        text
        for path in list_sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant | ast.JoinedStr) and (text := read_text(node))
    ]
    return "\n".join([*written, *read_sentences("en").values(), *read_sentences("zh").values()])


@pytest.mark.parametrize(("language", "least"), [("en", 60), ("zh", 8)])
def test_each_message_that_ends_a_command_has_an_entry(language, least):
    messages = list_messages(language)
    assert len(messages) > least
    missing = {place: text for text, place in messages.items() if not any(entry in text for entry in ENTRIES)}
    assert missing == {}, "write a row into docs/runbook.md, with words of the message in `…`"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_fault_of_the_disk_has_an_entry(language):
    faults = [text for key, text in read_sentences(language).items() if key.startswith("disk.") and len(text) > 20]
    assert len(faults) == 8
    assert [text for text in faults if not any(entry in text for entry in ENTRIES)] == []


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
