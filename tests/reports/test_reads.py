"""Tests what reports may read of the warehouse: published schemas only, and numbers that dbt has counted.

It reads the SQL in the modules of reports with `ast` and runs nothing. It asserts the schemas that the SQL names, and
that the SQL aggregates nothing except the cases listed below with their reason.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SCHEMAS = {"marts", "quality", "reference", "information_schema"}
_RELATION = re.compile(r"(?<!distinct )\b(?:from|join)\s+(\w+)\.\w", re.IGNORECASE)
_AGGREGATE = re.compile(r"\b(count|sum|avg|min|max|bool_or|first|last|any_value)\(", re.IGNORECASE)
_SQL = re.compile(r"\bselect\b|\bfrom (marts|quality|reference|intermediate)\.|sum\(")
# they read the run's ledger and the sizes of tables, which are no figures, or count figures again to prove them
_MAY_AGGREGATE = {
    "reports/figures/load.py": {"bool_or"},  # whether any input is synthetic
    "reports/figures/provenance.py": {"any_value", "count", "min", "sum"},  # rows of input files and of facts
    "reports/figures/detail.py": {"count", "first", "last"},  # whether there are revisions; the first and the last one
    "reports/formats/sheets/worklists.py": {"max"},  # the last covered day
    "reports/document/notes.py": {"count"},  # whether there are proofs
    "reports/proof/verify_figures.py": {"any_value", "count", "sum"},
}


def _queries() -> dict[str, list[str]]:
    """The texts of each module that hold SQL, by its path."""
    queries: dict[str, list[str]] = {}
    for path in sorted((ROOT / "reports").rglob("*.py")):
        texts = [
            node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.search(node.value)
        ]
        if texts:
            queries[path.relative_to(ROOT).as_posix()] = texts
    return queries


def test_reports_read_published_schemas_only():
    named = {schema for texts in _queries().values() for text in texts for schema in _RELATION.findall(text)}
    assert {"marts", "quality"} <= named <= _SCHEMAS


def test_reports_count_no_figure():
    aggregates = {
        path: {name for text in texts for name in _AGGREGATE.findall(text)} for path, texts in _queries().items()
    }
    assert {path: names for path, names in aggregates.items() if names} == _MAY_AGGREGATE
