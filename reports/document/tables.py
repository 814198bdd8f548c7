"""Here figures are laid out as tables: all of a period, by township, by organisation, and the optional ones.
Sentences and pictures stay out, and so does any counting beyond what a figures row says.
It hands bulletin `Table` blocks whose every number knows its figures row.
"""

from collections.abc import Callable, Sequence

from reports.document.model import Run, Runs, Table
from reports.figures.load import Definition, Figure, Figures
from reports.text import wording

_BY_TOWN = (
    "case_volume", "case_volume_share", "case_finished", "via_platform", "overdue_open", "overdue_open_ratio",
    "overdue_finished", "on_time_rate", "avg_working_days",
)  # fmt: skip
# title, figure and the part of it shown
_BY_ORGANISATION = (
    ("受理（件）", "case_volume", "value"), ("办结（件）", "case_finished", "value"),
    ("办结即办件（件）", "immediate_share", "numerator"), ("办结承诺件（件）", "early_rate", "denominator"),
    ("平均用时（工作日）", "avg_working_days", "value"), ("提前办结率", "early_rate", "value"),
    ("按时办结率", "on_time_rate", "value"), ("超期未办（件）", "overdue_open", "value"),
    ("延时服务（次）", "extended_service", "value"),
)  # fmt: skip
_REVISIONS_SHOWN = 18
_OWN_TABLES = ("total", "town", "org", "indicator", "day", "item")
# what cases leave open: their parts stand with the quality of the data
DOUBTS = ("limit_unknown", "finish_unknown", "due_disagreeing")


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
    columns = []
    for key in _BY_TOWN:
        definition = figures.definition(key)
        unit = _unit(definition)
        columns.append((f"{definition.name}（{unit}）" if unit else definition.name, key, "value"))
    return _crossed(figures, "town", "乡镇（街道）", columns, "表2 分乡镇（街道）指标", with_total=False)


def by_organisation(figures: Figures) -> Table:
    """One row an accepting organisation, busiest first, with the jurisdiction's total below."""
    return _crossed(figures, "org", "单位", _BY_ORGANISATION, "表3 分单位指标", with_total=True)


def ranking(figures: Figures, dimension: str, top: int) -> Table | None:
    """The `top` busiest members beside as many of the least busy that have a case; None where there are no two."""
    busy = sorted((row for row in figures.by("case_volume", dimension) if row.value), key=lambda row: -row.value)
    top = min(top, len(busy) // 2)
    if not top:
        return None
    least = busy[::-1]
    rows = [
        ((Run(str(place + 1)),), (Run(most.member),), number(figures, most), (Run(few.member),), number(figures, few))
        for place, (most, few) in enumerate(zip(busy[:top], least[:top], strict=True))
    ]
    cut = least[top - 1].value == least[top].value or busy[top - 1].value == busy[top].value
    name = wording.DIMENSION_LABELS[dimension]
    return Table(
        f"办件量最多与最少的{name}", ("序", f"最多的{name}", "办件（件）", f"最少的{name}", "办件（件）"), tuple(rows),
        ("left", "left", "right", "left", "right"), f"只列有办件的{'；办件量相同的未全部列出' if cut else ''}。",
    )  # fmt: skip


def revisions(figures: Figures) -> Table | None:
    """What changed in the period's printed figures since they were last published; None where nothing did.

    Totals stand first, then parts; of more than a page holds the first are shown, and the note says how many there are.
    """
    rows, order = [], list(figures.definitions)
    for figure, dimension, member, old, new in sorted(
        figures.revisions, key=lambda row: (row[1] != "total", order.index(row[0]), row[1])
    ):
        row, definition = figures.get(figure, dimension, member), figures.definition(figure)
        style = "exact" if definition.style == "wan" else definition.style
        before, now = (
            wording.NO_VALUE if value is None else wording.printed(value, style, definition.decimals, grouped=True)
            for value in (old, new)
        )
        if before == now:
            continue
        old_cell = Run(before) if row is None or old is None else Run(before, row.id, "published_value", old)
        part = "合计" if dimension == "total" else wording.label(member)
        rows.append(
            ((Run(definition.name),), (Run(part),), (old_cell,), number(figures, row), (Run(_unit(definition)),))
        )
    header = ("指标", "分项", "此前公布", "现为", "单位")
    note = f"共修订{len(rows)}项，此处列出前{_REVISIONS_SHOWN}项。" if len(rows) > _REVISIONS_SHOWN else ""
    shown = tuple(rows[:_REVISIONS_SHOWN])
    return Table("修订的指标", header, shown, ("left", "left", "right", "right", "left"), note) if rows else None


def breakdowns(figures: Figures) -> Table:
    """Every other part of a figure, one row each: venue, channel, case type, source, evaluation …"""
    rows = []
    for key, definition in figures.definitions.items():
        for dimension in figures.dimensions(key):
            if dimension in _OWN_TABLES or key in DOUBTS:
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
    return Table("上级反馈指标位次", header, tuple(rows), ("left", "right", "right")) if rows else None


OPTIONAL: dict[str, Callable[[Figures], Table | None]] = {
    "organisations": by_organisation,
    "evaluation_levels": evaluation_levels,
    "county": county,
    "revisions": revisions,
}


def _crossed(
    figures: Figures, dimension: str, title: str, parts: Sequence[tuple[str, str, str]], caption: str, with_total: bool
) -> Table:
    columns = [column for column in parts if figures.by(column[1], dimension)]
    ordered = [row for _, key, _ in columns for row in figures.by(key, dimension)]
    if dimension == "org":  # an organisation has no place of its own: the busiest stands first
        ordered.sort(key=lambda row: -(row.value or 0) if row.figure == parts[0][1] else 1)
    rows = [
        ((Run(member),), *(number(figures, figures.get(key, dimension, member), part) for _, key, part in columns))
        for member in dict.fromkeys(row.member for row in ordered)
    ]
    if with_total and rows:
        rows.append(
            ((Run("合计", strong=True),), *(number(figures, figures.get(key), part) for _, key, part in columns))
        )
    header = (title, *(name for name, _, _ in columns))
    return Table(caption, header, tuple(rows), ("left", *["right"] * len(columns)))


def _member(figures: Figures, row: Figure) -> str:
    return figures.source_names.get(row.member, row.member) if row.dimension == "source" else wording.label(row.member)


def _unit(definition: Definition) -> str:
    """The unit beside a printed number; a rate is printed with its own sign."""
    return "" if definition.style in ("share", "rate") else definition.unit
