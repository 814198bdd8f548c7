"""Here the registry of figures (dbt/dbt_project.yml) is read, and the page of 口径 is made of it.
Counting stays out, and so do printed numbers.
It hands on the registry as plain data, and docs/figures.md as text (`python -m reports.registry` writes it).
"""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "dbt" / "dbt_project.yml"
PAGE = ROOT / "docs" / "figures.md"

_DIRECTIONS = {"up": "越高越好", "down": "越低越好", "none": "不论高低"}
_STYLES = {
    "wan": "以万计，至多三位有效数字",
    "exact": "整数",
    "share": "百分数，{}位小数",
    "rate": "百分数，{}位小数",
    "days": "{}位小数",
}
_HEAD = """# 指标口径

本页由 `python -m reports.registry` 从 `dbt/dbt_project.yml` 生成，请勿直接修改。
每个指标只有一处定义；通报中的每个数都是 `marts.figures` 的一行，`marts.figure_proofs` 给出由事实表算出它的 SQL。
为何这样登记、如何增加一个指标，见 [figures-registry.md](figures-registry.md)。

算式中 `$starts_on`、`$as_of_on` 为统计区间的首日和截止日，`$period` 为期间，`$member` 为分项条件（合计时为 true），
`$whole` 为占比所对总体的条件。环比、同比所用的基数，是同一算式在上期、上年同期可比区间的结果。
"""


def load() -> dict[str, dict[str, Any]]:
    """The registry: `figures` and `dimensions`, each by key in the registry's own order."""
    return yaml.load(REGISTRY.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["vars"]


def page() -> str:
    """docs/figures.md: every figure with its basis, unit, dimensions and how it is counted; then the dimensions."""
    found = load()
    names = {key: dimension["name"] for key, dimension in found["dimensions"].items()}
    sections = [_HEAD]
    for key, figure in found["figures"].items():
        style = _STYLES[figure["style"]].format(figure["decimals"])
        sections.append(
            f"## {figure['name']} `{key}`\n\n{figure['basis']}。\n\n"
            f"- 单位：{figure['unit'] or '随指标'}；印发格式：{style}；{_DIRECTIONS[figure['direction']]}\n"
            f"- 维度：{'、'.join(names[dimension] for dimension in figure['dimensions'])}\n"
            + _part("分子", figure["numerator"])
            + _part("分母", figure.get("denominator"))
        )
    rows = "".join(f"| {d['name']} | `{key}` | `{d['member']}` |\n" for key, d in found["dimensions"].items())
    sections.append(f"## 维度\n\n| 名称 | 键 | 分项条件（`$name` 为成员名称） |\n|---|---|---|\n{rows}")
    return "\n".join(sections)


def _part(title: str, part: dict[str, str] | None) -> str:
    if part is None:
        return ""
    return f"- {title}{'：' + part['words'] if part['words'] else ''}\n\n  ```sql\n  {part['sql']}\n  ```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
