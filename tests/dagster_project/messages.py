"""Finds in the source what a command can end with: every message that is raised for a person, with … for its variables.

A message of the catalogue, `words("key")`, is read in one language. Errors that pass on another's text have no message
of their own here. Mistakes in mappings and in the office's text name file, line and remedy themselves and are of a few
classes; the runbook explains them a class.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from dagster_project.settings import PROJECT
from reports.words.catalogue import load_words

# classes whose every message has a row of its own in docs/runbook.md
TOLD = {"Unusable", "Damaged", "RunInProgress", "NotPublished", "CutShort", "NotPacked", "NotReady", "Failure"}
TOLD |= {"ClickException", "ReleaseError", "DbtError"}
_LEAST_LETTERS = {"en": 12, "zh": 6}  # a message of fewer constant letters passes on another's text


def list_sources() -> Iterator[Path]:
    for room in ("dagster_project", "reports/release"):
        yield from sorted((PROJECT / room).rglob("*.py"))


def list_messages(language: str = "en") -> dict[str, str]:
    """Message -> file and line that raises it first; in Chinese, `zh`, there are those of the catalogue alone."""
    messages = {}
    for path in list_sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                name = (
                    node.exc.func.attr if isinstance(node.exc.func, ast.Attribute) else getattr(node.exc.func, "id", "")
                )
                text = read_text(node.exc.args[0], language)
                if name in TOLD and sum(letter.isalpha() for letter in text) >= _LEAST_LETTERS[language]:
                    messages.setdefault(text, f"{path.relative_to(PROJECT)}:{node.lineno}")
    return messages


def read_text(node: ast.expr, language: str = "en") -> str:
    """The text of a constant, an f-string or a sentence of the catalogue, each value as …; '' for anything else."""
    if (
        isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "words"
        and isinstance(node.args[0], ast.Constant)
    ):
        return read_sentences(language)[node.args[0].value]
    if language != "en":
        return ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(read_text(part) or "…" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return read_text(node.left) + read_text(node.right)
    return ""


@cache
def read_sentences(language: str) -> dict[str, str]:
    """Key -> sentence of the catalogue, each part as …"""
    texts = load_words(language).texts
    return {key: re.sub("{[^}]*}", "…", text) for key, text in texts.items() if isinstance(text, str)}


def list_error_classes() -> dict[str, str]:
    """Public exception class of the product -> the first sentence of its docstring."""
    classes = {}
    for room in ("ingest", "reports", "dagster_project"):
        for path in sorted((PROJECT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                bases = [ast.unparse(base) for base in node.bases] if isinstance(node, ast.ClassDef) else []
                is_error = any(base.endswith(("Error", "Exception", "Unusable", "SystemExit")) for base in bases)
                if is_error and not node.name.startswith("_"):
                    classes[node.name] = (ast.get_docstring(node) or "").split(";")[0]
    return classes
