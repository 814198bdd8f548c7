"""Reads the findings that docs/dbt-rules.md argues and the project keeps.

It reads the table under `## Argued findings`: models (several with commas), rule, reason. It returns the names by rule.
"""

from collections import defaultdict
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "dbt-rules.md"
_HEADING = "## Argued findings"


def read_argued(text: str) -> dict[str, set[str]]:
    """The argued names by rule. Raises ValueError for a row without three cells or reason, or a name argued twice."""
    _, heading, rest = text.partition(f"{_HEADING}\n")
    if not heading:
        raise ValueError(f"docs/dbt-rules.md: no heading '{_HEADING}'")
    argued: dict[str, set[str]] = defaultdict(set)
    rows = [line for line in rest.partition("\n## ")[0].splitlines() if line.startswith("|")]
    for row in rows[2:]:  # after the table's head and the line below it
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if len(cells) != 3 or not all(cells):
            raise ValueError(f"docs/dbt-rules.md: a row needs models, rule and reason: {row}")
        models, rule, _ = cells
        for name in models.replace("`", "").split(", "):
            if name in argued[rule]:
                raise ValueError(f"docs/dbt-rules.md: '{rule}' is argued twice for {name}")
            argued[rule].add(name)
    return dict(argued)
