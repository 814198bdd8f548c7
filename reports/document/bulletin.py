"""Puts a period's bulletin together: the office's text with its charts, tiles and tables, and the annexes behind it.

It takes `Figures`, `Provenance`, drawn charts and the jurisdiction's folder, and returns the one `Document` that every
format writes. Numbers are worded in reports/text, charts drawn in reports/charts, tables laid out in tables.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from reports.document import tables
from reports.document.annexes import build_annexes
from reports.document.cells import print_number
from reports.document.markdown import parse_blocks
from reports.document.model import Block, ChartBlock, Document, KpiStrip, Run, Tile
from reports.document.notes import write_notes
from reports.figures.labels import UnknownWords, replace_sentences
from reports.figures.model import Figures
from reports.figures.provenance import Provenance
from reports.text.narrative import TemplateError, read_text
from reports.text.template import BLOCK_KEYS, Filled, Parts, fill_template
from reports.words import wording
from reports.words.catalogue import LANGUAGES, Words, load_words
from reports.words.locale import suggest_names
from reports.words.locale import words as say


@dataclass(frozen=True)
class Settings:
    """What jurisdiction.yaml says of the bulletin."""

    bureau: str
    title: str
    metadata: dict[str, str] = field(default_factory=dict)
    blocks: tuple[str, ...] = ()
    faces: dict[str, str] = field(default_factory=dict)  # the office's own for 仿宋, 小标宋, 黑体, 楷体
    words: Words = field(default_factory=lambda: load_words("zh"))
    labels: dict[str, Any] = field(default_factory=dict)  # names of figures, dimensions and members


def read_settings(jurisdiction: Path) -> Settings:
    """Reads <jurisdiction>/jurisdiction.yaml; TemplateError where it doesn't say what a bulletin needs."""
    path = jurisdiction / "jurisdiction.yaml"
    try:
        content = yaml.safe_load(read_text(path))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TemplateError(say("setting.yaml", path=path, line=line, problem=error.problem)) from error
    for key in ("name", "bureau"):
        if not isinstance(content, dict) or not content.get(key):
            raise TemplateError(say("setting.lacks", path=path, name=key))
    bulletin = content.get("bulletin") or {}
    words = _read_words(path, content)
    title = bulletin.get("title") or words("document.title", name=content["name"], period="{period}")
    if "{period}" not in title:
        raise TemplateError(say("setting.title", path=path, title=title))
    blocks = tuple(bulletin.get("blocks") or ())
    for name in blocks:
        if name not in BLOCK_KEYS:
            known, near = say("mistake.comma").join(BLOCK_KEYS), suggest_names(name, BLOCK_KEYS)
            raise TemplateError(say("setting.block", path=path, name=name, near=near, known=known))
    return Settings(
        bureau=content["bureau"],
        title=title,
        metadata={key: str(value or "") for key, value in (bulletin.get("metadata") or {}).items()},
        blocks=blocks,
        faces=dict(bulletin.get("faces") or {}),
        words=words,
        labels=content.get("labels") or {},
    )


def _read_words(path: Path, content: dict) -> Words:
    language = content.get("language", "zh")
    if language not in LANGUAGES:
        known = say("mistake.comma").join(LANGUAGES)
        raise TemplateError(say("setting.language", path=path, language=language, known=known))
    try:
        return replace_sentences(load_words(language), (content.get("labels") or {}).get("words") or {})
    except UnknownWords as error:
        raise TemplateError(f"{path}: {error}") from error


def fill_text(figures: Figures, jurisdiction: Path, chart_keys: Collection[str]) -> Filled:
    """The period's text with its figures, out of <jurisdiction>/bulletin; it can place the charts of `chart_keys`.

    Raises TemplateError for a text that can't be filled.
    """
    blocks, has_revisions = read_settings(jurisdiction).blocks, tables.tabulate_revisions(figures) is not None
    return fill_template(jurisdiction / "bulletin", figures, Parts(chart_keys, tables.OPTIONAL, blocks, has_revisions))


def compose(
    figures: Figures,
    provenance: Provenance,
    charts: Sequence,
    narrow_charts: Sequence,
    jurisdiction: Path,
    text: Filled,
    proofs: Mapping[str, str] = MappingProxyType({}),
) -> Document:
    """The document of the figures' period; charts are `Chart` of reports.charts.drawing.sheet at 640 and 352 px.

    `text` comes from `fill_text`; `proofs` holds the registry's SQL by id of figures row, where it has any.
    A chart the text asks for is left out where the period has no data for it.
    Raises DocumentError for a text with Markdown that a bulletin has no form for.
    """
    settings = read_settings(jurisdiction)
    charts_by_key = {chart.key: ChartBlock(chart, small) for chart, small in zip(charts, narrow_charts, strict=True)}

    def place(kind: str, keys: list[str]) -> Block | None:
        match kind:
            case "chart":
                return charts_by_key.get(keys[0])
            case "table":
                return tables.OPTIONAL[keys[0]](figures)
            case "ranking":
                return tables.rank_members(figures, keys[0], int(keys[1]))
            case _:
                tiles = tuple(tile for key in keys if (tile := _build_tile(figures, key)))
                return KpiStrip(tiles) if tiles else None

    words, period_name = figures.words, _name_period(figures)
    numbers = {chart.key: chart.number for chart in charts}
    text_blocks = parse_blocks(text.point_to_charts(numbers, words), place)
    metadata = tuple((key, value) for key, value in settings.metadata.items() if value)
    blocks = (*text_blocks, *build_annexes(figures, provenance, "quality_on_paper" in settings.blocks))
    return Document(
        title=settings.title.replace("{period}", period_name),
        period=figures.period,
        period_name=period_name,
        subtitle=_describe_span(figures),
        as_of_on=figures.as_of_on,
        masthead=None if figures.is_synthetic else settings.bureau,
        metadata=() if figures.is_synthetic else metadata,
        watermark=words("synthetic") if figures.is_synthetic else None,
        blocks=blocks,
        notes=write_notes(figures, blocks, proofs),
        before=_name_neighbour(figures, -1),
        after=_name_neighbour(figures, 1),
        words=words,
        faces=settings.faces,
    )


def _name_period(figures: Figures) -> str:
    """The period as the title names it: 2022年上半年, and while it is still running 2022年下半年（截至7月15日）."""
    if figures.as_of_on >= figures.ends_on:
        return figures.name
    return figures.words("document.running", period=figures.name, day=figures.words.day_of_year(figures.as_of_on))


def _describe_span(figures: Figures) -> str:
    """The period, what of it is covered, and its as-of day: 2022年（数据自7月1日起，未满期）　截至2022年11月30日."""
    words, limits = figures.words, []
    if figures.covered_from:
        limits.append(words("document.data_from", day=words.day_of_year(figures.covered_from)))
    as_of = words.day(figures.as_of_on)
    if not limits:
        return words("document.subtitle", period=figures.name, day=as_of)
    return words("document.subtitle_partly", period=figures.name, day=as_of, limits=words("list.clause").join(limits))


def _name_neighbour(figures: Figures, step: int) -> tuple[str, str] | None:
    """Key and name of the period of the same kind `step` away, by the calendar alone: later data change no old page."""
    if step < 0 and not figures.previous_name and not figures.year_ago_name:
        return None
    if step > 0 and figures.as_of_on < figures.ends_on:
        return None
    length = {"month": 1, "quarter": 3, "half": 6, "year": 12}[figures.kind]
    year, month = divmod(figures.starts_on.year * 12 + figures.starts_on.month - 1 + step * length, 12)
    mark = {"month": f"-{month + 1:02d}", "quarter": f"Q{month // 3 + 1}", "half": f"H{month // 6 + 1}", "year": ""}
    key = f"{year}{mark[figures.kind]}"
    return key, figures.words.period_name(key)


def _build_tile(figures: Figures, key: str) -> Tile | None:
    """The tile of a figure's total; None where the period has no value of it."""
    definition = figures.definition(key)
    row = figures.get(key)
    if row is None or row.value is None:
        return None
    value = Run(figures.words.printed(row.value, definition.style, definition.decimals), row.id, "value", row.value)
    changes = []
    for part in ("yoy", "mom"):
        change = print_number(figures, row, part)
        if change[0].text != wording.NO_VALUE:
            changes.append((Run(figures.words(f"tile.{part}")), *change))
    return Tile(definition.name, (value,), definition.printed_unit, tuple(changes))
