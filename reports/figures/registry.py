"""Reads the registry of figures (dbt/figures/*.yml), checks it against its schema and makes docs/figures.md of it.

It returns the figures and dimensions as typed entries in the registry's order. A mistake raises RegistryError with
file, figure, field and the nearest name. dbt reads the same files by itself (dbt/macros/registry.sql); nothing here
counts. What the fields mean is explained in docs/figures-registry.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "dbt" / "figures"
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

本页由 `python -m reports.figures.registry` 从 `dbt/figures/` 生成，请勿直接修改。
每个指标只有一处定义；通报中的每个数都是 `marts.figures` 的一行，`marts.figure_proofs` 给出由事实表算出它的 SQL。
为何这样登记、如何增加一个指标，见 [figures-registry.md](figures-registry.md)。

算式中 `$starts_on`、`$as_of_on` 为统计区间的首日和截止日，`$period` 为期间，`$member` 为分项条件（合计时为 true），
`$whole` 为占比所对总体的条件；`$fct_cases` 等为 `marts` 中的表，
`$accepted` 等为 `dbt/macros/predicates.sql` 中的共用条件。
环比、同比所用的基数，是同一算式在上期、上年同期可比区间的结果。
"""


class RegistryError(ValueError):
    """An entry of the registry breaks its schema; the message gives file, figure, field and the nearest name."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Part(_Entry):
    """A numerator or denominator: in words, as a column of the family's model, and counted from the facts."""

    words: str | None
    column: str
    sql: str
    heading: str | None = None


class FigureEntry(_Entry):
    """One figure: its place in lists, what it is called and counts, how it is printed, and along which dimensions."""

    order: int
    name: str
    heading: str
    basis: str
    unit: str | None
    direction: Literal["up", "down", "none"]
    style: Literal["wan", "exact", "share", "rate", "days"]
    decimals: int
    measure: Literal["count", "ratio", "gap", "rank", "quantile"]
    is_part: bool = True
    covers_year: bool = False
    is_additive: bool = True
    dataset: Literal["cases", "evaluations", "certificates"]
    dimensions: list[str]
    needs: list[str]
    numerator: Part
    denominator: Part | None = None


class DimensionEntry(_Entry):
    """One dimension: its name, the condition that picks a member, and the members that have a name or an order."""

    name: str
    member: str
    whole: str | None = None
    needs: list[str] = []
    members: dict[str, str] | list[str] = []
    occasional: list[str] = []
    is_listed: bool = True

    @property
    def labels(self) -> dict[str, str]:
        """The printed name of each member, in their order."""
        return self.members if isinstance(self.members, dict) else {member: member for member in self.members}


class Twin(_Entry):
    """One column twice: as the model has it, and straight from the facts for the proof."""

    column: str
    sql: str


class EventEntry(_Entry):
    """What a jurisdiction's own figures may count (dbt/figures/own.yml explains the fields)."""

    words: str
    unit: str
    dataset: Literal["cases", "evaluations", "certificates"]
    needs: list[str]
    condition_needs: dict[str, list[str]] = {}
    relation: str
    day: str | None = None
    where: str = "true"
    sql: str
    columns: dict[str, str | Twin]
    texts: dict[str, str] = {}
    flags: dict[str, str] = {}
    since: dict[str, str] = {}


@dataclass(frozen=True)
class Registry:
    """Figures, dimensions and countable events by key, in the registry's order; `families`: figure -> its model."""

    figures: dict[str, FigureEntry]
    dimensions: dict[str, DimensionEntry]
    events: dict[str, EventEntry]
    families: dict[str, str]


def load(folder: Path = FOLDER) -> Registry:
    """The registry of `folder`. Raises RegistryError."""
    entries: dict[str, dict[str, tuple[Path, Any]]] = {"figures": {}, "dimensions": {}, "events": {}}
    families: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for model in _read_models(path):
            meta = (model.get("config") or {}).get("meta") or {}
            families |= dict.fromkeys(meta.get("figures") or {}, model["name"])
            for part, schema in (("figures", FigureEntry), ("dimensions", DimensionEntry), ("events", EventEntry)):
                for key, content in (meta.get(part) or {}).items():
                    if key in entries[part]:
                        raise RegistryError(f"{path}: {key} is also in {entries[part][key][0].name}; keep one of them")
                    entries[part][key] = (path, _entry(schema, path, key, content))
    registry = Registry(
        {key: entry for key, (_, entry) in sorted(entries["figures"].items(), key=lambda item: item[1][1].order)},
        {key: entry for key, (_, entry) in entries["dimensions"].items()},
        {key: entry for key, (_, entry) in entries["events"].items()},
        families,
    )
    _check_names(registry, {key: path for key, (path, _) in entries["figures"].items()})
    return registry


def _read_models(path: Path) -> list[dict[str, Any]]:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["models"]
    except yaml.MarkedYAMLError as error:
        raise RegistryError(f"{path}:{error.problem_mark.line + 1}: {error.problem}; mend the YAML") from error


def _entry(schema: type[_Entry], path: Path, key: str, content: Any) -> _Entry:
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        # a misspelt field is also a missing one: name the misspelling
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        place = [str(part) for part in first["loc"]]
        fields = (
            Part.model_fields if len(place) > 1 and place[0] in ("numerator", "denominator") else schema.model_fields
        )
        message = first["msg"]
        if first["type"] == "extra_forbidden":
            message = f"no field has this name{_nearest(place[-1], fields)}"
        elif first["type"] == "missing":
            message = "this field is missing"
        elif first["type"] == "literal_error":
            message += f", found {first['input']!r}"
        raise RegistryError(f"{path}: {key}: {'.'.join(place)}: {message}") from error


def _check_names(registry: Registry, paths: dict[str, Path]) -> None:
    """Every dimension is registered; no two figures share a name, a place or a column heading."""
    taken: dict[tuple[str, object], str] = {}
    for key, figure in registry.figures.items():
        for dimension in figure.dimensions:
            if dimension not in registry.dimensions:
                near = _nearest(dimension, registry.dimensions)
                raise RegistryError(f"{paths[key]}: {key}: dimensions: no dimension is named {dimension!r}{near}")
        for field in ("order", "name", "heading"):
            value = getattr(figure, field)
            other = taken.setdefault((field, value), key)
            if other != key:
                raise RegistryError(f"{paths[key]}: {key}: {field}: {value!r} is that of {other} too; give it its own")
        if (figure.denominator is None) != (figure.measure == "count"):
            raise RegistryError(
                f"{paths[key]}: {key}: denominator: a {figure.measure} has "
                f"{'none' if figure.measure == 'count' else 'one'}"
            )


def _nearest(name: str, names: Any) -> str:
    close = get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(names)}"


def page(registry: Registry) -> str:
    """docs/figures.md: every figure with its basis, unit, dimensions and how it is counted; then the dimensions."""
    sections = [_HEAD]
    for key, figure in registry.figures.items():
        style = _STYLES[figure.style].format(figure.decimals)
        sections.append(
            f"## {figure.name} `{key}`\n\n{figure.basis}。\n\n"
            f"- 单位：{figure.unit or '随指标'}；印发格式：{style}；{_DIRECTIONS[figure.direction]}\n"
            f"- 维度：{'、'.join(registry.dimensions[name].name for name in figure.dimensions)}\n"
            + _describe("分子", figure.numerator)
            + _describe("分母", figure.denominator)
        )
    rows = "".join(f"| {d.name} | `{key}` | `{d.member}` |\n" for key, d in registry.dimensions.items())
    sections.append(f"## 维度\n\n| 名称 | 键 | 分项条件（`$name` 为成员名称） |\n|---|---|---|\n{rows}")
    rows = "".join(
        f"| `{key}` | {e.words} | {_list(e.columns)} | {_list(e.texts)} | {_list([*e.flags, *e.since])} |\n"
        for key, e in registry.events.items()
    )
    sections.append(
        "## 自定指标可计的内容\n\n辖区的 `figures.yaml` 由此自定指标，写法见 [own-figures.md](own-figures.md)。\n\n"
        f"| `count` | 计什么 | 维度，也可作条件 | 其他条件 | 是否（true、false） |\n|---|---|---|---|---|\n{rows}"
    )
    return "\n".join(sections)


def _list(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _describe(title: str, part: Part | None) -> str:
    if part is None:
        return ""
    return f"- {title}{'：' + part.words if part.words else ''}\n\n  ```sql\n  {part.sql}\n  ```\n"


if __name__ == "__main__":
    PAGE.write_text(page(load()), encoding="utf-8")
