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
