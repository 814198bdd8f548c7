"""Builds the annexes behind the text: tables of all figures, their definitions, the quality and the origin of the data.

It takes `Figures` and `Provenance` and returns the `Annex` blocks of a period. The cells of tables of figures are laid
out in tables.py, and how a format folds or numbers an annex belongs to reports/formats.
"""

from reports.document import tables
from reports.document.cells import print_number
from reports.document.model import Annex, Block, Paragraph, Run, Runs, Table
from reports.figures.model import Figures
from reports.figures.provenance import Provenance
from reports.words import wording

# More input files than these are listed in provenance.json only.
_LISTED_FILES = 10
DATASET_NAMES = {
    "cases": "办件",
    "case_results": "办结",
    "case_pauses": "挂起",
    "items": "事项清单",
    "evaluations": "好差评",
    "certificates": "电子证照",
    "extended_service": "延时服务",
    "duty_ledger": "四项制度台账",
    "county_indicators": "上级反馈",
}


def build_annexes(figures: Figures, provenance: Provenance) -> tuple[Annex, ...]:
    """Tables of all figures, what each counts, quality of the period's files, and where they came from."""
    figure_tables = (
        tables.tabulate_totals(figures),
        tables.tabulate_towns(figures),
        tables.tabulate_organisations(figures),
        tables.tabulate_breakdowns(figures),
    )
    rounding = Paragraph((Run("因四舍五入，分项之和可能与总数略有出入。合计由未取整的数得出。"),))
    return (
        Annex("附件1　数据表", "a1", (rounding, *(table for table in figure_tables if table.rows)), True),
        Annex("附件2　指标口径", "a2", (_tabulate_definitions(figures),), True),
        Annex("附件3　数据质量", "a3", _describe_quality(figures, provenance), True),
        Annex("附件4　数据来源", "a4", _list_sources(provenance), True),
    )


def _tabulate_definitions(figures: Figures) -> Table:
    rows = []
    for key, definition in figures.definitions.items():
        if not figures.dimensions(key):
            continue
        over = f"{definition.numerator_words} ÷ {definition.denominator_words}"
        rows.append(_words(definition.name, definition.basis, over if definition.denominator_words else ""))
    return Table("表5 指标口径", ("指标", "口径", "计算"), tuple(rows), ("left", "left", "left"))


def _describe_quality(figures: Figures, provenance: Provenance) -> tuple[Block, ...]:
    rows = []
    for intake in provenance.intakes:
        counts = (
            intake.file_count,
            intake.rows_read,
            intake.rows_loaded,
            intake.rows_superseded,
            intake.rows_duplicate,
            intake.rows_quarantined,
        )
        name = f"{intake.source_name}·{DATASET_NAMES.get(intake.dataset, intake.dataset)}"
        rows.append(_words(name, *(wording.exact(count, grouped=True) for count in counts)))
    header = ("来源与数据集", "文件", "读取", "入库", "被更正", "重复", "隔离")
    blocks: list[Block] = [
        Paragraph(_run(f"下表为覆盖{figures.name}及其后日期的文件。读取行数＝入库＋被更正＋重复＋隔离。")),
        Table("表6 文件与行数", header, tuple(rows), ("left", *["right"] * 6)),
    ]
    if figures.absent:
        blocks.append(_tabulate_absent(figures))
    if doubts := _describe_doubts(figures):
        blocks.append(Paragraph(doubts))
    if provenance.checks:
        failed = [check for check in provenance.checks if not check.passed]
        passed = len(provenance.checks) - len(failed)
        blocks.append(Paragraph(_run(f"发布前检查{len(provenance.checks)}项，通过{passed}项。")))
        if failed:
            table = tuple(_words(check.asset, check.check_name, check.severity) for check in failed)
            blocks.append(Table("未通过的检查", ("对象", "检查", "级别"), table, ("left", "left", "left")))
    if provenance.refused:
        table = tuple(_words(path, reason) for path, reason in provenance.refused)
        blocks.append(Table("未采用的文件", ("文件", "原因"), table, ("left", "left")))
    return tuple(blocks)


def _tabulate_absent(figures: Figures) -> Table:
    """The figures that the period has no data for, by what no loaded export supplies."""
    words, names_by_reason = figures.words, {}
    for key, definition in figures.definitions.items():
        is_partly_there = bool(figures.dimensions(key))
        for (figure, dimension, member), reason in figures.absent.items():
            if figure != key:
                continue
            part = words("absent.by", dimension=figures.dimension_name(dimension))
            part = figures.label(dimension, member) if member else part
            name = words("absent.part", name=definition.name, part=part)
            is_part = is_partly_there and dimension != "total"
            names_by_reason.setdefault(reason, []).append(name if is_part else definition.name)
    rows = (_words(words.listing(dict.fromkeys(names)), reason) for reason, names in names_by_reason.items())
    header = (words("absent.figure"), words("absent.reason"))
    return Table(words("absent.title"), header, tuple(rows), ("left", "left"))


def _describe_doubts(figures: Figures) -> Runs:
    """How many cases have no known limit, no known end, or a due day that disagrees; in all, and by source."""
    runs: list[Run] = []
    for key in tables.DOUBTS:
        total, definition = figures.get(key), figures.definition(key)
        if total is None:
            continue
        runs += [Run(f"{'；' if runs else '办件数据：'}{definition.name}"), *print_number(figures, total)]
        parts = [row for row in figures.by(key, "source") if row.value]
        for place, row in enumerate(parts):
            name = figures.label("source", row.member)
            runs += [Run(f"{'、' if place else f'{definition.unit}（'}{name}"), *print_number(figures, row)]
        runs.append(Run(f"{definition.unit}{'）' if parts else ''}"))
    return (*runs, Run("。")) if runs else ()


def _list_sources(provenance: Provenance) -> tuple[Block, ...]:
    ordered = sorted(provenance.files, key=lambda file: (str(file.covers_until or ""), file.path), reverse=True)
    listed = ordered[:_LISTED_FILES]
    words = f"所依据的数据由{len(provenance.files)}个文件装载而成，完整清单和校验值见同一文件夹的 provenance.json。"
    if len(listed) < len(provenance.files):
        words += f"下表列出覆盖日期最近的{len(listed)}个。"
    rows = tuple(_words(file.path, file.sha256[:12]) for file in listed)
    table = Table("表7 输入文件", ("文件", "SHA-256（前12位）"), rows, ("left", "left"))
    return (Paragraph(_run(words)), table)


def _run(text: str) -> Runs:
    return (Run(text),)


def _words(*cells: str) -> tuple[Runs, ...]:
    return tuple(_run(cell) for cell in cells)
