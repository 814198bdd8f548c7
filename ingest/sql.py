"""How values that come from a mapping are written into SQL.

No query is made or run here. It hands on expressions as text.
"""

from __future__ import annotations


def literal(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def case_of(text: str, codes: dict[str, str], *, quote: bool = True) -> str:
    """The code of each label; null for labels that `codes` doesn't list, and null throughout when it is empty."""
    if not codes:
        return "null"
    whens = " ".join(f"when {literal(label)} then {literal(code) if quote else code}" for label, code in codes.items())
    return f"case {text} {whens} end"


def lookup(name: str, mapping: dict[str, str] | dict[str, int] | dict[int, str]) -> str:
    """The value of each key, texts and numbers as such; null for keys that `mapping` doesn't list."""

    def written(value: str | int) -> str:
        return literal(value) if isinstance(value, str) else str(value)

    whens = " ".join(f"when {written(key)} then {written(value)}" for key, value in mapping.items())
    return f"case {name} {whens} end"
