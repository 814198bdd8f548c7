"""Finds in the source what a command can end with: every message that is raised for a person, with … for its variables.

Errors that pass on another's text have no message of their own here. Mistakes in mappings and in the office's text
name file, line and remedy themselves and are of a few classes; the runbook explains them a class.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from dagster_project.settings import PROJECT

# classes whose every message has a row of its own in docs/runbook.md
TOLD = {"Unusable", "Damaged", "RunInProgress", "NotPublished", "CutShort", "NotPacked", "NotReady", "Failure"}
TOLD |= {"ClickException", "ReleaseError", "DbtError"}
_LEAST_LETTERS = 12  # a message of fewer constant letters passes on another's text


def list_sources() -> Iterator[Path]:
    for room in ("dagster_project", "reports/release"):
        yield from sorted((PROJECT / room).rglob("*.py"))


def list_messages() -> dict[str, str]:
    """Message -> file and line that raises it first."""
    messages = {}
    for path in list_sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                name = (
                    node.exc.func.attr if isinstance(node.exc.func, ast.Attribute) else getattr(node.exc.func, "id", "")
                )
                text = read_text(node.exc.args[0])
                if name in TOLD and sum(letter.isalpha() for letter in text) >= _LEAST_LETTERS:
                    messages.setdefault(text, f"{path.relative_to(PROJECT)}:{node.lineno}")
    return messages


def read_text(node: ast.expr) -> str:
    """The text of a constant or an f-string, each value as …; '' for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(read_text(part) or "…" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return read_text(node.left) + read_text(node.right)
    return ""


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
