"""Here a period's bulletin is put together: the office's text, charts, tiles, tables and the annexes behind them.
Formats stay out, and so do the wording of numbers and the drawing of charts.
It hands every renderer the one `Document` of the period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import yaml

from reports import tables, wording
from reports.document import Annex, Block, ChartBlock, Document, KpiStrip, Paragraph, Run, Runs, Table, Tile
from reports.expressions import nearest
from reports.figures import SYNTHETIC_LABEL, Figures
from reports.markdown import parse
from reports.notes import notes
from reports.provenance import Provenance
from reports.template import BLOCK_KEYS, Filled, TemplateError, fill

# More input files than these are listed in provenance.json only.
_LISTED_FILES = 18


@dataclass(frozen=True)
class Settings:
    """What jurisdiction.yaml says of the bulletin."""

    bureau: str
    title: str
    metadata: dict[str, str] = field(default_factory=dict)
    blocks: tuple[str, ...] = ()


def settings(jurisdiction: Path) -> Settings:
    """Reads <jurisdiction>/jurisdiction.yaml; TemplateError where it doesn't say what a bulletin needs."""
    path = jurisdiction / "jurisdiction.yaml"
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TemplateError(f"{path}:{line}: {error.problem}; mend the YAML") from error
    for key in ("name", "bureau"):
        if not isinstance(content, dict) or not content.get(key):
            raise TemplateError(f"{path}: lacks '{key}', which a bulletin needs")
    bulletin = content.get("bulletin") or {}
    title = bulletin.get("title", f"{content['name']}政务服务{{period}}运行情况通报")
    if "{period}" not in title:
        raise TemplateError(f"{path}: bulletin.title {title!r} lacks {{period}}, where the period's name goes")
    blocks = tuple(bulletin.get("blocks") or ())
    for name in blocks:
        if name not in BLOCK_KEYS:
            known = ", ".join(BLOCK_KEYS)
            raise TemplateError(
                f"{path}: bulletin.blocks: no block named {name!r}{nearest(name, BLOCK_KEYS)}; known: {known}"
            )
    return Settings(
        bureau=content["bureau"],
        title=title,
        metadata={key: str(value or "") for key, value in (bulletin.get("metadata") or {}).items()},
        blocks=blocks,
    )


def filled(figures: Figures, jurisdiction: Path) -> Filled:
    """The period's text with its figures, which also says what charts it asks for; raises as `compose` does."""
    return fill(jurisdiction / "bulletin", figures, settings(jurisdiction).blocks)


def compose(
    figures: Figures,
    provenance: Provenance,
    charts: Sequence,
    narrow_charts: Sequence,
    jurisdiction: Path,
    proofs: Mapping[str, str] = MappingProxyType({}),
    text: Filled | None = None,
) -> Document:
    """The document of the figures' period; charts are reports.charts.Chart at 640 and 352 px.

    `proofs` holds the registry's SQL by id of figures row, where it has any; `text` is what `filled` gave.
    A chart the text asks for is left out where the period has no data for it.
    Raises TemplateError or DocumentError for a text that can't be filled or formed.
    """
    said = settings(jurisdiction)
    drawn = {chart.key: ChartBlock(chart, small) for chart, small in zip(charts, narrow_charts, strict=True)}

    def place(kind: str, keys: list[str]) -> Block | None:
        match kind:
            case "chart":
                return drawn.get(keys[0])
            case "table":
                return tables.OPTIONAL[keys[0]](figures)
            case "ranking":
                return tables.ranking(figures, keys[0], int(keys[1]))
            case _:
                return KpiStrip(tuple(_tile(figures, key) for key in keys))

    parsed = parse(text or filled(figures, jurisdiction), place)
    metadata = tuple((key, value) for key, value in said.metadata.items() if value)
    blocks = (*parsed, *_annexes(figures, provenance))
    as_of = f"截至{wording.day(figures.as_of_on)}"
    return Document(
        title=said.title.replace("{period}", figures.name),
        period=figures.period,
        period_name=figures.name,
        subtitle=f"{figures.name}　{as_of}" if figures.is_complete else f"{figures.name}（未满期）　{as_of}",
        as_of_on=figures.as_of_on,
        masthead=None if figures.is_synthetic else said.bureau,
        metadata=() if figures.is_synthetic else metadata,
        watermark=SYNTHETIC_LABEL if figures.is_synthetic else None,
        blocks=blocks,
        notes=notes(figures, blocks, proofs),
    )


def _tile(figures: Figures, key: str) -> Tile:
    definition = figures.definition(key)
    row = figures.get(key)
    if row is None or row.value is None:
        return Tile(definition.name, (Run(wording.NO_VALUE),), "", ())
    is_fraction = definition.style in ("share", "rate")
    value = Run(wording.printed(row.value, definition.style, definition.decimals), row.id, "value", row.value)
    changes = []
    for part, lead in (("yoy", "同比"), ("mom", "环比")):
        change = tables.number(figures, row, part)
        if change[0].text != wording.NO_VALUE:
            changes.append((Run(lead), *change))
    return Tile(definition.name, (value,), "" if is_fraction else definition.unit, tuple(changes))


def _annexes(figures: Figures, provenance: Provenance) -> tuple[Annex, ...]:
    everything = (
        tables.overall(figures), tables.by_town(figures), tables.by_organisation(figures),
        tables.breakdowns(figures),
    )  # fmt: skip
    rounding = Paragraph((Run("因四舍五入，分项之和可能与总数略有出入。合计由未取整的数得出。"),))
    return (
        Annex("附件1　数据表", "a1", (rounding, *(table for table in everything if table.rows)), True),
        Annex("附件2　指标口径", "a2", (_definitions(figures),), True),
        Annex("附件3　数据质量", "a3", _quality(figures, provenance), True),
        Annex("附件4　数据来源", "a4", _sources(provenance), True),
    )


def _definitions(figures: Figures) -> Table:
    rows = []
    for definition in figures.definitions.values():
        over = f"{definition.numerator_words} ÷ {definition.denominator_words}"
        rows.append(_words(definition.name, definition.basis, over if definition.denominator_words else ""))
    return Table("表5 指标口径", ("指标", "口径", "计算"), tuple(rows), ("left", "left", "left"))


def _quality(figures: Figures, provenance: Provenance) -> tuple[Block, ...]:
    rows = []
    for intake in provenance.intakes:
        counts = (intake.file_count, intake.rows_read, intake.rows_loaded, intake.rows_superseded,
                  intake.rows_duplicate, intake.rows_quarantined)  # fmt: skip
        name = f"{intake.source_name}·{DATASET_NAMES.get(intake.dataset, intake.dataset)}"
        rows.append(_words(name, *(wording.exact(count, grouped=True) for count in counts)))
    header = ("来源与数据集", "文件", "读取", "入库", "被更正", "重复", "隔离")
    blocks: list[Block] = [
        Paragraph(_run(f"下表为覆盖{figures.name}及其后日期的文件。读取行数＝入库＋被更正＋重复＋隔离。")),
        Table("表6 文件与行数", header, tuple(rows), ("left", *["right"] * 6)),
    ]
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


def _sources(provenance: Provenance) -> tuple[Block, ...]:
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


DATASET_NAMES = {
    "cases": "办件",
    "case_results": "办结",
    "case_pauses": "挂起",
    "items": "事项清单",
    "evaluations": "好差评",
    "certificates": "电子证照",
    "extended_service": "延时服务",
    "duty_ledger": "四项制度台账",
    "county_indicators": "自治区反馈",
}
