"""Fills the office's Markdown template: Jinja expressions become words, and each number is marked with its figure.

It reads the jurisdiction's bulletin/template.md and bulletin/<period>.md, and returns a `Filled` text: Markdown, and
the list of its marks. Turning Markdown into the blocks of a document belongs to reports/document.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from reports.figures.model import ChartTitle, Figures
from reports.text.expressions import FigureText
from reports.text.filling import MARK_CLOSE, MARK_OPEN, MARK_TEXT, Filling, Mark, Mistake, require_name
from reports.text.key_points import write_key_points
from reports.text.missing_counties import name_missing
from reports.text.narrative import (
    TemplateError,
    find_section,
    list_asked,
    list_optional,
    read_source,
    split_sections,
)
from reports.text.sandbox import fill_file, make_environment
from reports.words.catalogue import Words
from reports.words.locale import suggest_names
from reports.words.locale import words as say
from reports.words.wording import numeral

# They enclose a placeholder for a chart, a table or the tiles, e.g. chart:monthly_volume.
BLOCK_OPEN, BLOCK_CLOSE = "\ue003", "\ue004"
# They enclose the keys of the charts that a sentence points to, because charts are numbered when they have been drawn.
_SEE_OPEN, _SEE_CLOSE = "\ue006", "\ue007"

RANKING_KEYS = ("org", "item")
BLOCK_KEYS = (
    "quality_on_paper",
    "daily_average",
    "calendar",
    "organisations",
    "rankings",
    "evaluation_levels",
    "county",
    "revisions",
)
_CHART = re.compile(f"{BLOCK_OPEN}chart:(\\w+){BLOCK_CLOSE}")
_SEE = re.compile(f"{_SEE_OPEN}([\\w,]+){_SEE_CLOSE}")
_MARK = re.compile(f"{MARK_OPEN}\\d+{MARK_TEXT}([^{MARK_CLOSE}]*){MARK_CLOSE}")


@dataclass(frozen=True)
class Parts:
    """What a text can place beside its words: charts and tables by their keys, and the optional blocks that are on.

    `has_revisions` says whether the table of revisions has rows.
    """

    charts: Collection[str] = ()
    tables: Collection[str] = ()
    blocks: Collection[str] = ()
    has_revisions: bool = False


@dataclass(frozen=True)
class Filled:
    """Markdown with its numbers between mark characters that hold their index in `marks`; ABSENT stands for none.

    `chart_titles` holds the titles that the text gives to charts, by their keys.
    """

    markdown: str
    marks: tuple[Mark, ...]
    chart_titles: dict[str, ChartTitle] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)  # the office's words by key, filled; none if not begun
    unwritten: str = ""  # what a section says whose words the office has not written yet
    sources: tuple[Path, ...] = ()  # the files that it was filled from

    def locate(self, words: str) -> str:
        """'path:line: ' of the source that holds these words or their beginning; '' where none does."""
        written = [(path, n, line) for path in self.sources for n, line in enumerate(read_source(path).splitlines(), 1)]
        for length in range(len(words), 1, -1):
            for path, number, line in written:
                if words[:length] in line:
                    return f"{path}:{number}: "
        return ""

    def charts(self) -> list[str]:
        """Keys of the charts that the text asks for, in the order of the text."""
        return _CHART.findall(self.markdown)

    def point_to_charts(self, numbers: Mapping[str, int], words: Words) -> "Filled":
        """The text whose sentences name the charts that they point to by number; `numbers` has those drawn by key."""

        def name_charts(keys: re.Match) -> str:
            drawn = sorted(numbers[key] for key in keys[1].split(",") if key in numbers)
            names = words.listing(words("see.chart", number=number) for number in drawn)
            return words("see.charts", names=names) if drawn else ""

        return replace(self, markdown=_SEE.sub(name_charts, self.markdown))


def fill_template(folder: Path, figures: Figures, parts: Parts = Parts()) -> Filled:
    """Fills <folder>/template.md and <folder>/<period>.md with figures; `parts` is what they can place beside words.

    Without <period>.md each of its sections says that it is still to be written.
    Raises TemplateError with file and line for a wrong name, a figure without value or a syntax error.
    """
    template, words = folder / "template.md", folder / f"{figures.period}.md"
    if not template.is_file():
        raise TemplateError(say("mistake.missing", path=template))
    asked = list_asked(folder)
    filling = Filling(figures)
    chart_titles: dict[str, ChartTitle] = {}
    environment = make_environment(folder, _list_names(filling, parts, chart_titles))
    sections: dict[str, str] = {}
    if words.is_file():
        sections = split_sections(fill_file(environment, words), words)
        for key in sorted(sections.keys() - asked.keys() - list_optional(folder)):
            place, near = find_section(words, key), suggest_names(key, asked)
            raise TemplateError(say("mistake.section_unasked", place=place, name=key, near=near))

    def narrative(key: str) -> str:
        if not words.is_file():
            return figures.words("unwritten")
        return sections[require_name(key, sections, "section", file=words.name)]

    environment.globals["narrative"] = narrative
    environment.globals["optional"] = lambda key: sections.get(key, "")
    markdown = fill_file(environment, template)
    sources = (template, words) if words.is_file() else (template,)
    return Filled(markdown, tuple(filling.marks), chart_titles, sections, figures.words("unwritten"), sources)


def _list_names(filling: Filling, parts: Parts, chart_titles: dict[str, ChartTitle]) -> dict:
    """The variables and functions that a template can use, by name; a chart's title is put into `chart_titles`."""
    figures = filling.figures

    def fig(name: str, period: str | None = None, **member: str) -> FigureText:
        if len(member) > 1:
            raise Mistake(say("mistake.dimensions", name=name, found=", ".join(member)))
        cited = None
        if period is not None:
            cited = require_name(period, figures.period_names, "period")
        return FigureText(filling, name, *next(iter(member.items()), ("total", "total")), cited)

    def placeholder(kind: str, keys: tuple[str, ...], names: Collection[str], *more: str) -> str:
        return f"{BLOCK_OPEN}{kind}:{','.join([*(require_name(key, names, kind) for key in keys), *more])}{BLOCK_CLOSE}"

    def chart(key: str, title: str = "", subtitle: str = "") -> str:
        if key in chart_titles:
            raise Mistake(say("mistake.chart_twice", name=key))
        chart_titles[key] = ChartTitle(*(_MARK.sub(r"\1", words) for words in (title, subtitle)))
        return placeholder("chart", (key,), parts.charts)

    def see(*keys: str) -> str:
        return f"{_SEE_OPEN}{','.join(require_name(key, parts.charts, 'chart') for key in keys)}{_SEE_CLOSE}"

    return {
        "fig": fig,
        "period": {
            "key": figures.period,
            "kind": figures.kind,
            "name": figures.name,
            "words": figures.words.period(figures.short_name, figures.begins_on, figures.as_of_on, figures.is_complete),
            "as_of": figures.words.day(figures.as_of_on),
            "is_complete": figures.is_complete,
            "has_ended": figures.as_of_on >= figures.ends_on,
            "data_from": figures.words.day(figures.covered_from) if figures.covered_from else "",
        },
        "city_word": figures.city_word,
        "jurisdiction": figures.jurisdiction_name,
        "block": lambda name: require_name(name, BLOCK_KEYS, "block") in parts.blocks,
        "missing_counties": name_missing(figures),
        "idle_windows": figures.words.listing(figures.idle_windows),
        "chart": chart,
        "see": see,
        "table": lambda key: placeholder("table", (key,), parts.tables),
        "ranking": lambda key, top: placeholder("ranking", (key,), RANKING_KEYS, str(int(top))),
        "key_points": lambda: write_key_points(filling),
        "has_revisions": parts.has_revisions,
        "revised_version": _name_version(figures),
        "why": figures.why.rstrip(figures.words("sentence_end")),
        "kpi": lambda *keys: placeholder("kpi", keys, tuple(figures.definitions)),
    }


def _name_version(figures: Figures) -> str:
    """The released version that this one revises, v2 as 第二版; '' for none."""
    number = figures.revised_version.removeprefix("v")
    if not number.isdecimal():
        return figures.revised_version
    is_chinese = figures.words.code == "zh"
    return figures.words("revisions.version", number=numeral(int(number)) if is_chinese else number)
