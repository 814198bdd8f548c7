"""Here figures are laid out as tables: all of a period, by township, by organisation, and the optional ones.
Sentences and pictures stay out, and so does any counting beyond what a figures row says.
It hands bulletin `Table` blocks whose every number knows its figures row.
"""

from collections.abc import Callable

from reports import wording
from reports.document import Run, Runs, Table
from reports.figures import Definition, Figure, Figures

_BY_TOWN = (
    "case_volume", "case_volume_share", "case_finished", "via_platform", "overdue_open", "overdue_open_ratio",
    "overdue_finished", "on_time_rate", "avg_working_days",
)  # fmt: skip
_BY_ORGANISATION = (
    "case_volume", "case_finished", "immediate_share", "avg_working_days", "early_rate", "on_time_rate",
    "overdue_open", "extended_service",
)  # fmt: skip
_OWN_TABLES = ("total", "town", "org", "indicator")


def number(figures: Figures, row: Figure | None, part: str = "value") -> Runs:
    """One cell: the figure in its style, thousands grouped, its numerator, denominator or change; '/' if none."""
    if row is None:
        return (Run(wording.NO_VALUE),)
    definition = figures.definition(row.figure)
    if part in ("yoy", "mom"):
        return _change(definition, row, part)
    amount = getattr(row, part)
    if amount is None:
        return (Run(wording.NO_VALUE),)
    if part != "value":
        return (Run(wording.amount(amount), row.id, part, amount),)
    style = "exact" if definition.style == "wan" else definition.style
    text = wording.printed(amount, style, definition.decimals, grouped=True)
    return (Run(text, row.id, part, amount),)


def _change(definition: Definition, row: Figure, part: str) -> Runs:
    base = row.year_ago_value if part == "yoy" else row.previous_value
    moved = wording.change(row.value, base, definition.style, definition.unit)
    if moved is None:
        return (Run(wording.NO_VALUE),)
    word, size = moved
    if not size:
        return (Run(word),)
    return (Run(word), Run(size, row.id, part, wording.change_amount(row.value, base, definition.style)))


def overall(figures: Figures) -> Table:
    """Every figure's total: value, numerator and denominator, change on the year and on the period before."""
    rows = []
    for key, definition in figures.definitions.items():
        row = figures.get(key)
        if row is None:
            continue
        # a count is its own numerator
        is_ratio = row.denominator is not None
        rows.append((
            (Run(definition.name),),
            number(figures, row),
            (Run(_unit(definition)),),
            number(figures, row, "numerator") if is_ratio else (Run(wording.NO_VALUE),),
            number(figures, row, "denominator"),
            number(figures, row, "yoy"),
            number(figures, row, "mom"),
        ))  # fmt: skip
    header = ("指标", "数值", "单位", "分子", "分母", "同比", "环比")
    return Table("表1 总体指标", header, tuple(rows), ("left", "right", "left", *["right"] * 4))


def by_town(figures: Figures) -> Table:
    """One row a township of the office's list."""
    return _crossed(figures, "town", "乡镇（街道）", _BY_TOWN, "表2 分乡镇（街道）指标", with_total=False)


def by_organisation(figures: Figures) -> Table:
    """One row an accepting organisation, with the jurisdiction's total below."""
    return _crossed(figures, "org", "单位", _BY_ORGANISATION, "表3 分单位指标", with_total=True)


def breakdowns(figures: Figures) -> Table:
    """Every other part of a figure, one row each: venue, channel, case type, source, evaluation …"""
    rows = []
    for key, definition in figures.definitions.items():
        for dimension in figures.dimensions(key):
            if dimension in _OWN_TABLES:
                continue
            rows += [
                (
                    (Run(definition.name),),
                    (Run(wording.DIMENSION_LABELS.get(dimension, dimension)),),
                    (Run(_member(figures, row)),),
                    number(figures, row),
                    (Run(_unit(definition)),),
                )
                for row in figures.by(key, dimension)
            ]
    header = ("指标", "分项", "成员", "数值", "单位")
    return Table("表4 其他分项", header, tuple(rows), ("left", "left", "left", "right", "left"))


def evaluation_levels(figures: Figures) -> Table | None:
    """Valid evaluations by the five levels."""
    rows = tuple(((Run(row.member),), number(figures, row)) for row in figures.by("evaluations", "level"))
    return Table("评价等次", ("满意度", "评价次数"), rows, ("left", "right")) if rows else None


def county(figures: Figures) -> Table | None:
    """This county's rank by indicator as the region reported it, and its rank the period before."""
    rows = []
    for row in figures.by("county_rank", "indicator"):
        before = (Run(wording.NO_VALUE),)
        if row.previous_value is not None:
            before = (Run(wording.exact(row.previous_value), row.id, "previous_value", row.previous_value),)
        rows.append(((Run(row.member),), number(figures, row), before))
    header = ("指标", "本期位次", "上期位次")
    return Table("自治区反馈指标位次", header, tuple(rows), ("left", "right", "right")) if rows else None


OPTIONAL: dict[str, Callable[[Figures], Table | None]] = {
    "organisations": by_organisation,
    "evaluation_levels": evaluation_levels,
    "county": county,
}


def _crossed(
    figures: Figures, dimension: str, title: str, keys: tuple[str, ...], caption: str, with_total: bool
) -> Table:
    columns = [figures.definition(key) for key in keys if figures.by(key, dimension)]
    ordered = [row for column in columns for row in figures.by(column.figure, dimension)]
    if dimension == "org":  # an organisation has no place of its own: the busiest stands first
        ordered.sort(key=lambda row: -(row.value or 0) if row.figure == keys[0] else 1)
    members = {row.member: None for row in ordered}
    rows = [
        ((Run(member),), *(number(figures, figures.get(c.figure, dimension, member)) for c in columns))
        for member in members
    ]
    if with_total and rows:
        rows.append(((Run("合计", strong=True),), *(number(figures, figures.get(c.figure)) for c in columns)))
    header = (title, *(c.name if _unit(c) == "%" else f"{c.name}（{c.unit}）" for c in columns))
    return Table(caption, header, tuple(rows), ("left", *["right"] * len(columns)))


def _member(figures: Figures, row: Figure) -> str:
    return figures.source_names.get(row.member, row.member) if row.dimension == "source" else wording.label(row.member)


def _unit(definition: Definition) -> str:
    return "%" if definition.style in ("share", "rate") else definition.unit
